"""How campaigns share what lines and starts are free: by priority, then by weight. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Demand:
    """What one campaign has and wants."""

    campaign: str
    priority: int
    """Higher is served first, with all that it wants."""
    weight: float
    """Its share of lines among campaigns of one priority; above zero."""
    want: int
    """How many calls it would start now."""
    in_use: int
    """Lines that it has."""
    limit: int
    """The most lines that it may have."""

    @property
    def room(self) -> int:
        """How many it can be given."""
        return max(0, min(self.want, self.limit - self.in_use))


@dataclass(frozen=True, slots=True)
class Shares:
    """How many calls each campaign may start now, and what it is owed of a call for the next time."""

    grants: Mapping[str, int]
    owed: Mapping[str, float]
    """Parts of a call, between -1 and 1: hand them in again, so that a small share of few calls adds up."""


def share(free: int, demands: Sequence[Demand], owed: Mapping[str, float] | None = None) -> Shares:
    """Share `free` starts: all are given as long as somebody wants one, and never more.

    Higher priorities come first. Within one the lines in use, with those now given, come as near to the
    weights as they can (max-min fair: what one cannot take goes to the others); who has more already gets
    none and keeps what it has. Equal cases are decided by name.
    """
    owed = owed or {}
    grants = dict.fromkeys((each.campaign for each in demands), 0)
    still: dict[str, float] = {}
    order = sorted(demands, key=lambda each: (-each.priority, each.campaign))
    for _, same in groupby(order, key=lambda each: each.priority):
        wanting = [each for each in same if each.room]
        given, left = _share_equals(free, wanting, owed)
        grants |= given
        still |= left
        free -= sum(given.values())
    return Shares(grants, still)


def _share_equals(
    free: int, demands: Sequence[Demand], owed: Mapping[str, float]
) -> tuple[dict[str, int], dict[str, float]]:
    room = sum(each.room for each in demands)
    if room <= free:
        return {each.campaign: each.room for each in demands}, {}
    level = _level(free, demands)
    due = {each.campaign: _part(each, level) + owed.get(each.campaign, 0.0) for each in demands}
    rooms = {each.campaign: each.room for each in demands}
    given = {name: max(0, min(rooms[name], int(part + _HAIR))) for name, part in due.items()}
    while (left := free - sum(given.values())) != 0:
        by = 1 if left > 0 else -1
        able = [name for name in given if 0 <= given[name] + by <= rooms[name]]
        # whoever is furthest behind gets one more, or gives one back who is furthest ahead
        name = max(able, key=lambda each: (by * (due[each] - given[each]), due[each], -ord(each[0]), each))
        given[name] += by
    return given, {name: max(-1.0, min(1.0, due[name] - given[name])) for name in given}


def _level(free: int, demands: Sequence[Demand]) -> float:
    """Lines for each unit of weight at which exactly `free` are given (there are fewer than are wanted)."""
    marks = sorted({end / each.weight for each in demands for end in (each.in_use, each.in_use + each.room)})
    below, given = 0.0, 0.0
    for mark in marks:
        at_mark = sum(_part(each, mark) for each in demands)
        if at_mark >= free:
            rise = at_mark - given
            return mark if rise <= 0 else below + (mark - below) * (free - given) / rise
        below, given = mark, at_mark
    return below


def _part(demand: Demand, level: float) -> float:
    return min(max(level * demand.weight - demand.in_use, 0.0), float(demand.room))
