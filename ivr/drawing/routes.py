"""The lines between the boxes: onward links as curves from row to row, ways back as rails at the sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ivr.drawing.boxes import Box
from ivr.drawing.layers import Layers, Slot
from ivr.drawing.plan import Link, LinkKind
from ivr.drawing.svg import number

LABEL_HEIGHT = 18.0
GAP = 30.0
TRACK = 20.0
"""The height of one way back on its way to the side."""
LANE = 14.0
"""Between two rails at a side."""
MARGIN = 22.0
"""Between the boxes and the first rail."""
TIP = 6.0
_BEND = 8.0
_PORT = 16.0
_WIDEST_FAN = 0.62
_SIDE_PORT = 0.36


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line."""

    path: str
    kind: LinkKind
    back: bool = False


@dataclass(frozen=True, slots=True)
class Tip:
    """An arrow's tip, pointing down."""

    x: float
    y: float
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Tag:
    """A label and the middle of its place."""

    link: Link
    x: float
    y: float


@dataclass(slots=True)
class Routes:
    """All lines, and the room they take besides the boxes."""

    lines: list[Line] = field(default_factory=list)
    tips: set[Tip] = field(default_factory=set)
    tags: list[Tag] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0


@dataclass(frozen=True, slots=True)
class Rail:
    """All ways back to one node, along one side."""

    target: str
    links: tuple[Link, ...]
    on_right: bool


@dataclass(slots=True)
class Heights:
    """Where the rows stand. Between two rows: ways back leaving, labels, ways back arriving."""

    tops: list[float] = field(default_factory=list)
    bottoms: list[float] = field(default_factory=list)
    leaving: list[dict[str, float]] = field(default_factory=list)
    """By row: the height at which the ways back to a target run to the side."""
    arriving: list[dict[str, float]] = field(default_factory=list)
    labels: list[float] = field(default_factory=list)
    """By row: the middle of the labels below it."""


def rails(back: Sequence[Link], layers: Layers, width: float) -> list[Rail]:
    """Gather the ways back by where they lead; each runs along the side that its sources are nearer to."""
    together: dict[str, list[Link]] = {}
    for link in back:
        together.setdefault(link.target, []).append(link)
    found = []
    for target, links in together.items():
        xs = [layers.nodes[link.source].x for link in links] + [layers.nodes[target].x]
        found.append(Rail(target, tuple(links), sum(xs) / len(xs) >= width / 2))
    return found


def heights(layers: Layers, boxes: Mapping[str, Box], back: Sequence[Rail], top: float) -> Heights:
    """Stack the rows, leaving room for what runs between them."""
    found = Heights()
    y = top
    count = (len(layers.rows) + 1) // 2
    for row in range(count):
        arrivals = [rail.target for rail in back if layers.nodes[rail.target].layer == 2 * row]
        y += TRACK * len(arrivals)
        found.arriving.append({name: y - TRACK * (place + 0.9) for place, name in enumerate(arrivals)})
        tall = max((boxes[slot.node].height for slot in layers.rows[2 * row] if slot.node), default=0.0)
        found.tops.append(y)
        found.bottoms.append(y + tall)
        y += tall
        leaving = [
            rail.target
            for rail in back
            if any(layers.nodes[one.source].layer == 2 * row for one in rail.links)
        ]
        found.leaving.append({name: y + 14 + TRACK * place for place, name in enumerate(leaving)})
        y += TRACK * len(leaving)
        below = layers.rows[2 * row + 1] if 2 * row + 1 < len(layers.rows) else []
        labelled = any(slot.width for slot in below)
        reach = max((abs(slot.x - one.x) for slot in below for one in (*slot.up, *slot.down)), default=0.0)
        gap = (GAP + (LABEL_HEIGHT if labelled else 0.0) + min(40.0, reach / 10)) if row < count - 1 else 0.0
        found.labels.append(y + gap * 0.52)
        y += gap
    return found


