"""What Asterisk tells, as typed values. `at` is when it reached us, in UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class ChannelState(StrEnum):
    """How far a channel is."""

    DOWN = "down"
    RING = "ring"
    """Somebody rings us and we have not answered."""
    RINGING = "ringing"
    """We ring somebody and their phone says that it rings."""
    UP = "up"
    BUSY = "busy"
    OTHER = "other"


class OriginateReason(IntEnum):
    """Why an Originate failed, as far as Asterisk says; the cause of the channel's hang-up says more."""

    FAILED = 0
    """The network said no, or no channel could be made at all."""
    HUNG_UP = 1
    TIMEOUT = 3
    """Our own time ran out, whether it rang or not."""
    BUSY = 5
    CONGESTION = 8
    OTHER = -1


@dataclass(frozen=True, slots=True)
class AmiEvent:
    """Anything the gateway tells its subscribers."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ChannelEvent(AmiEvent):
    """Something about one channel: its id, the id of the call's first channel, and its name."""

    uniqueid: str
    linkedid: str
    channel: str


@dataclass(frozen=True, slots=True)
class ChannelUp(ChannelEvent):
    """A channel exists now, ringing or dialling; it is not answered yet."""

    state: ChannelState
    caller_number: str
    caller_name: str
    context: str
    exten: str


@dataclass(frozen=True, slots=True)
class StateChanged(ChannelEvent):
    """A channel rings or is answered."""

    state: ChannelState


@dataclass(frozen=True, slots=True)
class HungUp(ChannelEvent):
    """A channel is gone: the Q.850 cause with Asterisk's words for it, and the SIP status if there was one.

    `sip_cause` is "" after a normal end. When we gave up ringing, Asterisk reports its own 480 here.
    """

    cause: int
    cause_text: str
    sip_cause: str


@dataclass(frozen=True, slots=True)
class BridgeEntered(ChannelEvent):
    """A channel is in a bridge: two or more who hear each other, or a `holding_bridge` where agents wait."""

    bridge_id: str
    technology: str
    size: int
    """How many are in it now."""


@dataclass(frozen=True, slots=True)
class BridgeLeft(ChannelEvent):
    """A channel has left a bridge."""

    bridge_id: str
    technology: str
    size: int


@dataclass(frozen=True, slots=True)
class OriginateAnswered(AmiEvent):
    """A call we placed was answered and its dialplan begins."""

    uniqueid: str
    channel: str
    action_id: str


@dataclass(frozen=True, slots=True)
class OriginateFailed(AmiEvent):
    """A call we placed was not answered. May come before or after its channel's `HungUp`, or without one."""

    uniqueid: str
    reason: OriginateReason
    action_id: str


@dataclass(frozen=True, slots=True)
class Quality(AmiEvent):
    """What RTP did on one leg, counted in packets at its end; None where Asterisk had no figure."""

    call_id: str
    leg: str
    rx_count: int | None
    tx_count: int | None
    rx_lost: int | None
    tx_lost: int | None


@dataclass(frozen=True, slots=True)
class ContactChanged(AmiEvent):
    """A phone registered, went away or stopped answering.

    Asterisk's words for `status`: `NonQualified`, `Reachable`, `Unreachable`, `Unknown`, `Removed`.
    """

    aor: str
    status: str
    uri: str


@dataclass(frozen=True, slots=True)
class Resynced(AmiEvent):
    """The connection is up and we know what is live: whatever was known before and is not in here is over."""

    live: frozenset[str]


@dataclass(frozen=True, slots=True)
class Disconnected(AmiEvent):
    """The connection is lost; what happens on the lines from now on is unknown until `Resynced`."""

    reason: str
