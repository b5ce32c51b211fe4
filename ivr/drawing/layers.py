"""The rows as lists of slots: nodes in the even rows, labels and passing links in the odd rows between them.

Links to one target share their slots on the way (a trunk): ten ways to one step do not become ten lines.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ivr.drawing.plan import Link, LinkKind

_SWEEPS = 12
_EXCHANGES = 6
_EFFORT = 1_000_000
"""Pairs compared in all; a drawing too big to be looked at is not worth more."""


@dataclass(slots=True, eq=False)
class Slot:
    """A place in a row: a node, or a point that a link passes through, with its label if it has one there."""

    layer: int
    width: float
    node: str = ""
    link: Link | None = None
    """The link whose label stands here."""
    x: float = 0.0
    """Its middle."""
    up: list["Slot"] = field(default_factory=list)
    down: list["Slot"] = field(default_factory=list)

    failing: bool = False
    """Whether only links for failures pass here."""

    @property
    def passing(self) -> bool:
        """Whether it is only a point on a link."""
        return not self.node

    def weight(self) -> float:
        """How much its neighbours care where it is; ways for failures are to give way."""
        return 0.15 if self.failing else 1.0


@dataclass(slots=True)
class Layers:
    """All rows, and the slots of each link from its source to its target."""

    rows: list[list[Slot]]
    nodes: dict[str, Slot]
    chains: dict[Link, list[Slot]]


def build(
    order: Sequence[str],
    rows: Mapping[str, int],
    links: Sequence[Link],
    node_width: Callable[[str], float],
    label_width: Callable[[Link], float],
) -> Layers:
    """Make the slots. `order` decides who comes first in a row to begin with."""
    height = 2 * max(rows.values(), default=0) + 1
    layers = Layers([[] for _ in range(height)], {}, {})
    for node in order:
        slot = Slot(2 * rows[node], node_width(node), node)
        layers.nodes[node] = slot
        layers.rows[slot.layer].append(slot)
    trunks: dict[tuple[str, bool, int], Slot] = {}
    for node in order:
        for link in (one for one in links if one.source == node):
            layers.chains[link] = _chain(layers, link, trunks, label_width(link))
    return layers


def _chain(layers: Layers, link: Link, trunks: dict[tuple[str, bool, int], Slot], width: float) -> list[Slot]:
    first, last = layers.nodes[link.source], layers.nodes[link.target]
    failing = link.kind is LinkKind.FAILURE
    chain = [first, Slot(first.layer + 1, width, link=link, failing=failing)]
    layers.rows[first.layer + 1].append(chain[1])
    for layer in range(first.layer + 2, last.layer):
        key = (link.target, failing, layer)
        if key not in trunks:
            trunks[key] = Slot(layer, 0.0, failing=failing)
            layers.rows[layer].append(trunks[key])
        chain.append(trunks[key])
    chain.append(last)
    for upper, lower in pairwise(chain):
        if lower not in upper.down:
            upper.down.append(lower)
            lower.up.append(upper)
    return chain


def untangle(layers: Layers) -> None:
    """Order each row so that few links cross (barycentre sweeps, then exchanging neighbours)."""
    start = [list(row) for row in layers.rows]
    best, fewest = start, math.inf
    pairs = sum(len(row) ** 2 for row in start)
    sweeps = min(_SWEEPS, _EFFORT // max(1, pairs))
    for upwards_first in (False, True):
        layers.rows[:] = [list(row) for row in start]
        for sweep in range(sweeps):
            _sweep(layers.rows, downwards=(sweep % 2 == 0) != upwards_first)
            _exchange(layers.rows)
            found = crossings(layers.rows)
            if found < fewest:
                best, fewest = [list(row) for row in layers.rows], found
    layers.rows[:] = best


def _sweep(rows: list[list[Slot]], *, downwards: bool) -> None:
    places = {slot: place for row in rows for slot, place in _places(row)}
    for row in rows if downwards else reversed(rows):
        wish = {slot: _barycentre(slot, slot.up if downwards else slot.down, places) for slot in row}
        row.sort(key=wish.__getitem__)  # stable: ties keep their order
        places.update(_places(row))


def _barycentre(slot: Slot, neighbours: Sequence[Slot], places: Mapping[Slot, float]) -> float:
    weights = [one.weight() for one in neighbours]
    if not weights:
        return places[slot]
    return sum(weight * places[one] for weight, one in zip(weights, neighbours, strict=True)) / sum(weights)


def _places(row: Sequence[Slot]) -> Iterator[tuple[Slot, float]]:
    """Each slot's place in its row, between 0 and 1 so that rows of different lengths compare."""
    return ((slot, (place + 0.5) / len(row)) for place, slot in enumerate(row))


def _exchange(rows: list[list[Slot]]) -> None:
    """Swap neighbours as long as that saves crossings."""
    place = {slot: index for row in rows for index, slot in enumerate(row)}
    for _ in range(_EXCHANGES):
        saved = False
        for row in rows:
            for index in range(len(row) - 1):
                left, right = row[index], row[index + 1]
                now = _between(left.up, right.up, place) + _between(left.down, right.down, place)
                swapped = _between(right.up, left.up, place) + _between(right.down, left.down, place)
                if swapped < now:
                    row[index], row[index + 1] = right, left
                    place[left], place[right] = index + 1, index
                    saved = True
        if not saved:
            return


def _between(left: Sequence[Slot], right: Sequence[Slot], place: Mapping[Slot, int]) -> float:
    return sum(one.weight() * other.weight() for one in left for other in right if place[one] > place[other])


def crossings(rows: Sequence[Sequence[Slot]]) -> float:
    """How often links cross; a crossing with a link for failures counts little."""
    place = {slot: index for row in rows for index, slot in enumerate(row)}
    return sum(
        _between(row[left].down, row[right].down, place)
        for row in rows
        for left in range(len(row))
        for right in range(left + 1, len(row))
    )
