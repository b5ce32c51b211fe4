"""What joining is asked to do, and what it needs from others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from agents import Reservation
from dialer import Machines
from ivr.ports import Conversation
from values import AttemptId, CallId, PhoneNumber, Scalar


@dataclass(frozen=True, slots=True)
class TalkOrder:
    """A call that is to meet an agent: one of ours that was answered, or a caller whom their flow sends."""

    attempt_id: AttemptId
    """'' when the dialler has no part in it, and is told nothing."""
    campaign: str
    number: PhoneNumber
    caller_id: str
    """What was shown; it is also where a customer can ring to opt out."""
    contact_id: str = ""
    customer_id: str = ""
    title: str = ""
    """The campaign's, for the agent's screen."""
    profile: str = "none"
    """The jurisdiction whose clock runs."""
    purpose: str = "service"
    skill: str = ""
    agent: str = ""
    """The agent it was promised to; '' for anybody."""
    machines: Machines = Machines.IGNORE
    message: str = ""
    """The flow said to a machine after its beep."""
    record: bool = False
    wrap_seconds: float | None = None
    language: str = ""
    queue: str = ""
    """The queue they came through; '' when through none."""
    reason: str = ""
    """Why they ring, as they chose it."""
    path: Sequence[str] = ()
    """What they chose in the menus, in turn."""
    waited: float | None = None
    """Seconds in the queue."""
    fields: Mapping[str, Scalar] = field(default_factory=dict)


class Outcome(StrEnum):
    """What a call that was to meet an agent came to."""

    TALKED = "talked"
    """An agent was joined; what the talk came to is the agent's disposition."""
    ABANDONED = "abandoned"
    """A person answered, and nobody was free within the law's time."""
    MACHINE = "machine"
    MESSAGE_LEFT = "message_left"
    SCREENING = "screening"
    """A telephone's assistant asked who calls, and nobody came to the line."""
    HANGUP = "hangup"
    """They hung up before their time was over."""


class Line(Conversation, Protocol):
    """The customer's line: spoken to like any, and what else joining does with it. `agi.Session` is one."""

    @property
    def call_id(self) -> CallId:
        """The call's id, which is its attempt's."""
        ...

    async def execute(self, app: str, *args: str) -> str:
        """Run one of Asterisk's applications."""
        ...

    async def get_variable(self, name: str) -> str:
        """A channel variable; '' when it is not set."""
        ...

    async def set_language(self, language: str) -> None:
        """Which language the line speaks."""
        ...

    async def bridge(self, channel: str) -> bool:
        """Join a parked channel and stay until the talk is over; False when it could not be joined."""
        ...

    async def gone(self) -> None:
        """Wait until the customer is gone."""
        ...

    async def pressed(self, keys: str) -> str:
        """Wait for one of these keys while nothing else is done on the line; others are dropped."""
        ...


class Dialler(Protocol):
    """What the dialler is told; `dialer.DialLoop.witness` is one."""

    def analysing(self, attempt_id: AttemptId) -> None:
        """Whether a person or a machine answered is being found out."""
        ...

    def detected(self, attempt_id: AttemptId, *, amd: str, cause: str, at: datetime) -> None:
        """It is known."""
        ...

    def abandoned(self, attempt_id: AttemptId) -> None:
        """A person had no agent in time; what follows is the message."""
        ...

    def joined(self, attempt_id: AttemptId, *, agent: str, at: datetime, recording: str = "") -> None:
        """Customer and agent hear each other."""
        ...

    def released(self, attempt_id: AttemptId, *, at: datetime) -> None:
        """The talk is over."""
        ...

    def call_finished(self, attempt_id: AttemptId, outcome: str, *, goal: bool = False) -> None:
        """The call is over, and what it came to."""
        ...


class Legs(Protocol):
    """Where agents' legs are."""

    def leg(self, agent: str) -> str | None:
        """The name of the channel that waits in its park; None when there is none."""
        ...

    async def lost(self, agent: str) -> bool:
        """Whether the leg that has just left a talk went with its network, and was not put down."""
        ...

    async def rejoin(self, reservation: Reservation, seconds: float) -> bool:
        """Wait for so long for a lost leg; True when it waits in its park again and the talk goes on."""
        ...


LeaveMessage = Callable[[Line, TalkOrder], Awaitable[bool]]
"""Say the campaign's message to a machine; whether it was said to its end."""
OptOut = Callable[[TalkOrder], Awaitable[None]]
"""The customer wants no more such calls: it holds when this returns. Raises `StoreUnavailableError`."""
Joined = Callable[[str, datetime], None]
"""An agent and the customer hear each other since; must not block."""
Pop = Callable[[Mapping[str, object]], None]
"""Show an agent who it is, now; must not block."""
