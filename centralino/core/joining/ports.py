"""What joining is asked to do, and what it needs from others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from agents import Reservation
from agents.queues import Visit
from dialer import Machines
from ivr.ports import Conversation
from values import AttemptId, CallId, PhoneNumber, Scalar, TransferEnd


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

    async def bridge(self, channel: str, *, park: str = ...) -> bool:
        """Join a channel and stay until the talk is over; False when it could not be joined.

        `park`: where the channel goes then; an agent's back to its park.
        """
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


class Meeting(Protocol):
    """An agent whom a queue has given to a caller."""

    @property
    def reservation(self) -> Reservation:
        """Who holds them."""
        ...

    @property
    def order(self) -> TalkOrder:
        """Who it is, for the agent's screen."""
        ...

    @property
    def visit(self) -> Visit:
        """Their stay in the queue."""
        ...


class Reception(Protocol):
    """The named queues; `queueing.Hall` is one."""

    async def receive(self, line: Line, order: TalkOrder, name: str) -> Meeting | TransferEnd:
        """Wait in a queue: an agent, or how the flow goes on. Raises `HangupError`."""
        ...

    def goes_on(self, call_id: str) -> bool:
        """Whether a call whose talk is over goes to a queue (again)."""
        ...

    def not_there(self, met: Meeting) -> None:
        """The agent's telephone was not there: the caller keeps their place."""
        ...

    def lost(self, met: Meeting) -> None:
        """Their agent's network fell in mid-talk, for good: the caller goes before everybody else."""
        ...

    def left(self, met: Meeting) -> None:
        """The caller hung up before they were joined."""
        ...


LeaveMessage = Callable[[Line, TalkOrder], Awaitable[bool]]
"""Say the campaign's message to a machine; whether it was said to its end."""
OptOut = Callable[[TalkOrder], Awaitable[None]]
"""The customer wants no more such calls: it holds when this returns. Raises `StoreUnavailableError`."""
Pop = Callable[[Mapping[str, object]], None]
"""Show an agent who it is, now; must not block."""


class Met(StrEnum):
    """What came of joining the customer with somebody."""

    NEVER = "never"
    """The other channel was not there; the customer still is."""
    OVER = "over"
    """They were joined and are no more; the customer is still there."""
    GONE = "gone"
    """They were joined, and the customer hung up."""


class Join(Protocol):
    """Joins the customer with a channel and stays until they part."""

    async def __call__(
        self, line: Line, channel: str, tell: Callable[[datetime], None], *, park: str = ""
    ) -> Met:
        """`tell` is called in the moment in which they hear each other; `park`: where the channel goes then.

        Raises `HangupError` when the customer hung up before they were joined.
        """
        ...


class Opinions(Protocol):
    """Asks drawn customers what they think of the talk they have just had."""

    def begins(self, order: TalkOrder, call: CallId, agent: str) -> None:
        """Customer and agent hear each other: whether this customer is asked is drawn now. Does not block."""
        ...

    def parted(self, call: CallId, *, fit: bool, left: bool = False) -> None:
        """They hear each other no more; `fit`: one agent had the customer until either hung up.

        `left`: that agent's network fell, or they put their telephone down on a customer who was on hold.
        """
        ...

    async def ask(self, line: Line, order: TalkOrder) -> bool:
        """See a drawn customer through the questions; False for everybody else, at once.

        Raises `HangupError` when they hang up meanwhile.
        """
        ...


class Steered(Protocol):
    """A talk that may be steered."""

    bridged: bool
    """Whether the customer's session is in a bridge."""

    @property
    def holder(self) -> Reservation:
        """The agent in charge; the last one when there is none."""
        ...

    @property
    def waits(self) -> bool:
        """Whether there is something to do for the customer's session."""
        ...

    async def called(self) -> None:
        """Wait until there is."""
        ...

    @property
    def held(self) -> bool:
        """Whether an agent is in charge."""
        ...

    @property
    def left(self) -> Reservation | None:
        """The agent who was lost while the customer was on hold or in a flow, and did not come back."""
        ...

    @property
    def let_go(self) -> bool:
        """Whether the agent ended it for good, and the customer is still there."""
        ...

    @property
    def in_vain(self) -> bool:
        """Whether the customer waited for the next agent, and nobody came."""
        ...

    def joined(self) -> None:
        """They hear each other."""
        ...

    async def go_on(self, join: Join) -> None:
        """Do what waits to be done, until nothing does. Raises `HangupError`."""
        ...

    def over(self) -> None:
        """The talk is over."""
        ...


class Control(Protocol):
    """Steers talks; `centralino.core.control` has it."""

    def begins(self, line: Line, order: TalkOrder, reservation: Reservation, recording: str) -> Steered:
        """Customer and agent are about to be joined."""
        ...

    async def left_by(self, line: Line) -> str:
        """The agent whose customer was on hold when an earlier core fell; '' for everybody else."""
        ...

    def resumes(self, line: Line, order: TalkOrder, agent: str) -> Steered:
        """That customer is back, and on hold (again)."""
        ...
