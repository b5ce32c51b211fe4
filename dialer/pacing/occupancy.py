"""A cap on how busy agents may be: talk and wrap-up over staffed time.

Busy time above the cap is a debt in agent-seconds; as it grows, more agents are left alone. The debt settles
where the agents left alone keep occupancy at the cap, so that its mean holds over the day.
"""

from values import BadInputError

PER_AGENT = 60.0
"""Agent-seconds of debt for which one more agent is left alone."""
BANKED = 15.0
"""Seconds a staffed agent may be ahead: idle time long ago allows no rush now."""
LONGEST_STEP = 10.0
"""Seconds between two looks, at most; a longer pause is not known to have been like this."""


class OccupancyCap:
    """How many free agents to leave alone."""

    def __init__(self, cap: float | None) -> None:
        self.cap = cap
        self._debt = 0.0
        self._last: float | None = None

    @property
    def cap(self) -> float | None:
        """The highest occupancy, above 0 to 1; None for no cap."""
        return self._cap

    @cap.setter
    def cap(self, cap: float | None) -> None:
        if cap is not None and not 0 < cap <= 1:
            raise BadInputError(f"must be a share above 0, up to 1, not {cap}", field="max_occupancy")
        self._cap = cap
        self._debt = 0.0

    def left_alone(self, now: float, busy: int, staffed: int) -> int:
        """How many free agents get no call at this moment."""
        passed = 0.0 if self._last is None else min(LONGEST_STEP, max(0.0, now - self._last))
        self._last = now
        if self._cap is None or self._cap >= 1:
            return 0
        debt = self._debt + passed * (busy - self._cap * staffed)
        self._debt = min(PER_AGENT * staffed, max(-BANKED * staffed, debt))
        return max(0, round(self._debt / PER_AGENT))
