"""Virtual time: what happens next, in order."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any


class Timeline:
    """Seconds since the day began, and what is still to happen. Two things at one moment keep their order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._number = 0
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []

    def seconds(self) -> float:
        """The present moment, as a clock for `Cadence` and `Desk`."""
        return self.now

    def at(self, moment: float, action: Callable[..., None], *what: Any) -> None:
        """Do something at a moment; at once when it has passed."""
        self._number += 1
        heappush(self._events, (max(moment, self.now), self._number, action, what))

    def after(self, delay: float, action: Callable[..., None], *what: Any) -> None:
        """Do something after so many seconds."""
        self.at(self.now + delay, action, *what)

    def run(self) -> None:
        """Let time pass until nothing is left to happen."""
        events = self._events
        while events:
            self.now, _, action, what = heappop(events)
            action(*what)
