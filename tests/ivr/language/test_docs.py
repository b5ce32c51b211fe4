"""What the pages for authors show is right: every flow and every piece in them is proved."""

import re
from pathlib import Path

import pytest

from ivr.language import check_flow, load_flow
from tests.ivr.language import world

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[3] / "docs"
PAGES = ["reference/flow-language.md", "tutorial/first-flow.md", "how-to/write-flows.md", "how-to/scripts.md"]
PIECES = [
    pytest.param(text, id=f"{Path(page).stem}-{number}")
    for page in PAGES
    for number, text in enumerate(
        re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text("utf-8"), flags=re.DOTALL), 1
    )
]
HEAD = """\
flow: test.piece
title: A piece of a page
languages: [en]
start: {start}
give_up: bye
inputs:
  vip: {{type: flag}}
  lines: {{type: number}}
  owed: {{type: money}}
  due: {{type: date}}
calendars: {{office: {{open: {{mon: ["08:00-20:00"]}}}}}}
steps:
"""
EXPECTED_BESIDES = {"F302", "F506"}  # pieces in two languages; values that the rest of a flow would use


def _whole(piece: str) -> str:
    if not piece.startswith("  "):
        return piece
    start = piece.split(":", maxsplit=1)[0].strip()
    missing = [name for name in ("bill", "fault") if f"{{to: {name}," in piece]
    rest = "".join(f"  {name}: {{say: {{en: Well.}}, next: bye}}\n" for name in missing)
    return HEAD.format(start=start) + piece + rest + "  bye: {end: bye}\n"


@pytest.mark.parametrize("piece", PIECES)
def test_what_the_pages_show_is_right(piece: str) -> None:
    text = _whole(piece)
    problems = check_flow(
        load_flow(text, file="page"), actions=world.actions(), flows=world.flows(), transfers=["operator"]
    )
    surprising = [str(problem) for problem in problems if problem.code not in EXPECTED_BESIDES]
    assert surprising == []


def test_the_mistakes_of_the_tutorial_are_told_as_it_says() -> None:
    page = (DOCS / "tutorial/first-flow.md").read_text("utf-8")
    flow = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)[1]
    shown = [line.strip() for line in page.splitlines() if re.match(r"    (pizza\.yaml:|error F)", line)]
    opening = 'every day but Monday."}\n    next: main'
    assert opening in flow
    told: list[str] = []
    for wrong in (
        flow.replace(opening, opening.replace("main", "mian")),
        flow.replace(opening, opening.replace("main", "opening")),
        flow.replace("tries: 2", "tries: 2\n        to: main"),
    ):
        told += [str(problem) for problem in check_flow(load_flow(wrong, file="pizza.yaml"))]
    for line in shown:
        beginning = line.partition("…")[0].rstrip()
        assert any(beginning in one for one in told), f"{line}\nnot in\n" + "\n".join(told)


def test_every_word_of_the_language_is_on_its_page() -> None:
    from ivr.language.published import flow_schema

    page = (DOCS / "reference/flow-language.md").read_text("utf-8")
    schema = flow_schema()
    words = {word for part in [schema, *schema["$defs"].values()] for word in part.get("properties", ())}
    assert {word for word in words if not re.search(rf"\b{word}\b", page)} == set()
