"""The estimated wait, from what was seen lately, and how it is told. Pure.

**Formula.** With `n` callers ahead, `m` agents at work who could take the caller, and `h` the mean seconds of
talk and wrap-up of late, agents become free at the rate `m / h`, and the caller's turn comes with the
`n + 1`st of them:

    estimate = (n + 1) × h ÷ m

It is the queue-length estimator of Whitt, "Predicting Queueing Delays" (Management Science 45, 1999), exact
when talks last exponentially long and nobody hangs up. As some do hang up it errs on the long side, which is
the honest one. An agent who is free now makes it nothing.

**Nothing is told** when nobody is at work, or fewer than five talks ended in the last two hours.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final

LEAST_TALKS: Final = 5
REMEMBERED_SECONDS: Final = 7200.0
MOST_TALKS: Final = 50
"""The latest so many talks of a queue count."""
MINUTE: Final = 60.0
MOST_MINUTES: Final = 30
"""A longer wait is told as "more than half an hour"."""
FINE_MINUTES: Final = 10
COARSE_MINUTES: Final = 5


def estimated_wait(ahead: int, agents: int, handling: float | None) -> float | None:
    """Seconds until somebody's turn; None when nobody can know."""
    if agents < 1 or handling is None:
        return None
    return (ahead + 1) * handling / agents


@dataclass(frozen=True, slots=True)
class Told:
    """An estimate as it is said: rounded up, to minutes and beyond ten to five of them."""

    minutes: int
    """0: less than one; the first number that is above `MOST_MINUTES`: more than so many."""

    @property
    def more(self) -> bool:
        """Whether it is longer than anybody wants to hear."""
        return self.minutes > MOST_MINUTES


def rounded(seconds: float | None) -> Told | None:
    """An estimate in words that promise no more than is known."""
    if seconds is None:
        return None
    if seconds < MINUTE:
        return Told(0)
    minutes = math.ceil(seconds / MINUTE)
    if minutes > FINE_MINUTES:
        minutes = math.ceil(minutes / COARSE_MINUTES) * COARSE_MINUTES
    return Told(min(minutes, MOST_MINUTES + 1))


@dataclass(slots=True)
class Handling:
    """How long talks of one queue take with their wrap-up, of late."""

    _seen: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=MOST_TALKS))

    def note(self, at: float, seconds: float) -> None:
        """One is over; `at` by a monotonic clock."""
        self._seen.append((at, seconds))

    def mean(self, now: float) -> float | None:
        """The mean of late; None while too few are known."""
        late = [seconds for at, seconds in self._seen if now - at <= REMEMBERED_SECONDS]
        return sum(late) / len(late) if len(late) >= LEAST_TALKS else None
