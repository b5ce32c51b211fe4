"""The times on offer, and which of them can be chosen. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

PROPOSED: Final = 0
"""The key of the time that is proposed; the others are keyed by their place, from 1."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One time."""

    key: int
    begins: datetime
    ends: datetime
    id: str
    """'' for one that is offered to this customer alone."""
    capacity: int


def slots_of(kept: Sequence[Mapping[str, Any]]) -> Sequence[Slot]:
    """As an event told them."""
    return [
        Slot(
            key,
            datetime.fromisoformat(each["start"]),
            datetime.fromisoformat(each["end"]),
            str(each.get("slot") or ""),
            int(each.get("capacity") or 1),
        )
        for key, each in enumerate(kept)
    ]


def to_choose(slots: Sequence[Slot], full: frozenset[str], now: datetime) -> Sequence[Slot]:
    """Those that still can be had, under the keys they were offered by: no key changes its meaning."""
    return [each for each in slots if each.begins > now and each.id not in full]
