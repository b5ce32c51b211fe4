"""What the law lets a campaign abandon, and how much of it is left.

Counted is (a + f) / (a + f + y), as the UK's formula with machine detection has it: a abandoned, y connected,
f a reasoned estimate of persons hung up on as machines; without f it is the US's and Italy's a / (a + y). The
window is the law's own: a rolling number of seconds, or all since it was last begun anew (a calendar day, a
campaign).
"""

from collections import deque
from dataclasses import dataclass

from values import BadInputError

PARTS = 96
"""Parts of a rolling window; its oldest part is dropped whole."""


@dataclass(slots=True)
class _Part:
    number: int
    connected: float = 0.0
    abandoned: float = 0.0
    charged: float = 0.0


class Budget:
    """The counts of a window against a limit."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.window: float | None = None
        self._now = 0.0
        self._started = False
        self._parts = deque([_Part(0)])

    @property
    def limit(self) -> float:
        """The highest share that may be abandoned, 0 to 1."""
        return self._limit

    @limit.setter
    def limit(self, limit: float) -> None:
        if not 0 <= limit <= 1:
            raise BadInputError(f"abandoned calls are a share from 0 to 1, not {limit}", field="max_abandon")
        self._limit = float(limit)

    def over(self, seconds: float | None) -> None:
        """Count over a rolling window of so many seconds, or, with None, over all since `restore`.

        What was counted so far counts from now in the new window.
        """
        if seconds is not None and not seconds > 0:
            raise BadInputError(f"must be more than 0 seconds, not {seconds}", field="window")
        connected, abandoned, charged = self.connected, self.abandoned, self.charged
        self.window = seconds
        self.restore(connected=connected, abandoned=abandoned, charged=charged)

    def restore(self, *, connected: float, abandoned: float, charged: float, ago: float = 0.0) -> None:
        """Replace the counts; in a rolling window they happened `ago` seconds ago."""
        counts = {"connected": connected, "abandoned": abandoned, "amd_false": charged, "ago": ago}
        for name, count in counts.items():
            if not 0 <= count < float("inf"):
                raise BadInputError(f"must be 0 or more, not {count}", field=name)
        self._parts = deque([_Part(self._number(self._now - ago), connected, abandoned, charged)])
        if ago:
            self._parts.append(_Part(self._number(self._now)))

    def at(self, now: float) -> None:
        """Let time pass: what left the window counts no more."""
        if not self._started:
            # Counts restored before the first moment was known are moved to it.
            shift = self._number(now) - self._number(self._now)
            for part in self._parts:
                part.number += shift
            self._started = True
        self._now = max(self._now, now) if self._parts[-1].number <= self._number(now) else now
        number = self._number(self._now)
        if self.window is not None and number > self._parts[-1].number:
            self._parts.append(_Part(number))
            while self._parts[0].number <= number - PARTS:
                self._parts.popleft()

    def connect(self) -> None:
        """Count a live call joined to an agent."""
        self._parts[-1].connected += 1

    def abandon(self) -> None:
        """Count a live call that found no agent in time."""
        self._parts[-1].abandoned += 1

    def charge(self, amount: float) -> None:
        """Count persons hung up on as machines: an estimate, so that it may be a fraction."""
        if not 0 <= amount < float("inf"):
            raise BadInputError(f"must be 0 or more, not {amount}", field="amount")
        self._parts[-1].charged += amount

    @property
    def connected(self) -> float:
        """Calls joined to an agent in the window."""
        return sum(part.connected for part in self._parts)

    @property
    def abandoned(self) -> float:
        """Calls abandoned in the window."""
        return sum(part.abandoned for part in self._parts)

    @property
    def charged(self) -> float:
        """Persons hung up on as machines in the window, as estimated."""
        return sum(part.charged for part in self._parts)

    @property
    def lost(self) -> float:
        """All that counts as abandoned."""
        return sum(part.abandoned + part.charged for part in self._parts)

    @property
    def live(self) -> float:
        """All that it is counted against."""
        return sum(part.connected + part.abandoned + part.charged for part in self._parts)

    @property
    def share(self) -> float:
        """The abandonment so far, 0 to 1."""
        return self.lost / self.live if self.live else 0.0

    @property
    def left(self) -> float:
        """How many live calls could be lost, were the window to end now; negative when over the limit."""
        return self._limit * self.live - self.lost

    def _number(self, now: float) -> int:
        return int(now // (self.window / PARTS)) if self.window is not None else 0
