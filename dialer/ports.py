"""What the dialler needs from the telephone network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from values import AttemptId, PhoneNumber


class DialEnd(StrEnum):
    """How ringing somebody ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    """The network refused before anything rang (unallocated, congestion, forbidden)."""
    FAILED = "failed"
    """It cannot be known what happened: the switch went away in between."""


@dataclass(frozen=True, slots=True)
class Order:
    """One call to place. Its attempt is already committed."""

    attempt_id: AttemptId
    number: PhoneNumber
    trunk: str
    caller_id: str
    ring_seconds: float
    variables: Mapping[str, str] = field(default_factory=dict)
    """Channel variables for the answered call; names are upper case."""
    account: str = ""
    """The contact, for the switch's own call record."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """What came of it."""

    end: DialEnd
    cause: int
    sip_cause: str
    placed: datetime
    answered: datetime | None
    over: datetime
    ringing: datetime | None = None
    """When the far end began to ring, where it said so."""


class Lines(Protocol):
    """The telephone network, as far as the dialler is concerned."""

    async def dial(self, order: Order) -> Dialled:
        """Ring; return as soon as it is answered, refused or over. Never raises for what the network does."""
        ...

    async def hang_up(self, attempt_id: AttemptId) -> None:
        """End a call that is ringing or up. Nothing happens when it is gone already."""
        ...

    async def live(self) -> frozenset[AttemptId]:
        """The attempts whose channel exists now. Raises when the switch cannot be asked."""
        ...
