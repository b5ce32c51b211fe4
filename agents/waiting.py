"""Callers who rang us and wait for an agent, by what the agent must know. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from agents.needs import Need, need_of
from agents.seat import Seat


@dataclass(slots=True)
class Inbound:
    """How many wait; told by the queue, heeded by the desk."""

    _waiting: dict[Need, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def waits(self, need: str | Need, count: int) -> None:
        """So many callers wait now for somebody who knows this ('' anybody)."""
        if count > 0:
            self._waiting[need_of(need)] = count
        else:
            self._waiting.pop(need_of(need), None)

    def leaves(self, free: Sequence[Seat]) -> list[Seat]:
        """Of free agents, the longest idle first, those whom no waiting caller needs.

        Those who know much are kept for whoever else needs it: each caller gets the one who knows least among
        the fit.
        """
        left = list(free)
        for need in sorted(self._waiting, key=_strictest_first):
            for _ in range(self._waiting[need]):
                fit = [seat for seat in left if need.fits(seat.skills)]
                if not fit:
                    break
                left.remove(min(fit, key=lambda seat: len(seat.skills)))
        return left

    def rivals(self, skill: str, seats: Iterable[Seat]) -> int:
        """How many wait for agents who might also serve calls for `skill`."""
        if not self._waiting:
            return 0
        serving = [seat.skills for seat in seats if not skill or skill in seat.skills]
        return sum(
            count for need, count in self._waiting.items() if any(need.fits(skills) for skills in serving)
        )


def _strictest_first(need: Need) -> tuple[int, bool, list[str], str]:
    return -len(need.skills), not need.must, sorted(need.skills), need.language
