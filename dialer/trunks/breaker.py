"""When a trunk that refuses everything is left alone for a while, and how it comes back. Pure."""

from dataclasses import dataclass
from enum import StrEnum

MOST_REST_SECONDS = 600.0
"""No rest is longer: a trunk that works again is found out about within ten minutes."""
PROBE_SECONDS = 60.0
"""A probing call of which nothing was heard for so long counts no more; another may probe."""

_THE_NUMBERS_OWN = frozenset({1, 17, 22, 28})
"""Q.850 causes that tell of who was called: unallocated, busy, changed, not complete. Others (absent, no
route, rejected) are also what our own switch says of a trunk that is not there or lets nobody in."""
_THE_NUMBERS_OWN_SIP = frozenset({"404", "410", "480", "484", "486", "600", "603", "604"})
"""The same told by SIP (RFC 3398, section 8.2.6.1)."""


class BreakerState(StrEnum):
    """Whether calls may start on a trunk."""

    OPEN_TO_CALLS = "working"
    RESTING = "resting"
    """It refused too many in a row; nothing starts on it."""
    PROBING = "probing"
    """Its rest is over: one call may show whether it works again."""


def numbers_own(cause: int, sip_cause: str) -> bool:
    """Whether a refusal says something about the number rather than the trunk.

    `cause` is the Q.850 cause, 0 when unknown; `sip_cause` the far end's own words, as `404 Not Found`.
    """
    status = sip_cause[:3]
    if status.isdigit():
        return status in _THE_NUMBERS_OWN_SIP
    return cause in _THE_NUMBERS_OWN


@dataclass(slots=True)
class Breaker:
    """One trunk's: trips after `refusals` in a row, rests, lets one call probe, and rests twice as long.

    Times are seconds of any one monotonic clock, handed in.
    """

    refusals: int
    rest_seconds: float
    in_a_row: int = 0
    until: float | None = None
    """When its rest is over; None when it is not resting."""
    _rest: float = 0.0
    _probe: float | None = None

    def state(self, now: float) -> BreakerState:
        """How it stands."""
        if self.until is None:
            return BreakerState.OPEN_TO_CALLS
        return BreakerState.RESTING if now < self.until else BreakerState.PROBING

    def lets_through(self, now: float) -> bool:
        """Whether a call may start now; `started` says that one did."""
        return self.wait(now) <= 0

    def wait(self, now: float) -> float:
        """Seconds until a call may start: of rest, or until a silent probe is given up; 0 for now."""
        if self.until is None:
            return 0.0
        probed = self._probe + PROBE_SECONDS if self._probe is not None else now
        return max(self.until, probed) - now

    def started(self, now: float) -> None:
        """A call starts; it is the probe when the rest is over."""
        if self.until is not None:
            self._probe = now

    def unused(self) -> None:
        """The call that was to start did not."""
        self._probe = None

    def accepted(self) -> bool:
        """The trunk took a call through: busy, unanswered or answered. Whether it had been resting."""
        was_resting = self.until is not None
        self.in_a_row, self.until, self._rest, self._probe = 0, None, 0.0, None
        return was_resting

    def refused(self, now: float) -> float | None:
        """It refused a call before anything rang; gives the seconds of rest when one begins.

        Refusals of calls that were under way when it tripped do not count again.
        """
        self.in_a_row += 1
        if self.until is not None:
            if self._probe is None:
                return None
        elif self.in_a_row < self.refusals:
            return None
        self._rest = min(self._rest * 2 or self.rest_seconds, MOST_REST_SECONDS)
        self.until, self._probe = now + self._rest, None
        return self._rest
