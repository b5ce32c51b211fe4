"""What steering a talk needs of the switch, of agents, flows and the public network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from agents import Reservation
from centralino.core.joining.ports import Join, Line, Met, TalkOrder
from values import PhoneNumber, Scalar

__all__ = [
    "Answer",
    "FlowEnd",
    "Flows",
    "Join",
    "Met",
    "NextAgent",
    "Outside",
    "Pop",
    "Seats",
    "Switch",
    "Wanted",
]


class Switch(Protocol):
    """Asterisk, as far as talks are steered from outside their own session. All of it is quick."""

    def name_of(self, uniqueid: str) -> str:
        """A live channel's name; '' when there is none, or nobody knows."""
        ...

    async def send(self, channel: str, context: str, exten: str, *, beside: str = "") -> bool:
        """Send a channel elsewhere in the dialplan; `beside`: the channel it is to meet there.

        False when it is gone.
        """
        ...

    async def mark(self, channel: str, name: str, value: str) -> None:
        """Set a variable of a channel. Nothing happens when it is gone."""
        ...

    async def mute_recording(self, channel: str, *, muted: bool) -> None:
        """Have the recording of a channel hold silence from now on, or voices again."""
        ...

    async def hang_up(self, channel: str) -> None:
        """End a channel. Nothing happens when it is gone already."""
        ...


class Seats(Protocol):
    """Where agents' legs are, whatever they do; `agents.Shift` is one."""

    def channel(self, agent: str) -> str | None:
        """The channel of an agent's leg; None while it is not up."""
        ...

    async def rejoin(self, reservation: Reservation, seconds: float) -> bool:
        """Wait for so long for a lost leg; True when it waits in its park again and the talk goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of ringing somebody outside."""

    channel: str
    """The channel that answered; '' when nobody did."""
    why: str = ""
    """Why nobody did: `busy`, `no_answer`, `refused`, `failed`."""


class Outside(Protocol):
    """Legs to the public network, behind the gate."""

    def known(self, target: str) -> PhoneNumber:
        """The number of a named target, or one that was typed in.

        Raises `ForbiddenTargetError` with the gate's words when nobody may be put through there.
        """
        ...

    async def ring(self, leg: str, number: PhoneNumber, exten: str, *, beside: str = "") -> Answer:
        """Ring it; who answers goes to the dialplan's `consult`, `exten`, beside that channel.

        When cancelled the leg is ended.
        """
        ...

    def over(self, leg: str) -> None:
        """Its line is free again."""
        ...


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """What a flow in mid-talk came to: what the agent may know of it."""

    outcome: str
    goal: bool


class Flows(Protocol):
    """Flows that a customer is sent through in mid-talk."""

    def known(self, flow: str) -> bool:
        """Whether there is a published one of this name."""
        ...

    async def run(
        self, line: Line, order: TalkOrder, flow: str, fields: Mapping[str, Scalar], times: int
    ) -> FlowEnd:
        """See them through it, the `times`-th in this call. Raises `HangupError`."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a customer waits for."""

    queue: str = ""
    skill: str = ""
    agent: str = ""
    """Rather this one than another."""
    fields: Mapping[str, str] = field(default_factory=dict)


class NextAgent(Protocol):
    """The line of those who wait for an agent. Customers who were promised one go before the others."""

    def known(self, queue: str) -> bool:
        """Whether there is a queue of this name."""
        ...

    def serves(self, order: TalkOrder, call: str, queue: str) -> bool:
        """Whether it is open, and somebody is at work who could take this customer."""
        ...

    def pick(self, order: TalkOrder, call: str, queue: str) -> Reservation | None:
        """An agent of the queue who is free at once; None when nobody is."""
        ...

    async def turn(
        self, line: Line, order: TalkOrder, wanted: Wanted
    ) -> tuple[Reservation, TalkOrder] | None:
        """Wait; they hear music already. An agent, and what their screen shows; None when it took too long.

        Raises `HangupError`.
        """
        ...

    def not_there(self, call: str) -> None:
        """The agent of their turn was not there: they wait on."""
        ...

    def left(self, call: str) -> None:
        """They hung up; nothing happens unless they were not joined with the agent of their turn yet."""
        ...


Pop = Callable[[Mapping[str, object]], None]
