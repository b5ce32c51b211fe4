"""What an agent does with the customer they talk to: each deed looks first whether it can be done at all."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import structlog

from agents import AgentState, Desk, Reservation
from centralino.core.control.errors import ForbiddenTargetError, NobodyTalksError, NotFreeError, NotNowError
from centralino.core.control.guests import PARK, RINGING, Guests
from centralino.core.control.live import Guest, LiveTalk, Talks
from centralino.core.control.parting import Parting
from centralino.core.control.pausing import Pauses
from centralino.core.control.ports import Flows, NextAgent, Outside, Seats, Switch, Wanted
from centralino.core.control.shape import Place, Shape, State, talk_of
from centralino.core.control.steps import Hold, JoinAgent, JoinGuest, LetGo, Queue, RingGuest, RunFlow, Step
from centralino.core.control.targets import Kind, Target
from centralino.core.control.through import TALK, shown
from centralino.core.control.watches import Watches
from values import Clock, Scalar

log = structlog.get_logger(__name__)

SETTLE_SECONDS = 1.5
"""How long a deed waits for the customer to be where it took them."""


class Deeds:
    """All but supervisors'. Each raises `CentralinoError`s, and then the talk goes on as it was."""

    def __init__(
        self,
        talks: Talks,
        watches: Watches,
        desk: Desk,
        seats: Seats,
        switch: Switch,
        guests: Guests,
        outside: Outside,
        flows: Flows,
        next_agent: NextAgent,
        parting: Parting,
        pauses: Pauses,
        clock: Clock,
    ) -> None:
        self._talks = talks
        self._watches = watches
        self._desk = desk
        self._seats = seats
        self._switch = switch
        self._guests = guests
        self._outside = outside
        self._flows = flows
        self._next_agent = next_agent
        self._parting = parting
        self._pauses = pauses
        self._clock = clock

    # The customer.

    async def hold(self, agent: str) -> LiveTalk:
        """They hear music, and the agent silence."""
        async with self._talk(agent, "hold") as talk:
            if talk.shape.state is not State.HELD:
                talk.shape = talk.shape.hold()
                await self._step(talk, Hold())
        return talk

    async def retrieve(self, agent: str) -> LiveTalk:
        """Back to them."""
        async with self._talk(agent) as talk:
            talk.shape = talk.shape.retrieve()
            await self._step(talk, JoinAgent())
        return talk

    async def blind(self, agent: str, target: Target) -> LiveTalk:
        """They go to somebody else, and the agent is free."""
        async with self._talk(agent) as talk:
            mine = talk.holder
            talk.shape.may_leave()
            step, holder, shape = self._blindly(talk, target, agent)
            try:
                await self._unpaused(talk, agent)
            except BaseException:
                if holder is not mine:
                    self._parting.free(holder, talk)
                raise
            talk.holder, talk.shape = holder, shape
            talk.gives_up(mine)
            await self._step(talk, step, leaves=agent)
            self._parting.free(mine, talk)
        return talk

    async def into_flow(
        self, agent: str, flow: str, *, back: bool, fields: Mapping[str, Scalar] | None = None
    ) -> LiveTalk:
        """They speak with a flow, unheard by the agent; then they come back, or their call ends."""
        if not self._flows.known(flow):
            raise ForbiddenTargetError(f"There is no published flow {flow[:60]!r}.")
        async with self._talk(agent) as talk:
            mine = talk.holder
            shape = talk.shape.into_flow(back=back)
            if not back:
                await self._unpaused(talk, agent)
            talk.shape = shape
            if not back:
                talk.gives_up(mine)
            await self._step(talk, RunFlow(flow, back, dict(fields or {})), leaves=agent)
            if not back:
                self._parting.free(mine, talk)
        return talk

    async def let_go(self, agent: str) -> LiveTalk:
        """The agent ends the talk and is free at once; the customer's own session sees to what follows.

        Whom they were asking is let go first. While the customer is in a flow it cannot be.
        """
        known = self._talks.of_agent(agent)
        if known is not None and known.shape.adviser is not None:
            async with self._talk(agent) as talk:
                apart = talk.shape.customer.place is not Place.TALK
                await self._guests.let_go(talk)
                if apart:  # perhaps their leg hears a ringing tone
                    await self._parting.park(agent)
        async with self._talk(agent) as talk:
            mine = talk.holder
            talk.shape = talk.shape.into_flow(back=False)
            talk.gives_up(mine)
            await self._step(talk, LetGo(), leaves=agent)
            self._parting.free(mine, talk)
        return talk

    # Whom the agent asks.

    async def consult(self, agent: str, target: Target) -> LiveTalk:
        """Somebody is rung, and talks to the agent apart; the customer hears music."""
        async with self._talk(agent) as talk:
            shape = talk.shape.consult(target.shown)
            number = self._outside.known(target.name) if target.kind is Kind.OUTSIDE else None
            reservation = None if number else self._free(talk, target, wrap=0.0)
            if reservation is not None:
                shape = talk.shape.consult(reservation.agent)
            held, talk.shape = talk.shape.state is State.HELD, shape
            sent = talk.bridged and not held  # the step sends the agent's leg to where it hears the ringing
            try:
                if not held:
                    await self._step(talk, Hold(), exten=RINGING[1] if number else PARK[1])
                self._talks.check(talk, agent)
            except BaseException:
                if reservation is not None:
                    self._parting.free(reservation, talk)
                raise
            if number is not None:
                self._guests.ring(talk, number, target.shown, sent=sent)
            elif reservation is not None:
                pop = shown(talk, reservation.agent, self._clock.now(), why="consult", sender=agent)
                self._guests.ring_agent(talk, Guest(reservation.agent, reservation), pop)
        return talk

    async def leave(self, agent: str) -> bool:
        """Whom an agent asked goes; the others stay. False when nobody asks them."""
        talk = self._talks.asking(agent)
        if talk is None:
            return False
        async with talk.lock:
            if self._talks.asking(agent) is not talk:  # gone meanwhile, or the customer is theirs now
                return False
            await self._guests.let_go(talk)
            talk.note = {"left": agent}
            self._parting.changed(talk)
        log.info("talk.adviser_left", call=talk.call, agent=agent)
        return True

    async def complete(self, agent: str) -> LiveTalk:
        """The agent leaves, and whom they asked takes their place."""
        async with self._talk(agent) as talk:
            guest, mine, leg = talk.guest, talk.holder, self._seats.channel(agent)
            shape = talk.shape.complete(agent=guest is not None and guest.inside)
            assert guest is not None  # noqa: S101  (the shape has an adviser)
            together = talk.shape.state is State.CONFERENCE
            await self._unpaused(talk, agent)
            talk.shape = shape
            talk.gives_up(mine)
            if guest.reservation is not None:
                self._guests.note(talk, guest)
                self._parting.takes_over(guest.reservation, talk)
                talk.guest = None
            if together:
                await self._send(agent, leg, PARK[1])
                self._desk.keep(talk.holder.agent, kept=False)
            elif guest.inside:
                await self._step(talk, JoinAgent("transfer", agent), leaves=agent)
            else:
                await self._step(talk, JoinGuest(), leaves=agent)
            self._parting.free(mine, talk)
        return talk

    async def cancel(self, agent: str) -> LiveTalk:
        """Whom they asked is let go; back to the customer."""
        async with self._talk(agent) as talk:
            if talk.shape.adviser is None:
                raise NotNowError("Nobody is being asked for advice.")
            with_customer = talk.shape.customer.place is Place.TALK
            await self._guests.let_go(talk)
            if not with_customer:
                talk.shape = talk.shape.retrieve()
                await self._step(talk, JoinAgent())
        return talk

    async def swap(self, agent: str) -> LiveTalk:
        """From the one to the other."""
        async with self._talk(agent) as talk:
            talk.shape = talk.shape.swap()
            if talk.shape.customer.place is Place.TALK:
                await self._step(talk, JoinAgent())
            else:
                await self._step(talk, Hold())
                await self._guests.apart(talk)
        return talk

    async def conference(self, agent: str) -> LiveTalk:
        """All three hear each other."""
        async with self._talk(agent) as talk:
            with_customer = talk.shape.customer.place is Place.TALK
            talk.shape = talk.shape.conference()
            if with_customer:
                self._guests.bring_in(talk)
            else:
                await self._step(talk, JoinAgent())
        return talk

    # The recording.

    async def record_pause(self, agent: str) -> LiveTalk:
        """It holds silence."""
        async with self._talk(agent) as talk:
            await self._pauses.pause(talk)
        return talk

    async def record_resume(self, agent: str) -> LiveTalk:
        """It holds voices again."""
        async with self._talk(agent) as talk:
            await self._pauses.resume(talk)
        return talk

    # Supervisors' use this too.

    async def replace(self, talk: LiveTalk, reservation: Reservation, sender: str) -> None:
        """Another agent takes the customer over, at once."""
        mine = talk.holder
        await self._pauses.resume(talk)
        await self._guests.let_go(talk)
        self._talks.check(talk, mine.agent)
        shape, talk.holder, talk.shape = talk.shape, reservation, talk_of(reservation.agent)
        talk.gives_up(mine)
        try:
            await self._step(talk, JoinAgent("take_over", sender), leaves=mine.agent)
        except NotNowError:
            self._as_it_was(talk, shape, mine)
            raise
        self._parting.free(mine, talk)
        self._talks.check(talk, reservation.agent)
        self._parting.changed(talk)

    # Inside.

    def _blindly(self, talk: LiveTalk, target: Target, agent: str) -> tuple[Step, Reservation, Shape]:
        """The step of a blind transfer, and who has the customer in which shape then."""
        if target.kind is Kind.OUTSIDE:
            number = self._outside.known(target.name)
            return RingGuest(number, target.shown), talk.holder, talk.shape.queued()
        if target.kind is Kind.QUEUE:
            self._known(target)
            if not self._next_agent.serves(talk.order, talk.call, target.name):
                raise NotFreeError(f"{target.shown} is closed, or nobody is at work there.")
            return Queue(Wanted(queue=target.name), sender=agent), talk.holder, talk.shape.queued()
        found = self._free(talk, target, wrap=talk.order.wrap_seconds, campaign=talk.order.campaign)
        return JoinAgent("transfer", agent), found, talk_of(found.agent)

    def _free(self, talk: LiveTalk, target: Target, *, wrap: float | None, campaign: str = "") -> Reservation:
        """An agent who is free now, held for this call."""
        if target.kind is Kind.QUEUE:
            self._known(target)
            found = self._next_agent.pick(talk.order, talk.call, target.name)
        else:
            found = self._desk.reserve_agent(
                target.name, talk.call, campaign=campaign, wrap=wrap, inbound=True
            )
        if found is None:
            raise NotFreeError(f"{target.shown} is not free just now.")
        if seat := self._desk.seat(found.agent):
            seat.wrap, seat.campaign = wrap, campaign
        return found

    def _known(self, target: Target) -> None:
        if not self._next_agent.known(target.name):
            raise ForbiddenTargetError(f"There is no queue {target.name[:60]!r}.")

    async def _unpaused(self, talk: LiveTalk, agent: str) -> None:
        """Whoever has the customer next is recorded. Raises when that cannot be, or nobody is there now."""
        await self._pauses.resume(talk)
        self._talks.check(talk, agent)

    async def _step(self, talk: LiveTalk, step: Step, *, leaves: str = "", exten: str = PARK[1]) -> None:
        """Have the customer's session do this, and wait a moment until it has.

        `leaves`: the agent who is with them now, where it is not the one in charge from now on. Raises
        `NobodyTalksError` when the customer hung up just now: nobody is kept for a talk that is over.
        """
        agent = leaves or talk.holder.agent
        if talk.over:
            raise NobodyTalksError(f"{agent[:40]} talks to nobody.")
        leg = self._seats.channel(agent)
        kept = talk.shape.agent
        if kept is not None and talk.holder.agent == kept.who:
            self._desk.keep(kept.who, kept=True)  # until they are with the customer again
        talk.put(step)
        if talk.bridged:
            await self._step_back(agent, leg)
            try:
                await self._send(agent, leg, exten)
            except NotNowError:
                if talk.bridged and not talk.over:
                    talk.next_step()  # else it would be taken much later, when they part
                    if kept is not None:
                        self._desk.keep(kept.who, kept=False)
                    raise
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                await talk.settled.wait()
        self._parting.changed(talk)

    async def _step_back(self, agent: str, leg: str | None) -> None:
        """Supervisors who take part leave the room, and listen at the agent's ear again."""
        for watch in self._watches.taking_part(agent):
            watch.place = Place.LISTENS
            if channel := self._seats.channel(watch.supervisor):
                await self._switch.send(channel, "supervise", "listen", beside=leg or "")

    async def _send(self, agent: str, leg: str | None, exten: str) -> None:
        """An agent's leg leaves the bridge. Raises `NotNowError` when it is there and could not be sent."""
        if leg and not await self._switch.send(leg, PARK[0], exten) and self._seats.channel(agent) == leg:
            raise NotNowError("The telephone system does not answer just now. Try again.")

    @asynccontextmanager
    async def _talk(self, agent: str, deed: str = "") -> AsyncIterator[LiveTalk]:
        """The agent's talk, one deed at a time."""
        known = self._talks.of_agent(agent)
        talk = known or await self._adopted(agent)
        async with talk.lock:
            self._talks.check(talk, agent)
            if known is None and not deed:  # they were taken out of their bridge: back into it first
                talk.shape = talk.shape.retrieve()
                await self._step(talk, JoinAgent())
            talk.note = {}
            before = talk.shape, talk.holder, talk.guest
            try:
                yield talk
            except NotNowError:
                self._as_it_was(talk, *before)
                raise
            self._parting.changed(talk)
            log.info("talk.steered", call=talk.call, agent=agent, state=talk.shape.state, deed=deed)

    def _as_it_was(
        self, talk: LiveTalk, shape: Shape, holder: Reservation, guest: Guest | None = None
    ) -> None:
        """They have not parted after all, and whoever was held for it is free again."""
        if talk.over:
            return
        asked = guest is not None and guest.reservation is talk.holder
        if talk.holder is not holder and not asked:
            self._parting.free(talk.holder, talk)
        talk.shape, talk.holder, talk.guest = shape, holder, guest

    async def _adopted(self, agent: str) -> LiveTalk:
        """A talk that began under an earlier core: its customer comes back to a session, on hold."""
        if self._talks.asking(agent) is not None:
            raise NotNowError("You were asked for advice: whoever asked you decides where the customer goes.")
        seat = self._desk.seat(agent)
        call = seat.call if seat is not None and seat.state is AgentState.TALKING else ""
        channel = self._switch.name_of(call) if call else ""
        if not channel:
            raise NobodyTalksError(f"{agent[:40]} talks to nobody.")
        self._desk.keep(agent, kept=True)
        await self._switch.mark(channel, TALK, agent)
        await self._switch.send(channel, "rejoin", "s")
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                return await self._talks.arrives(call)
        except TimeoutError:
            self._desk.keep(agent, kept=False)
            raise NobodyTalksError(f"{agent[:40]}'s customer is gone.") from None
