"""How long an endpoint that does not answer is tried. Pure."""

from datetime import datetime, timedelta
from typing import Final

WAITS: Final = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800)
"""Seconds after each failed try; after the last, about a day in all, an event is dead."""
STOP_AFTER: Final = timedelta(days=2)
"""An endpoint that has taken nothing for so long is stopped."""
STOP_TRIES: Final = 20
"""And has failed at least so often."""
LONGEST_ASKED: Final = 3600.0
"""An endpoint may ask for so many seconds (`Retry-After`)."""
SPREAD: Final = 0.2


def next_try(tries: int, now: datetime, *, chance: float, asked: float = 0.0) -> datetime | None:
    """When to try again after so many failed tries; None when it was the last.

    `chance` is 0 to 1: waits differ by a fifth, so that all do not come back at once.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1] * (1 + SPREAD * (chance - 0.5))
    return now + timedelta(seconds=max(wait, min(asked, LONGEST_ASKED)))


def is_hopeless(failing_since: datetime | None, failures: int, now: datetime) -> bool:
    """Whether an endpoint is to be stopped."""
    return failing_since is not None and failures >= STOP_TRIES and now - failing_since >= STOP_AFTER
