"""Ticks: what happens on thousands of lines within some seconds happens together."""

import math
from typing import Final

from values import Clock

TICK: Final = 30.0
"""Seconds. Ringing, listening and waiting for keys end at the next tick."""
_A_HAIR: Final = 1e-6


def until_tick(clock: Clock, seconds: float) -> float:
    """How long to wait so that at least so many seconds have passed, and a tick has come."""
    now = clock.monotonic()
    return max(0.0, math.ceil((now + seconds - _A_HAIR) / TICK) * TICK - now)
