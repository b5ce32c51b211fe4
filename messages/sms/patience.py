"""How long a text is tried that the carrier does not take. Pure."""

from datetime import datetime, timedelta
from typing import Final

WAITS: Final = (10, 60, 300, 900, 1800, 3600, 7200)
"""Seconds after each failed try; after the last, some four hours in all, it is refused."""
SPREAD: Final = 0.2
HAND_OVER: Final = timedelta(seconds=120)
"""How long handing one over may take; after that nobody knows whether it went."""
WORD: Final = timedelta(hours=72)
"""How long the network may take to say what became of one; carriers themselves try no longer."""
LIVES: Final = timedelta(days=2)
"""How long a text waits for its turn unless its writer says otherwise."""


def next_try(tries: int, now: datetime, *, chance: float) -> datetime | None:
    """When to try again after so many failed tries; None when it was the last. `chance` is 0 to 1."""
    if tries > len(WAITS):
        return None
    return now + timedelta(seconds=WAITS[tries - 1] * (1 + SPREAD * (chance - 0.5)))
