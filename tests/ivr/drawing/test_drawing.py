"""Flows as pictures: complete, readable, harmless."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ivr.drawing import STYLE, StepCount, draw_flow
from ivr.drawing.columns import NARROW, place
from ivr.drawing.layers import build, untangle
from ivr.drawing.lettering import cut, width, wrap
from ivr.drawing.plan import START, LinkKind, plan
from ivr.drawing.ranks import rank, split_ways_back
from ivr.language import Flow, edges, load_flow

pytestmark = pytest.mark.unit

CHECKOUT = Path(__file__).parents[3]
FLOWS = sorted([*CHECKOUT.glob("*/flows/*.yaml"), *CHECKOUT.glob("tests/ivr/flows/*.yaml")])
SVG = "{http://www.w3.org/2000/svg}"

HEAD = "flow: test.drawn\ntitle: Drawn\nlanguages: [en]\nstart: hello\ngive_up: bye\n"


def _flow(path: Path) -> Flow:
    return load_flow(path.read_text("utf-8"), file=path.name).flow


def _steps(text: str, head: str = HEAD) -> Flow:
    return load_flow(f"{head}steps:\n{text}  bye: {{end: bye}}\n", file="x").flow


def _drawn(flow: Flow, counts: dict[str, StepCount] | None = None, language: str = "en") -> ET.Element:
    return ET.fromstring(draw_flow(flow, counts=counts, language=language))  # noqa: S314  (our own)


def _boxes(picture: ET.Element) -> dict[str, tuple[float, float, float, float]]:
    """The rectangle around each step, by step."""
    found = {}
    for group in picture.iter(f"{SVG}g"):
        step = group.get("data-step")
        if step:
            outline = next(path for path in group.iter(f"{SVG}path") if path.get("class") == "shape")
            found[step] = _around(str(outline.get("d")))
    return found


def _around(path: str) -> tuple[float, float, float, float]:
    """The rectangle around a path of absolute points, or of one of our rounded boxes."""
    numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", path)]
    if "a" not in path:
        return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])
    x, y, across, radius, along = numbers[0], numbers[1], numbers[2], numbers[3], numbers[10]
    return x - radius, y, x + across + radius, y + along + 2 * radius


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_step_is_there_and_stands_alone(path: Path) -> None:
    flow = _flow(path)
    picture = _drawn(flow)
    boxes = _boxes(picture)
    assert set(boxes) == set(flow.steps)
    _, _, wide, high = map(float, str(picture.get("viewBox")).split())
    shift = float(
        re.findall(r"translate\((\S+)", str(next(iter(picture.iter(f"{SVG}g"))).get("transform")))[0]
    )
    for left, top, right, bottom in boxes.values():
        assert left + shift >= 0
        assert top >= 0
        assert right + shift <= wide
        assert bottom <= high
    placed = list(boxes.items())
    for index, (one, (left, top, right, bottom)) in enumerate(placed):
        for other, (left2, top2, right2, bottom2) in placed[index + 1 :]:
            apart = right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
            assert apart, f"{one} and {other} overlap"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_way_that_is_written_is_drawn(path: Path) -> None:
    flow = _flow(path)
    links = {(link.source, link.target) for link in plan(flow).links}
    assert links >= {(edge.source, edge.target) for edge in edges(flow) if not edge.implied}
    assert (START, flow.start) in links


def test_onward_ways_lead_down() -> None:
    for path in FLOWS:
        drawn = plan(_flow(path))
        onward, back = split_ways_back(drawn.nodes, drawn.links)
        rows = rank(drawn.nodes, onward)
        assert len(onward) + len(back) == len(drawn.links)
        assert all(rows[link.source] < rows[link.target] for link in onward)


def test_ways_that_hold_everywhere_are_told_once() -> None:
    head = HEAD + 'operator: person\nkeys: {operator: "0"}\n'
    flow = _steps(
        """\
  hello: {menu: {greeting: {en: Press 1.}, choices: {1: second}}}
  second: {menu: {greeting: {en: Press 1.}, choices: {1: hello}}}
  person: {transfer: operator, next: bye}
""",
        head,
    )
    entries = plan(flow).entries
    assert {entry.words for entry in entries.values()} == {
        "a call comes",
        "anything goes wrong",
        "in any menu",
    }
    assert not [link for link in plan(flow).links if link.source in flow.steps and link.target == "person"]


def test_several_keys_to_one_step_are_one_arrow() -> None:
    flow = _steps(
        """\
  hello:
    menu:
      greeting: {en: Press 1 or 2.}
      choices: {1: bye, 2: bye}
      no_input: {to: bye}
