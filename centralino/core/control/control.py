"""The face of call control towards joining: talks begin here, go on step by step, and end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from agents import AgentState, Desk, Reservation, Seat
from ami import HungUp
from centralino.core.control.guests import LEG_PREFIX, Guests
from centralino.core.control.live import LiveTalk, Talks
from centralino.core.control.parting import Parting
from centralino.core.control.pausing import Pauses
from centralino.core.control.ports import Join, Outside, Seats, Wanted
from centralino.core.control.shape import Place, State, talk_of
from centralino.core.control.steps import Hold, Queue
from centralino.core.control.through import TALK, Through
from centralino.core.joining.ports import Line, TalkOrder
from values import Clock

log = structlog.get_logger(__name__)

BACK_SECONDS = 10.0
"""How long an agent whose leg is lost may take to be back, while their customer is on hold."""
RECORDED = "MIXMONITOR_FILENAME"
"""The channel variable in which Asterisk names the file of a recording."""


class Control:
    """Satisfies `joining.ports.Control`; hears of legs that are gone."""

    def __init__(
        self,
        talks: Talks,
        desk: Desk,
        seats: Seats,
        through: Through,
        guests: Guests,
        outside: Outside,
        parting: Parting,
        pauses: Pauses,
        clock: Clock,
        *,
        back_seconds: float = BACK_SECONDS,
    ) -> None:
        self._talks = talks
        self._desk = desk
        self._seats = seats
        self._through = through
        self._guests = guests
        self._outside = outside
        self._parting = parting
        self._pauses = pauses
        self._clock = clock
        self._back_seconds = back_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        desk.on_change(self._turned)

    def begins(self, line: Line, order: TalkOrder, reservation: Reservation, recording: str) -> "Reins":
        """Customer and agent are about to be joined."""
        shape, now = talk_of(reservation.agent), self._clock.now()
        return Reins(self, LiveTalk(line, order, reservation, recording, shape, now, bridged=True))

    def joined(self, talk: LiveTalk) -> None:
        """They hear each other."""
        self._desk.keep(talk.holder.agent, kept=False)
        self._talks.add(talk)
        self._parting.changed(talk)

    async def left_by(self, line: Line) -> str:
        """The agent whose customer was on hold when an earlier core fell; '' for everybody else."""
        return await line.get_variable(TALK)

    def resumes(self, line: Line, order: TalkOrder, agent: str) -> "Reins":
        """That customer is back, and on hold (again); for the next agent if theirs is not there."""
        seat = self._desk.seat(agent)
        token = seat.token if seat else 0
        reservation, shape = Reservation(agent, line.call_id, token), talk_of(agent).hold()
        talk = LiveTalk(line, order, reservation, "", shape, self._clock.now(), music=None)
        self._desk.keep(agent, kept=True)
        self._talks.add(talk)
        if self._desk.talks_on(agent, line.call_id):
            talk.put(Hold())
        else:
            self._desk.keep(agent, kept=False)
            talk.put(Queue(Wanted(skill=order.skill, agent=agent), why="returned", sender=agent))
        log.info("talk.resumed", call=talk.call, agent=agent, held=isinstance(talk.step, Hold))
        return Reins(self, talk)

    async def go_on(self, talk: LiveTalk, join: Join) -> None:
        """Do what waits to be done, until nothing does. Raises `HangupError`."""
        if not talk.recording and (file := await talk.line.get_variable(RECORDED)):
            talk.recording = file  # it has been going on since an earlier core
        self._parting.changed(talk)
        await self._through.go_on(talk, join)

    def over(self, talk: LiveTalk) -> None:
        """The talk is over: whoever is still there is let go."""
        if talk.over:
            return
        self._talks.remove(talk)
        self._pauses.note(talk)
        if talk.away is not None:
            talk.gives_up(talk.away)
        agent = talk.shape.agent
        if agent is not None:
            if agent.place is not Place.TALK or len(talk.shape.parties) > 2:  # noqa: PLR2004
                self._spawn(self._parting.park(agent.who))
            self._parting.free(talk.holder, talk)
        if talk.guest is not None:
            self._spawn(self._guests.let_go(talk))

    def heard_hangup(self, event: HungUp) -> None:
        """A channel is gone: perhaps somebody outside who was asked, or has a customer of ours."""
        if not event.uniqueid.startswith(LEG_PREFIX):
            return
        for talk in self._talks:
            if talk.guest is not None and talk.guest.leg == event.uniqueid and talk.guest.channel:
                self._guest_gone(talk)
        self._outside.over(event.uniqueid)

    async def close(self) -> None:
        """Stop; whoever talks goes on talking."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._guests.close()

    # Inside.

    def _turned(self, seat: Seat, before: AgentState) -> None:
        """An agent's talk ended without their own doing: their leg is lost."""
        if before is not AgentState.TALKING or seat.state is AgentState.TALKING:
            return
        if talk := self._talks.asking(seat.agent):
            self._guest_gone(talk)
        elif (talk := self._talks.of_agent(seat.agent)) and talk.call == seat.call:
            self._agent_gone(talk)

    def _guest_gone(self, talk: LiveTalk) -> None:
        guest, talk.guest = talk.guest, None
        if guest is None:
            return
        self._guests.note(talk, guest)
        if guest.reservation is not None:
            self._parting.free(guest.reservation, talk)  # their page shows them in it no more
        talk.shape = talk.shape.without_adviser()
        talk.note = {"left": guest.who}
        self._parting.changed(talk)

    def _agent_gone(self, talk: LiveTalk) -> None:
        """In mid-talk their customer's session sees to it; else it is told what to do next.

        Also when that session has heard sooner than we that they have parted, or is about to join them. Both
        never wait for one agent: who waits on when the customer has hung up gives them a talk with nobody.
        """
        state = talk.shape.state
        if state is State.TALKING:
            return
        log.warning("talk.agent_lost", call=talk.call, agent=talk.holder.agent, state=state)
        if state is State.CONFERENCE:
            self._others_go_on(talk)
            return
        if talk.guest is not None:
            self._spawn(self._guests.let_go(talk))
            talk.shape = talk.shape.without_adviser()
        talk.away = talk.holder
        talk.returning = self._spawn(self._unless_back(talk, talk.holder))

    async def _unless_back(self, talk: LiveTalk, mine: Reservation) -> None:
        """A page that is loaded anew is back in a second; else the customer goes to somebody else.

        Ends as soon as the talk does, or the agent's part in it (`LiveTalk.gives_up`); and does nothing when
        the customer is somebody else's by then.
        """
        back = await self._seats.rejoin(mine, self._back_seconds)
        if talk.returning is asyncio.current_task():
            talk.away = talk.returning = None
        if talk.over or not talk.held_by(mine):
            return
        if back:
            self._desk.keep(mine.agent, kept=True)
            self._parting.changed(talk)
            return
        in_flow = talk.shape.state is State.IN_FLOW
        talk.left = talk.left or mine
        talk.shape = talk.shape.without(mine.agent)
        self._parting.free(mine, talk)
        if not in_flow:
            wanted = Wanted(skill=talk.order.skill, agent=mine.agent)
            talk.put(Queue(wanted, why="returned", sender=mine.agent))

    def _others_go_on(self, talk: LiveTalk) -> None:
        """Of three, the two who are left talk on."""
        guest, mine = talk.guest, talk.holder
        talk.shape = talk.shape.without(mine.agent)
        if guest is not None and guest.reservation is not None:
            self._guests.note(talk, guest)
            talk.guest, talk.shape = None, talk_of(guest.who)
            self._parting.takes_over(guest.reservation, talk)
            self._desk.keep(guest.who, kept=False)
        self._parting.free(mine, talk)
        self._parting.changed(talk)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class Reins:
    """One talk in the hands of joining (`joining.ports.Steered`)."""

    def __init__(self, control: Control, talk: LiveTalk) -> None:
        self._control = control
        self._talk = talk

    @property
    def bridged(self) -> bool:
        """Whether the customer's session is in a bridge."""
        return self._talk.bridged

    @bridged.setter
    def bridged(self, bridged: bool) -> None:
        self._talk.bridged = bridged

    @property
    def holder(self) -> Reservation:
        """The agent in charge; the last one when there is none."""
        return self._talk.holder

    @property
    def waits(self) -> bool:
        """Whether there is something to do for the customer's session."""
        return self._talk.step is not None

    async def called(self) -> None:
        """Wait until there is."""
        while not self.waits:
            await self._talk.news.wait()

    @property
    def held(self) -> bool:
        """Whether an agent is in charge."""
        return self._talk.shape.agent is not None

    @property
    def left(self) -> Reservation | None:
        """The agent who was lost while the customer was on hold or in a flow, and did not come back."""
        return self._talk.left

    @property
    def let_go(self) -> bool:
        """Whether the agent ended it for good, and the customer is still there."""
        return self._talk.let_go

    @property
    def in_vain(self) -> bool:
        """Whether the customer waited for the next agent, and nobody came."""
        return self._talk.in_vain

    def joined(self) -> None:
        """They hear each other."""
        self._control.joined(self._talk)

    async def go_on(self, join: Join) -> None:
        """Do what waits to be done, until nothing does. Raises `HangupError`."""
        await self._control.go_on(self._talk, join)

    def over(self) -> None:
        """The talk is over."""
        self._control.over(self._talk)
