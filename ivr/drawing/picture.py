"""The drawing of a flow as SVG."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.drawing import boxes as writing
from ivr.drawing.boxes import Box, entry_box, step_box
from ivr.drawing.columns import place
from ivr.drawing.layers import Layers, build, untangle
from ivr.drawing.lettering import width
from ivr.drawing.plan import Link, LinkKind, Plan, plan
from ivr.drawing.ranks import rank, split_ways_back
from ivr.drawing.routes import Heights, Routes, Tag, Tip, back_routes, heights, onward_routes, rails
from ivr.drawing.shapes import icon, outline
from ivr.drawing.style import STYLE
from ivr.drawing.svg import element, number, text
from ivr.language import Flow

EDGE = 28.0
HEADING = 62.0
CAP = 17.0
_LABEL = 10.5


@dataclass(frozen=True, slots=True)
class StepCount:
    """What happened at a step."""

    entries: int = 0
    """How often callers left it behind."""
    hang_ups: int = 0
    """How often they hung up in it."""
    here: int = 0
    """How many are there now."""


def draw_flow(
    flow: Flow,
    *,
    counts: Mapping[str, StepCount] | None = None,
    language: str = "",
    with_style: bool = True,
) -> str:
    """A flow as an SVG picture: steps as boxes, ways as arrows with their keys, counts on the boxes.

    `language` chooses the words shown (the flow's first when '' or not there). Without scripts; every text is
    escaped. `with_style=False` leaves out the style sheet, for pages that link `STYLE` themselves.
    """
    drawn = plan(flow)
    shapes = {
        name: entry_box(drawn.entries[name]) if name in drawn.entries else step_box(flow, name, language)
        for name in drawn.nodes
    }
    layers, back = _arrange(drawn, shapes)
    across = place(layers.rows)
    ways_back = rails(back, layers, across)
    levels = heights(layers, shapes, ways_back, HEADING + EDGE)
    routes = Routes()
    onward_routes(layers, shapes, levels, routes)
    back_routes(ways_back, layers, shapes, levels, routes, across)
    total_width = max(across + routes.left + routes.right, width(flow.title, 20), 300.0) + 2 * EDGE
    bottom = max([levels.bottoms[-1], *(max(found.values(), default=0.0) for found in levels.leaving)])
    total_height = bottom + EDGE
    body = [
        *(_line(line.path, line.kind, back=line.back) for line in routes.lines),
        *(_tip(tip) for tip in sorted(routes.tips, key=lambda tip: (tip.y, tip.x))),
        *(_tag(tag) for tag in routes.tags),
        *(
            _node(flow, shapes[slot.node], slot.x, _middle(levels, slot.layer), counts)
            for slot in layers.nodes.values()
        ),
    ]
    picture = element("g", *body, transform=f"translate({number(routes.left + EDGE)} 0)")
    return _whole(
        flow, shapes.values(), _heading(flow) + picture, (total_width, total_height), with_style=with_style
    )


def _arrange(drawn: Plan, shapes: Mapping[str, Box]) -> tuple[Layers, list[Link]]:
    onward, back = split_ways_back(drawn.nodes, drawn.links)
    rows = rank(drawn.nodes, onward)
    layers = build(drawn.nodes, rows, onward, lambda node: shapes[node].width, _label_width)
    untangle(layers)
    return layers, back


def _label_width(link: Link) -> float:
    keys = len(link.label.keys) * (CAP + 3)
    words = width(link.label.words, _LABEL) + 10 if link.label.words else 0.0
    return keys + words


def _middle(levels: Heights, layer: int) -> float:
    return (levels.tops[layer // 2] + levels.bottoms[layer // 2]) / 2


def _whole(
    flow: Flow, shapes: Iterable[Box], body: str, size: tuple[float, float], *, with_style: bool
) -> str:
    mark = _identifier(flow.flow)
    wide, high = size
    told = "; ".join(box.about for box in shapes if box.kind != "entry")
    return element(
        "svg",
        element("title", text(flow.title), id=f"{mark}-title"),
        element("desc", text(f"A call flow of {len(flow.steps)} steps: {told}"), id=f"{mark}-desc"),
        element("style", STYLE) if with_style else "",
        element("rect", class_="paper", width="100%", height="100%"),
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(wide)} {number(high)}",
        width=wide,
        height=high,
        class_="flow-drawing",
        role="img",
        aria_labelledby=f"{mark}-title {mark}-desc",
    )


def _heading(flow: Flow) -> str:
    facts = (
        f"{flow.flow} · {len(flow.steps)} steps · {', '.join(flow.languages)} · dashed: when something fails"
    )
    return element("text", text(flow.title), class_="heading", x=EDGE, y=EDGE + 14) + element(
        "text", text(facts), class_="subheading", x=EDGE, y=EDGE + 34
    )


def _identifier(name: str) -> str:
    return "flow-" + name.replace(".", "-")


def _line(path: str, kind: LinkKind, *, back: bool) -> str:
    return element("path", d=path, class_=f"link {kind}{' back' if back else ''}")


def _tip(tip: Tip) -> str:
    path = f"M{number(tip.x)} {number(tip.y - 1)}l-4.5 -8h9z"
    return element("path", d=path, class_=f"tip {tip.kind}")


def _tag(tag: Tag) -> str:
    wide = _label_width(tag.link)
    if not wide:
        return ""
    left = tag.x - wide / 2
    parts = [element("rect", class_="plate", x=left - 1, y=tag.y - CAP / 2, width=wide + 2, height=CAP)]
    for key in tag.link.label.keys:
        parts.append(_cap(key, left + CAP / 2 + 1.5, tag.y))
        left += CAP + 3
    if tag.link.label.words:
        middle = (left + tag.x + wide / 2) / 2
        words = element(
            "text",
            text(tag.link.label.words),
            class_=f"label middle {tag.link.kind}",
            x=middle,
            y=tag.y + 3.6,
        )
        parts.append(words)
    return "".join(parts)


def _cap(key: str, x: float, y: float) -> str:
    wide = max(CAP, width(key, 11) + 8)
    return element(
        "rect", class_="cap", x=x - wide / 2, y=y - CAP / 2, width=wide, height=CAP, rx=4
    ) + element("text", text(key), class_="key middle", x=x, y=y + 4)


def _node(flow: Flow, box: Box, x: float, y: float, counts: Mapping[str, StepCount] | None) -> str:
    left, top = x - box.width / 2, y - box.height / 2
    paths = outline(box.kind, left, top, box.width, box.height)
    inside = left + box.slant + writing.SIDE
    parts = [
        element("title", text(box.about)),
        element("path", d=paths[0], class_="base"),
        element("path", d=paths[0], class_="shape"),
        *(element("path", d=path, class_="inner") for path in paths[1:]),
    ]
    if box.kind == "entry":
        middle = x + (11 if box.key else 0)
        parts += [_cap(box.key, left + writing.SIDE + 6, y)] if box.key else []
        parts.append(element("text", text(box.title), class_="words middle", x=middle, y=y + 4))
        return element("g", *parts, class_="entry")
    parts.append(icon(box.kind, inside + 6, y, goal=box.goal))
    words_at = inside + writing.ICON
    line = y - (len(box.lines) * writing.LINE) / 2 + 4.5
    parts.append(element("text", text(box.title), class_="title", x=words_at, y=line))
    for words in box.lines:
        line += writing.LINE
        parts.append(element("text", text(words), class_="words", x=words_at, y=line))
    if counts is not None:
        parts += _counts(counts.get(box.name, StepCount()), left, left + box.width, top)
    return element(
        "g",
        *parts,
        id=f"{_identifier(flow.flow)}-step-{box.name}",
        class_=f"step {box.kind}{' goal' if box.goal else ''}",
        data_step=box.name,
    )


def _counts(count: StepCount, left: float, right: float, top: float) -> list[str]:
    found = []
    right += 8
    if count.entries:
        found.append(_badge(f"{count.entries:,}", right, top, "badge"))
        right -= _badge_width(f"{count.entries:,}") + 2
    if count.hang_ups:
        found.append(_badge(f"×{count.hang_ups:,}", right, top, "badge lost"))
    if count.here:
        words = f"{count.here:,} here"
        found.append(_badge(words, left + _badge_width(words) - 8, top, "badge here"))
    return found


def _badge_width(words: str) -> float:
    return width(words, _LABEL) + 12


def _badge(words: str, right: float, top: float, kind: str) -> str:
    wide = _badge_width(words)
    plate = element("rect", class_=kind, x=right - wide, y=top - 11, width=wide, height=16, rx=8)
    return plate + element("text", text(words), class_="visits middle", x=right - wide / 2, y=top + 0.8)
