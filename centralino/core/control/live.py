"""Talks that are on in this core, each with the session of its customer."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agents import Reservation
from centralino.core.control.errors import NobodyTalksError
from centralino.core.control.shape import Shape
from centralino.core.control.steps import Step
from centralino.core.joining.ports import Line, TalkOrder
from values import CallId


@dataclass(slots=True)
class Guest:
    """Whom an agent asks, or somebody outside who has the customer now."""

    who: str
    """An agent's name, or what may be shown of a number."""
    reservation: Reservation | None = None
    """Of another agent; None for somebody outside."""
    leg: str = ""
    """The id of an outside channel."""
    channel: str = ""
    """Its name, once it has answered."""
    ringing: "asyncio.Task[None] | None" = None
    since: datetime | None = None
    """Since when they talk."""

    @property
    def inside(self) -> bool:
        """Whether it is an agent."""
        return self.reservation is not None


@dataclass(slots=True, eq=False)
class LiveTalk:
    """One talk."""

    line: Line
    order: TalkOrder
    holder: Reservation
    """The agent in charge; the last one when there is none."""
    recording: str
    shape: Shape
    since: datetime
    """Since when it stands as it does."""
    guest: Guest | None = None
    note: Mapping[str, object] = field(default_factory=dict)
    """What the agent is told beside the state: why somebody could not be reached, what a flow came to."""
    paused: datetime | None = None
    """Since when the recording holds silence."""
    bridged: bool = False
    """Whether the customer's session is in a bridge: a step begins only when they have parted."""
    music: bool | None = False
    """Whether the customer hears some; None while nobody knows: an earlier core may have left it on."""
    flows: int = 0
    """How many flows they were sent through."""
    let_go: bool = False
    """Whether the agent ended it for good, and the customer stayed."""
    in_vain: bool = False
    """Whether they waited for the next agent, and nobody came."""
    over: bool = False
    away: Reservation | None = None
    """The agent in charge while their leg is lost and may be back, unless the customer was with them: then
    the customer's own session waits for them."""
    left: Reservation | None = None
    """The first agent who was away and did not come back, so that the customer went to somebody else."""
    returning: "asyncio.Task[None] | None" = None
    """Waits for who is away."""
    step: Step | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether the customer is where the last step took them."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def call(self) -> CallId:
        """The customer's call."""
        return self.line.call_id

    def held_by(self, reservation: Reservation) -> bool:
        """Whether it is this agent who is in charge."""
        agent = self.shape.agent
        return self.holder is reservation and agent is not None and agent.who == reservation.agent

    def gives_up(self, reservation: Reservation) -> None:
        """An agent's part is over: if they are away nobody waits for them any more."""
        if self.away is not reservation:
            return
        self.away = None
        if self.returning is not None:
            self.returning.cancel()

    def put(self, step: Step) -> None:
        """Have the customer's session do this next."""
        self.step = step
        self.settled.clear()
        self.news.set()

    def next_step(self) -> Step | None:
        """What is to be done now; None when nothing is."""
        step, self.step = self.step, None
        self.news.clear()
        return step


class Talks:
    """All of them, by agent and by call."""

    def __init__(self) -> None:
        self._talks: dict[CallId, LiveTalk] = {}
        self._arrival = asyncio.Event()

    def __iter__(self) -> Iterator[LiveTalk]:
        return iter(list(self._talks.values()))

    def add(self, talk: LiveTalk) -> None:
        """It is on."""
        self._talks[talk.call] = talk
        self._arrival.set()
        self._arrival = asyncio.Event()

    def remove(self, talk: LiveTalk) -> None:
        """It is over."""
        talk.over = True
        if self._talks.get(talk.call) is talk:
            del self._talks[talk.call]

    def of_call(self, call: str) -> LiveTalk | None:
        """The talk of a call."""
        return self._talks.get(CallId(call))

    def of_agent(self, agent: str) -> LiveTalk | None:
        """The talk an agent is in charge of."""
        for talk in self._talks.values():
            if talk.holder.agent == agent and (party := talk.shape.agent) and party.who == agent:
                return talk
        return None

    def asking(self, agent: str) -> LiveTalk | None:
        """The talk in which an agent is asked for advice."""
        for talk in self._talks.values():
            guest = talk.guest
            if guest is not None and guest.reservation and guest.reservation.agent == agent:
                return talk
        return None

    def must(self, agent: str) -> LiveTalk:
        """The talk an agent is in charge of. Raises `NobodyTalksError`."""
        talk = self.of_agent(agent)
        if talk is None:
            raise NobodyTalksError(f"{agent[:40]} talks to nobody.")
        return talk

    def check(self, talk: LiveTalk, agent: str) -> None:
        """Look again after a wait: an agent may be in charge no more. Raises `NobodyTalksError`."""
        if talk.over or self.of_agent(agent) is not talk:
            raise NobodyTalksError(f"{agent[:40]} talks to nobody.")

    async def arrives(self, call: str) -> LiveTalk:
        """Wait until the talk of a call is here."""
        while (talk := self.of_call(call)) is None:
            await self._arrival.wait()
        return talk
