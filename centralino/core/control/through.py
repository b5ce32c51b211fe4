"""The customer's side of a talk: their own session, which goes from step to step.

The session belongs to one coroutine, and only that speaks on it. While it is in a bridge, a step waits until
they have parted: whoever commands it sends the agent's leg out of the bridge, which ends the bridge.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import structlog

from agents import Desk
from calls import Journal, Segment, SegmentKind
from centralino.core.control.guests import Guests
from centralino.core.control.live import LiveTalk
from centralino.core.control.parting import Parting
from centralino.core.control.ports import FlowEnd, Flows, Join, Met, NextAgent, Pop, Seats, Wanted
from centralino.core.control.shape import talk_of
from centralino.core.control.steps import Hold, JoinAgent, JoinGuest, LetGo, Queue, RingGuest, RunFlow, Step
from values import CallId, Clock, HangupError

log = structlog.get_logger(__name__)

T = TypeVar("T")

TALK = "CENTRALINO_TALK"
"""On the customer's channel while no bridge holds it: the agent whose customer it is, for a core to come."""
BRIDGED = "BRIDGERESULT"
"""Asterisk's word on the latest bridge, by which the dialplan knows that a talk outlived the core."""
MUSIC = "default"
GUEST_PARK = "consult^bye^1"
"""Where somebody outside goes when they have parted from the customer."""
HOME_SECONDS = 1.0
"""How long an agent's leg that has just parted from somebody may take to its park: mostly milliseconds."""
PATIENCE = 20.0
"""How long somebody outside is rung for a customer who waits."""


