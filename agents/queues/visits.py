"""One caller's stay in a queue, from the moment they enter to the end of the wrap-up. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

QUARTER: Final = 900
"""Seconds of the finest interval that is reported."""


class VisitEnd(StrEnum):
    """How the waiting ended: exactly one a visit."""

    CONNECT = "connect"
    """An agent was joined."""
    ABANDON = "abandon"
    """They hung up."""
    TIMEOUT = "timeout"
    """They waited for as long as the queue allows, and went back to the flow."""
    KEY = "key"
    """They chose to be called back."""
    OVERFLOW = "overflow"
    """They were sent elsewhere because it took too long."""
    CLOSED = "closed"
    """The queue is not open, or closed while they waited."""
    EMPTY = "empty"
    """Nobody at work could ever take them."""


class Happening(StrEnum):
    """What happens in a visit besides its end."""

    ENTER = "enter"
    RING_NO_ANSWER = "ring_no_answer"
    """An agent was reserved, and their telephone was not there."""
    TOLD = "told"
    """Place and estimated wait were told."""
    OFFER = "offer"
    """A call-back was offered."""
    TALK_END = "talk_end"
    WRAP_END = "wrap_end"


def quarter_of(at: datetime) -> int:
    """The quarter of an hour that an instant is in, counted since 1970."""
    return int(at.timestamp()) // QUARTER


@dataclass(slots=True)
class Visit:
    """As far as it is known; times of day are UTC, lengths are seconds."""

    visit_id: str
    call_id: str
    queue: str
    node: str
    entered: datetime
    since: datetime
    """Since when they wait; sooner than `entered` for who came from another queue or was put back."""
    language: str = ""
    customer_id: str = ""
    tier: str = ""
    points: float = 0.0
    position: int = 0
    """At the beginning; 1 is the next."""
    front: bool = False
    """Put before all others."""
    reason: str = ""
    target: float = 20.0
    """The queue's at that time, as is `short`."""
    short: float = 5.0
    estimate: float | None = None
    """The first that was told."""
    end: VisitEnd | None = None
    ended: datetime | None = None
    waited: float = 0.0
    """From entering to the end of the waiting."""
    moved_to: str = ""
    """The queue that an overflow led to."""
    agent: str = ""
    ring: float = 0.0
    """From the agent's being reserved to the joining."""
    talk: float | None = None
    """Without hold; None while it goes on."""
    hold: float = 0.0
    wrap: float | None = None
    """None until the wrap-up is over."""
    finished: datetime | None = None
    """When the wrap-up was over."""
    steps: int = 0
    """How many events were written."""

    def finish(self, end: VisitEnd, at: datetime, *, moved_to: str = "") -> bool:
        """The waiting is over; False when it was already, and then nothing changes."""
        if self.end is not None:
            return False
        self.end, self.ended, self.moved_to = end, at, moved_to
        self.waited = max(0.0, (at - self.entered).total_seconds())
        return True

    def row(self) -> dict[str, Any]:
        """Its columns."""
        columns = asdict(self)
        columns["quarter"] = quarter_of(self.entered)
        columns["done_quarter"] = quarter_of(self.finished) if self.finished else None
        return columns


@dataclass(frozen=True, slots=True)
class Note:
    """One event of a visit."""

    visit_id: str
    step: int
    at: datetime
    kind: str
    queue: str
    call_id: str
    agent: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
