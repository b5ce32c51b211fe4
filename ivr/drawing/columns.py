"""Where each slot stands in its row: under what leads to it, over what it leads to, clear of its neighbours.

Each row is solved exactly, as a least-squares fit that keeps the order and the gaps (pool adjacent
violators), again and again from above and from below until it settles.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.drawing.layers import Slot

GAP = 26.0
"""Between two nodes of a row."""
NARROW = 14.0
"""Between a link and what is next to it."""
_ROUNDS = 60
_EFFORT = 100_000
"""Slots placed in all; a drawing too big to be looked at is not worth more."""
_BENT = 40.0
"""How far points may be apart to be brought under each other."""


@dataclass(frozen=True, slots=True)
class _Ties:
    """What pulls at a slot from one side, worked out once."""

    slots: list[Slot]
    weights: list[float]
    total: float

    @classmethod
    def of(cls, slot: Slot, neighbours: list[Slot]) -> "_Ties":
        weights = [_stiffness(slot, one) for one in neighbours]
        return cls(neighbours, weights, sum(weights))

    def wish(self, otherwise: float) -> float:
        """The middle of the neighbours, nearer to the straight ones."""
        if not self.slots:
            return otherwise
        return sum(weight * one.x for weight, one in zip(self.weights, self.slots, strict=True)) / self.total


def place(rows: Sequence[Sequence[Slot]]) -> float:
    """Set every slot's `x`; the drawing begins at 0. Gives its width."""
    slots = [slot for row in rows for slot in row]
    up = {slot: _Ties.of(slot, slot.up) for slot in slots}
    down = {slot: _Ties.of(slot, slot.down) for slot in slots}
    both = {slot: _Ties.of(slot, [*slot.up, *slot.down]) for slot in slots}
    weights = {slot: 1.0 + both[slot].total for slot in slots}
    for row in rows:
        _spread(row, [0.0] * len(row), weights)
    rounds = min(_ROUNDS, max(4, _EFFORT // max(1, len(slots))))
    for turn in range(rounds):
        downwards = turn % 2 == 0
        ties = both if turn >= rounds // 2 else up if downwards else down
        for row in rows if downwards else list(reversed(rows)):
            _spread(row, [ties[slot].wish(slot.x) for slot in row], weights)
    _straighten(rows)
    left = min((slot.x - slot.width / 2 for slot in slots), default=0.0)
    right = max((slot.x + slot.width / 2 for slot in slots), default=0.0)
    for slot in slots:
        slot.x -= left
    return right - left


def _stiffness(one: Slot, other: Slot) -> float:
    """Long links are to be straight; so are the only links of a node."""
    if one.passing and other.passing:
        return 16.0 if one.link is None and other.link is None else 6.0
    node = other if one.passing else one
    alone = len(node.down if node.layer < max(one.layer, other.layer) else node.up) == 1
    return (4.0 if alone else 1.0) * (other.weight() if other.passing else 1.0)


def _straighten(rows: Sequence[Sequence[Slot]]) -> None:
    """Bring the points of each link under each other, as far as there is room in their rows."""
    done: set[Slot] = set()
    for row in rows:
        for slot in row:
            if slot not in done:
                run, low, high = _run(slot, rows, done)
                done.update(run)
                weights = [4.0 if one.node else 1.0 for one in run]
                middle = sum(weight * one.x for weight, one in zip(weights, run, strict=True)) / sum(weights)
                for one in run:
                    one.x = min(max(middle, low), high)


def _run(slot: Slot, rows: Sequence[Sequence[Slot]], done: set[Slot]) -> tuple[list[Slot], float, float]:
    """The points straight on from a slot that can stand under each other, and between where."""
    run = [slot]
    low, high = _free(slot, rows)
    while (following := _onward(run[-1])) is not None and following not in done:
        its_low, its_high = _free(following, rows)
        if max(low, its_low) > min(high, its_high) or abs(following.x - slot.x) > _BENT:
            break
        low, high = max(low, its_low), min(high, its_high)
        run.append(following)
    return run, low, high


def _free(slot: Slot, rows: Sequence[Sequence[Slot]]) -> tuple[float, float]:
    """Between where a slot can be moved without touching its neighbours."""
    row = rows[slot.layer]
    index = row.index(slot)
    low = row[index - 1].x + _gap(row[index - 1], slot) if index else -math.inf
    high = row[index + 1].x - _gap(slot, row[index + 1]) if index + 1 < len(row) else math.inf
    return low, high


def _onward(slot: Slot) -> Slot | None:
    """The one slot that a slot leads straight on to."""
    onward = [one for one in slot.down if not one.failing] if slot.node else slot.down
    if len(onward) != 1:
        return None
    following = onward[0]
    if following.node:
        before = [one for one in following.up if not one.failing]
    else:  # a trunk goes straight on, whatever joins it
        before = [one for one in following.up if one.passing and one.link is None] or following.up
    return following if before == [slot] else None


def _gap(left: Slot, right: Slot) -> float:
    space = NARROW if left.passing or right.passing else GAP
    return (left.width + right.width) / 2 + space


def _spread(row: Sequence[Slot], wishes: Sequence[float], weights: Mapping[Slot, float]) -> None:
    """As near to the wishes as the gaps allow."""
    offset = 0.0
    offsets: list[float] = []
    for index, slot in enumerate(row):
        offset += _gap(row[index - 1], slot) if index else 0.0
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []  # sum of weighted wishes, weight, members
    for slot, wish, shift in zip(row, wishes, offsets, strict=True):
        weight = weights[slot]
        block = ((wish - shift) * weight, weight, 1)
        while blocks and blocks[-1][0] / blocks[-1][1] > block[0] / block[1]:
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1], before[2] + block[2])
        blocks.append(block)
    index = 0
    for total, weight, members in blocks:
        for _ in range(members):
            row[index].x = total / weight + offsets[index]
            index += 1