def onward_routes(layers: Layers, boxes: Mapping[str, Box], levels: Heights, routes: Routes) -> None:
    """Curves for all links that lead on; what shares a trunk is drawn once."""
    drawn: set[tuple[int, int]] = set()
    for link, chain in layers.chains.items():
        for upper, lower in pairwise(chain):
            if (id(upper), id(lower)) in drawn:
                continue
            drawn.add((id(upper), id(lower)))
            x0, y0 = _leave(upper, lower, boxes, levels)
            x1, y1 = _arrive(lower, boxes, levels)
            end = y1 - TIP if lower.node else y1
            path = _curve(x0, y0, x1, end)
            if lower.passing:
                path += f"V{number(_through(lower, levels)[1])}"
            routes.lines.append(Line(path, link.kind))
            if lower.node:
                routes.tips.add(Tip(x1, y1, link.kind))
        slot = chain[1]
        if slot.width:
            routes.tags.append(Tag(link, slot.x, levels.labels[slot.layer // 2]))


def _leave(upper: Slot, lower: Slot, boxes: Mapping[str, Box], levels: Heights) -> tuple[float, float]:
    if upper.passing:
        return upper.x, _through(upper, levels)[1]
    box = boxes[upper.node]
    fan = sorted(upper.down, key=lambda slot: slot.x)
    room = min(_PORT, box.width * _WIDEST_FAN / max(1, len(fan) - 1))
    shift = (fan.index(lower) - (len(fan) - 1) / 2) * room
    return upper.x + shift, _middle(upper, levels) + box.height / 2


def _arrive(lower: Slot, boxes: Mapping[str, Box], levels: Heights) -> tuple[float, float]:
    if lower.passing:
        return lower.x, _through(lower, levels)[0]
    return lower.x, _middle(lower, levels) - boxes[lower.node].height / 2


def _middle(slot: Slot, levels: Heights) -> float:
    row = slot.layer // 2
    return (levels.tops[row] + levels.bottoms[row]) / 2


def _through(slot: Slot, levels: Heights) -> tuple[float, float]:
    """From where to where a link runs straight down past a row."""
    row = slot.layer // 2
    if slot.layer % 2 == 0:
        return levels.tops[row], levels.bottoms[row]
    half = LABEL_HEIGHT / 2 if slot.width else 0.0
    return levels.labels[row] - half, levels.labels[row] + half


def _curve(x0: float, y0: float, x1: float, y1: float) -> str:
    bend = (y1 - y0) * 0.55
    start = f"M{number(x0)} {number(y0)}"
    if abs(x1 - x0) < 0.5:  # noqa: PLR2004  (half a pixel is straight)
        return f"{start}V{number(y1)}"
    return (
        f"{start}C{number(x0)} {number(y0 + bend)} {number(x1)} {number(y1 - bend)} {number(x1)} {number(y1)}"
    )


def back_routes(
    back: Sequence[Rail],
    layers: Layers,
    boxes: Mapping[str, Box],
    levels: Heights,
    routes: Routes,
    width: float,
) -> None:
    """Rails: down from each source, out to the side, up, and in from above to the target."""
    spans = {}
    for rail in back:
        rows = [layers.nodes[link.source].layer // 2 for link in rail.links]
        start = levels.arriving[layers.nodes[rail.target].layer // 2][rail.target]
        spans[rail] = (start, max(levels.leaving[row][rail.target] for row in rows))
    lanes: dict[bool, list[list[tuple[float, float]]]] = {True: [], False: []}
    for rail in sorted(back, key=lambda one: spans[one][1] - spans[one][0]):
        lane = _free_lane(lanes[rail.on_right], spans[rail])
        out = MARGIN + LANE * lane
        routes.right = max(routes.right, out + LANE) if rail.on_right else routes.right
        routes.left = max(routes.left, out + LANE) if not rail.on_right else routes.left
        _draw_rail(rail, width + out if rail.on_right else -out, spans[rail], layers, boxes, levels, routes)


def _free_lane(lanes: list[list[tuple[float, float]]], span: tuple[float, float]) -> int:
    for place, taken in enumerate(lanes):
        if all(span[1] + LANE < low or high + LANE < span[0] for low, high in taken):
            taken.append(span)
            return place
    lanes.append([span])
    return len(lanes) - 1


def _draw_rail(
    rail: Rail,
    x: float,
    span: tuple[float, float],
    layers: Layers,
    boxes: Mapping[str, Box],
    levels: Heights,
    routes: Routes,
) -> None:
    inward = -1 if rail.on_right else 1
    kind = LinkKind.FAILURE if all(one.kind is LinkKind.FAILURE for one in rail.links) else LinkKind.USUAL
    target = layers.nodes[rail.target]
    goal_x = target.x - inward * boxes[rail.target].width * _SIDE_PORT * 0.7
    goal_y = _middle(target, levels) - boxes[rail.target].height / 2
    bend = _BEND * inward
    routes.lines.append(
        Line(
            f"M{number(x)} {number(span[1] - _BEND)}V{number(span[0] + _BEND)}"
            f"q0 -{number(_BEND)} {number(bend)} -{number(_BEND)}H{number(goal_x - bend)}"
            f"q{number(bend)} 0 {number(bend)} {number(_BEND)}V{number(goal_y - TIP)}",
            kind,
            back=True,
        )
    )
    routes.tips.add(Tip(goal_x, goal_y, kind))
    for link in rail.links:
        source = layers.nodes[link.source]
        box = boxes[link.source]
        from_x = source.x - inward * box.width * _SIDE_PORT
        from_y = _middle(source, levels) + box.height / 2
        level = levels.leaving[source.layer // 2][rail.target]
        routes.lines.append(
            Line(
                f"M{number(from_x)} {number(from_y)}V{number(level - _BEND)}"
                f"q0 {number(_BEND)} {number(-bend)} {number(_BEND)}H{number(x + bend)}"
                f"q{number(-bend)} 0 {number(-bend)} -{number(_BEND)}",
                link.kind,
                back=True,
            )
        )
        routes.tags.append(Tag(link, from_x - inward * 34, level))