"""
    )
    (link,) = [link for link in plan(flow).links if link.source == "hello"]
    assert link.kind is LinkKind.USUAL
    assert link.label.keys == ("1", "2")
    assert link.label.words == "silence"


def test_the_words_shown_are_in_the_language_asked_for() -> None:
    flow = _flow(CHECKOUT / "tests/ivr/flows/internet_help.yaml")
    assert "Hello {customer_name}" in "".join(_drawn(flow, language="en").itertext())
    assert "Salve {customer_name}" in "".join(_drawn(flow, language="it").itertext())
    assert "Hello {customer_name}" in "".join(_drawn(flow, language="xx").itertext())


def test_counts_stand_on_their_steps() -> None:
    flow = _steps("  hello: {say: {en: Hello}, next: bye}\n")
    picture = _drawn(flow, {"hello": StepCount(1234, 5, 2), "unknown": StepCount(9)})
    (hello,) = [group for group in picture.iter(f"{SVG}g") if group.get("data-step") == "hello"]
    assert {"1,234", "×5", "2 here"} <= set(hello.itertext())
    (bye,) = [group for group in picture.iter(f"{SVG}g") if group.get("data-step") == "bye"]
    assert "visits" not in {text.get("class", "").split()[0] for text in bye.iter(f"{SVG}text")}


def test_whatever_stands_in_a_flow_does_no_harm() -> None:
    nasty = '</text><script>alert(1)</script><a href="javascript:x">&amp;'
    flow = load_flow(
        HEAD.replace("title: Drawn", f"title: '{nasty}'")
        + f"steps:\n  hello:\n    choose: [{{when: 'name == \"<script>\"', to: bye}}]\n    otherwise: told\n"
        f"  told:\n    say: {{en: '{nasty}'}}\n    next: bye\n  bye: {{end: bye}}\n",
        file="x",
    ).flow
    svg = draw_flow(flow)
    picture = ET.fromstring(svg)  # noqa: S314
    tags = {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert tags <= {"svg", "g", "path", "rect", "text", "title", "desc", "style"}
    assert not [
        name
        for element in picture.iter()
        for name in element.attrib
        if name.startswith("on") or "href" in name
    ]
    assert nasty in "".join(picture.itertext())


def test_it_speaks_to_those_who_cannot_see_it() -> None:
    flow = _flow(CHECKOUT / "tests/ivr/flows/internet_help.yaml")
    picture = _drawn(flow)
    assert picture.get("role") == "img"
    told = {element.get("id"): "".join(element.itertext()) for element in picture if element.get("id")}
    words = " ".join(told[one] for one in str(picture.get("aria-labelledby")).split())
    assert "Help with the internet at home" in words
    assert "welcome (say): Hello {customer_name}, this is the help for your internet at home." in words


def test_a_page_may_bring_the_style_itself() -> None:
    flow = _steps("  hello: {say: {en: Hello}, next: bye}\n")
    assert STYLE in draw_flow(flow)
    assert "<style" not in draw_flow(flow, with_style=False)
    rules = re.sub(r"@media\([^)]*\)\{(.*?\})\}", r"\1", STYLE)
    selectors = [one for found in re.findall(r"([^{}]+)\{", rules) for one in found.split(",")]
    assert all(re.match(r"(\[data-theme=\w+\] )?\.flow-drawing\b", one) for one in selectors)
    assert "prefers-color-scheme:dark" in STYLE


def test_strange_flows_can_be_drawn_too() -> None:
    alone = load_flow(HEAD.replace("hello", "bye") + "steps: {bye: {end: bye}}\n", file="x").flow
    assert set(_boxes(_drawn(alone))) == {"bye"}
    # a step that follows itself, one nobody gets to, ways to steps that do not exist
    odd = _steps("  hello: {say: {en: Hi}, next: hello}\n  lonely: {say: {en: Hi}, next: nowhere}\n")
    assert set(_boxes(_drawn(odd))) == {"hello", "lonely", "bye"}
    lost = load_flow(
        HEAD.replace("start: hello", "start: gone") + "steps: {bye: {end: bye}}\n", file="x"
    ).flow
    assert set(_boxes(_drawn(lost))) == {"bye"}


def test_the_same_flow_is_always_drawn_the_same() -> None:
    flow = _flow(CHECKOUT / "tests/ivr/flows/internet_help.yaml")
    assert draw_flow(flow) == draw_flow(flow)


def test_many_steps_are_drawn_without_overlap() -> None:
    steps = "".join(
        f"  {'hello' if n == 0 else f's{n}'}:\n    menu:\n      greeting: {{en: Press a key please.}}\n"
        f"      choices: {{1: s{n * 3 % 49 + 1}, 2: s{n + 1}, 3: s{(n * n) % 49 + 1}}}\n"
        for n in range(49)
    )
    boxes = _boxes(_drawn(_steps(steps + "  s49: {say: {en: Last.}, next: bye}\n")))
    assert len(boxes) == 51


def test_texts_are_cut_to_fit() -> None:
    assert cut("short", 12, 200) == "short"
    long = cut("a rather long sentence that does not fit", 12, 100)
    assert long.endswith("…")
    assert width(long, 12) <= 100
    lines = wrap("a rather long sentence that does not fit on a line", 12, 120, 2)
    assert len(lines) == 2
    assert all(width(line, 12) <= 120 for line in lines)
    assert wrap("", 12, 100, 2) == []
    assert cut("x", 12, 1) == "…"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_nothing_in_a_row_stands_on_its_neighbours_feet(path: Path) -> None:
    flow = _flow(path)
    drawn = plan(flow)
    onward, _ = split_ways_back(drawn.nodes, drawn.links)
    layers = build(drawn.nodes, rank(drawn.nodes, onward), onward, lambda _: 150.0, lambda _: 40.0)
    untangle(layers)
    wide = place(layers.rows)
    for row in layers.rows:
        for left, right in pairwise(row):
            assert right.x - left.x >= (left.width + right.width) / 2 + NARROW - 0.01
    assert all(
        0 <= slot.x - slot.width / 2 <= slot.x + slot.width / 2 <= wide + 0.01
        for slot in layers.nodes.values()
    )
    for link, chain in layers.chains.items():
        assert (chain[0].node, chain[-1].node) == (link.source, link.target)
        assert [slot.layer for slot in chain] == list(range(chain[0].layer, chain[-1].layer + 1))
