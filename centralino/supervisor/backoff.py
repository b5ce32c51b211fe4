"""How long to wait before a part is started again."""

from dataclasses import dataclass

FIRST = 0.2
LONGEST = 15.0
STEADY = 30.0
"""Seconds of life after which a part has earned a fresh start."""


@dataclass(slots=True)
class Backoff:
    """Short after the first fall, twice as long after each further one, short again after a steady life."""

    falls: int = 0

    def after(self, lived: float) -> float:
        """Seconds to wait, now that it fell after having lived for so many."""
        self.falls = 0 if lived >= STEADY else self.falls
        wait = min(FIRST * 2.0**self.falls, LONGEST)
        self.falls += 1
        return wait
