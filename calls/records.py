"""What is written down about a call, as plain values; `calls.Journal` puts them into the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from values import CallId, Scalar


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallState(StrEnum):
    """Where a call's record stands."""

    UP = "up"
    ENDED = "ended"
    INTERRUPTED = "interrupted"
    """Ended while nobody was looking (the core or Asterisk died); its end time is when that was noticed."""


class SegmentKind(StrEnum):
    """What a stretch of a call was."""

    RING = "ring"
    FLOW = "flow"
    QUEUE = "queue"
    TALK = "talk"
    HOLD = "hold"
    WRAP_UP = "wrap_up"
    CONSULT = "consult"
    """An agent asked somebody else for advice, apart from the customer."""
    PAUSE = "pause"
    """The recording held silence."""


@dataclass(frozen=True, slots=True)
class CallStart:
    """A call came up."""

    call_id: CallId
    direction: Direction
    at: datetime
    node: str
    trunk: str
    caller: str
    """Who calls, E.164 where it can be told, else as the network gave it."""
    dialled: str
    """Whom: the service number (0611) or the customer's."""
    flow: str = ""
    flow_version: str = ""
    attempt_id: str = ""
    customer_id: str = ""


@dataclass(frozen=True, slots=True)
class CallEnd:
    """A call is over."""

    call_id: CallId
    at: datetime
    cause: int
    """Q.850 hang-up cause; 0 when unknown."""
    sip_cause: str = ""
    """As the far end put it: `486 Busy Here`."""
    outcome: str = ""
    """The flow's outcome, '' when it did not reach its end."""
    goal: bool = False
    state: CallState = CallState.ENDED


@dataclass(frozen=True, slots=True)
class LineQuality:
    """How the voice fared, counted by Asterisk at the end of a leg."""

    call_id: CallId
    leg: str
    received: int
    sent: int
    lost_in: int
    lost_out: int

    @property
    def one_way(self) -> bool:
        """Whether only one side was heard: fifty packets (a second) one way and none the other."""
        return (self.sent >= 50) != (self.received >= 50) and min(self.sent, self.received) == 0  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one leg."""

    call_id: CallId
    leg: str
    kind: SegmentKind
    began: datetime
    ended: datetime | None = None
    party: str = ""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of a flow, written when the caller leaves it."""

    call_id: CallId
    seq: int
    """0, 1, 2… within the call."""
    path: str
    """Where: `welcome`, or inside a sub-flow `identify>ask_number` (the step that ran it, then its step)."""
    flow: str
    version: str
    kind: str
    entered: datetime
    left: datetime
    how: str
    """Why it was left: done, key, no_input, no_match, repeat, back, operator, ok, error, timeout, hangup…"""
    keys: str = ""
    """What was keyed; dots when private."""
    next_path: str = ""
    """Where it went; '' at the end."""
    values: Mapping[str, Scalar] = field(default_factory=dict)
    """Variables set in this step; private ones never."""


@dataclass(frozen=True, slots=True)
class RecordingMade:
    """A recording, as a row: the file and how long it may be kept."""

    call_id: CallId
    path: str
    seconds: float
    at: datetime
    purpose: str
    consent: bool
    expires: datetime
    legal_hold: bool = False