class Through:
    """Sees customers through their talks."""

    def __init__(
        self,
        desk: Desk,
        seats: Seats,
        guests: Guests,
        flows: Flows,
        next_agent: NextAgent,
        parting: Parting,
        journal: Journal,
        pop: Pop,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._seats = seats
        self._guests = guests
        self._flows = flows
        self._next_agent = next_agent
        self._parting = parting
        self._journal = journal
        self._pop = pop
        self._clock = clock

    async def go_on(self, talk: LiveTalk, join: Join) -> None:
        """Do what was asked for, step by step, until nothing is left to do.

        Raises `HangupError` when the customer is gone.
        """
        while (step := talk.next_step()) is not None:
            await self._do(talk, step, join)

    async def _do(self, talk: LiveTalk, step: Step, join: Join) -> None:
        match step:
            case Hold():
                await self._hold(talk)
            case JoinAgent():
                await self._join_agent(talk, step, join)
            case JoinGuest():
                await self._join_guest(talk, join)
            case RingGuest():
                await self._ring_guest(talk, step)
            case RunFlow():
                await self._run_flow(talk, step)
            case LetGo():
                await self._let_go(talk)
            case Queue():
                await self._queue(talk, step)

    # Steps.

    async def _hold(self, talk: LiveTalk) -> None:
        began, agent = self._clock.now(), talk.holder.agent
        await self._music(talk)
        await self._mark(talk, agent)
        talk.settled.set()
        try:
            await self._news(talk)
        finally:
            self._note(talk.call, SegmentKind.HOLD, began, agent)

    async def _join_agent(self, talk: LiveTalk, step: JoinAgent, join: Join) -> None:
        try:
            await self._to_the_holder(talk, step, join)
        except HangupError:
            self._next_agent.left(talk.call)
            raise

    async def _to_the_holder(self, talk: LiveTalk, step: JoinAgent, join: Join) -> None:
        agent = talk.holder.agent
        if not step.why and talk.shape.adviser is None and self._seats.channel(agent):
            await self._seats.rejoin(talk.holder, HOME_SECONDS)  # on its way, it would not be joined, or lost
        await self._quiet(talk)
        channel = self._seats.channel(agent)
        if channel is None:
            self._without_agent(talk)
            return

        def tell(at: datetime) -> None:
            self._desk.keep(agent, kept=False)
            if step.why:
                self._show(talk, step, at)
            self._guests.bring_in(talk)
            self._parting.changed(talk)
            talk.settled.set()

        met = await self._join(talk, join, channel, tell)
        if met is Met.NEVER:
            log.warning("talk.leg_gone", call=talk.call, agent=agent)
            self._without_agent(talk)

    async def _join_guest(self, talk: LiveTalk, join: Join) -> None:
        guest = talk.guest
        if guest is None or not guest.channel:
            return
        await self._quiet(talk)
        talk.settled.set()
        met = await self._join(
            talk, join, guest.channel, lambda _: self._parting.changed(talk), park=GUEST_PARK
        )
        if met is Met.NEVER:
            await self._guests.let_go(talk)
            self._again(talk)

    async def _ring_guest(self, talk: LiveTalk, step: RingGuest) -> None:
        await self._music(talk)
        await self._mark(talk, talk.holder.agent)
        talk.settled.set()
        ringing = asyncio.ensure_future(self._guests.ring_outside(talk, step.number, step.shown, "waits"))
        try:
            async with asyncio.timeout(PATIENCE + 1):
                answer = await _unless_gone(ringing, talk)
        except TimeoutError:
            answer = None
        if answer is not None and answer.channel:
            talk.shape = talk.shape.with_guest(step.shown)
            talk.put(JoinGuest())
            return
        log.info("talk.guest_not_reached", call=talk.call, why=answer.why if answer else "no_answer")
        await self._guests.let_go(talk)
        self._again(talk)

    async def _run_flow(self, talk: LiveTalk, step: RunFlow) -> None:
        await self._quiet(talk)
        await self._mark(talk, talk.holder.agent)
        talk.flows += 1
        talk.settled.set()
        began = self._clock.now()
        try:
            end = await self._flows.run(talk.line, talk.order, step.flow, step.fields, talk.flows)
        except HangupError:
            raise
        except Exception:  # the customer and their agent are not to lose each other by it
            log.exception("talk.flow_failed", call=talk.call, flow=step.flow)
            end = FlowEnd("failed", goal=False)
        finally:
            self._note(talk.call, SegmentKind.FLOW, began, step.flow)
        if not step.back:
            await self._mark(talk, "")
            return
        talk.note = {"flow": step.flow, "outcome": end.outcome, "goal": end.goal}
        if talk.shape.agent is None:  # lost meanwhile
            self._again(talk)
            return
        talk.shape = talk.shape.out_of_flow()
        if talk.away is not None:  # as if they were on hold: whoever waits for the agent sees to it
            talk.put(Hold())
            return
        talk.shape = talk.shape.retrieve()
        talk.put(JoinAgent())

    async def _let_go(self, talk: LiveTalk) -> None:
        await self._quiet(talk)
        await talk.line.mark(TALK, "")
        talk.let_go = True
        talk.settled.set()

    async def _queue(self, talk: LiveTalk, step: Queue) -> None:
        began = self._clock.now()
        await self._music(talk)
        await self._mark(talk, "")
        talk.shape = talk.shape.queued()
        talk.settled.set()
        try:
            found = await self._next_agent.turn(talk.line, talk.order, step.wanted)
        finally:
            self._note(talk.call, SegmentKind.QUEUE, began, step.wanted.queue)
        if found is None:
            log.warning("talk.waited_in_vain", call=talk.call, queue=step.wanted.queue)
            talk.in_vain = True
            await self._quiet(talk)
            return
        talk.holder, talk.order = found
        talk.shape = talk_of(talk.holder.agent)
        talk.put(JoinAgent(step.why, step.sender))

    # Inside.

    async def _join(
        self, talk: LiveTalk, join: Join, channel: str, tell: Callable[[datetime], None], *, park: str = ""
    ) -> Met:
        await talk.line.mark(TALK, "")
        talk.bridged = True
        try:
            met = await join(talk.line, channel, tell, park=park)
        finally:
            talk.bridged = False
        if met is Met.GONE:
            raise HangupError
        return met

    def _show(self, talk: LiveTalk, step: JoinAgent, at: datetime) -> None:
        holder = talk.holder
        if not self._desk.talking(holder):
            log.error("talk.reservation_lost", agent=holder.agent, call=talk.call)
        self._pop(shown(talk, holder.agent, at, why=step.why, sender=step.sender))
        log.info("talk.joined", call=talk.call, agent=holder.agent, why=step.why)

    def _without_agent(self, talk: LiveTalk) -> None:
        """The agent's leg is not there: the next one who is free."""
        self._next_agent.not_there(talk.call)
        self._desk.unparked(talk.holder.agent)
        self._parting.free(talk.holder, talk)
        self._again(talk)

    def _again(self, talk: LiveTalk) -> None:
        """Back to the agent they had, or else to another; before everybody who waits."""
        agent = talk.holder.agent
        talk.settled.set()
        talk.put(Queue(Wanted(skill=talk.order.skill, agent=agent), why="returned", sender=agent))

    async def _news(self, talk: LiveTalk) -> None:
        await _unless_gone(asyncio.ensure_future(talk.news.wait()), talk)

    async def _music(self, talk: LiveTalk) -> None:
        if talk.music is not True:
            talk.music = True
            await talk.line.execute("StartMusicOnHold", MUSIC)

    async def _quiet(self, talk: LiveTalk) -> None:
        if talk.music is not False:
            talk.music = False
            await talk.line.execute("StopMusicOnHold")

    async def _mark(self, talk: LiveTalk, agent: str) -> None:
        """For a core that takes over: whose customer this is, and that no talk is on in a bridge."""
        await talk.line.mark(TALK, agent)
        await talk.line.mark(BRIDGED, "")

    def _note(self, call: CallId, kind: SegmentKind, began: datetime, party: str) -> None:
        self._journal.segment(Segment(call, "customer", kind, began, self._clock.now(), party))


def shown(talk: LiveTalk, agent: str, at: datetime, *, why: str = "", sender: str = "") -> dict[str, object]:
    """What an agent's screen is told of whoever is put through to them."""
    order = talk.order
    return {
        "agent": agent,
        "call": talk.call,
        "attempt": order.attempt_id,
        "campaign": order.campaign,
        "title": order.title,
        "contact": order.contact_id,
        "customer": order.customer_id,
        "at": at.isoformat(),
        "why": why,
        "sender": sender,
    }


async def _unless_gone(work: "asyncio.Future[T]", talk: LiveTalk) -> T:
    """The work's result; `HangupError` when the customer is gone first, and then it is cancelled."""
    gone = asyncio.ensure_future(talk.line.gone())
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            raise HangupError
        return work.result()
    finally:
        gone.cancel()
        work.cancel()
