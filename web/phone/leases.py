"""Who of the visitors has which of the telephones. Pure: the time is handed in."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from values import CentralinoError

LEASE_SECONDS: Final = 120.0
"""A page that is open renews its lease sooner; one that was closed gives its telephone back by this."""
MOST_TAKEN: Final = 6
"""How many telephones may be asked for from one address …"""
WINDOW_SECONDS: Final = 300.0
"""… in so many seconds."""


class PhonesTakenError(CentralinoError):
    """All visitors' telephones are in use; try again in a few minutes."""

    error_id = "phones-taken"


class TooOftenError(CentralinoError):
    """A telephone was asked for too often from here; try again in a few minutes."""

    error_id = "too-often"


@dataclass(frozen=True, slots=True)
class _Lease:
    visitor: str
    until: float


@dataclass(slots=True)
class Leases:
    """The telephones of one front page."""

    places: int
    _held: dict[int, _Lease] = field(default_factory=dict)
    _asked: dict[Hashable, deque[float]] = field(default_factory=dict)

    def take(self, visitor: str, address: str, now: float) -> int:
        """The place of a visitor, the one they have or a free one.

        Raises `PhonesTakenError` and `TooOftenError`.
        """
        for place, lease in self._held.items():
            if lease.visitor == visitor and lease.until > now:
                self._held[place] = _Lease(visitor, now + LEASE_SECONDS)
                return place
        self._note(address, now)
        for place in range(self.places):
            if place not in self._held or self._held[place].until <= now:
                self._held[place] = _Lease(visitor, now + LEASE_SECONDS)
                return place
        raise PhonesTakenError

    def give_back(self, visitor: str) -> None:
        """They have left the page."""
        for place, lease in list(self._held.items()):
            if lease.visitor == visitor:
                del self._held[place]

    def _note(self, address: str, now: float) -> None:
        for known, times in list(self._asked.items()):
            while times and times[0] <= now - WINDOW_SECONDS:
                times.popleft()
            if not times:
                del self._asked[known]
        asked = self._asked.setdefault(address, deque())
        if len(asked) >= MOST_TAKEN:
            raise TooOftenError
        asked.append(now)
