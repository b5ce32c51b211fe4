"""Whom an agent asks: another agent, or somebody outside. Rung, brought into the talk, let go."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from agents import Desk
from calls import Journal, Segment, SegmentKind
from centralino.core.control.live import Guest, LiveTalk
from centralino.core.control.parting import Parting
from centralino.core.control.ports import Answer, Outside, Pop, Seats, Switch
from centralino.core.control.shape import Place
from values import Clock, PhoneNumber, new_id

log = structlog.get_logger(__name__)

LEG_PREFIX = "guest-"
PARK = ("agent-park", "s")
RINGING = ("agent-park", "ringing")


class Guests:
    """Their legs."""

    def __init__(
        self,
        desk: Desk,
        seats: Seats,
        switch: Switch,
        outside: Outside,
        parting: Parting,
        journal: Journal,
        pop: Pop,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._seats = seats
        self._switch = switch
        self._outside = outside
        self._parting = parting
        self._journal = journal
        self._pop = pop
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def ring_agent(self, talk: LiveTalk, guest: Guest, shown: dict[str, object]) -> None:
        """Another agent is held already: their leg comes to the asking agent at once."""
        talk.guest = guest
        assert guest.reservation is not None  # noqa: S101  (for the types)
        self._desk.keep(guest.who, kept=True)
        self._desk.talking(guest.reservation)
        self._pop(shown)
        guest.ringing = self._spawn(self._to_the_agent(talk, guest))

    def ring(self, talk: LiveTalk, number: PhoneNumber, shown: str, *, sent: bool) -> None:
        """Somebody outside is rung; the agent hears it ring.

        `sent`: they were sent to where they hear it. A second time would take them away from whoever answers
        at once.
        """
        talk.guest = Guest(shown)
        talk.guest.ringing = self._spawn(self._rung(talk, talk.guest, number, sent=sent))

    async def ring_outside(self, talk: LiveTalk, number: PhoneNumber, shown: str, exten: str) -> Answer:
        """Ring somebody outside for the customer, who waits."""
        guest = talk.guest = Guest(shown, leg=new_id(LEG_PREFIX))
        answer = await self._outside.ring(guest.leg, number, exten)
        guest.channel, guest.since = answer.channel, self._clock.now()
        return answer

    def bring_in(self, talk: LiveTalk) -> None:
        """If they are to be in the customer's room, they come there now."""
        guest, adviser = talk.guest, talk.shape.adviser
        if guest is not None and adviser is not None and adviser.place is Place.TALK and talk.shape.agent:
            self._spawn(self._to_the_talk(talk, guest))

    async def apart(self, talk: LiveTalk) -> None:
        """They and the agent talk apart (again)."""
        if talk.guest is not None:
            await self._to_the_agent(talk, talk.guest)

    async def let_go(self, talk: LiveTalk) -> None:
        """They are not needed any more."""
        guest, talk.guest = talk.guest, None
        if guest is None:
            return
        talk.shape = talk.shape.without_adviser()
        if guest.ringing is not None:
            guest.ringing.cancel()
        self.note(talk, guest)
        if guest.reservation is not None:
            self._parting.free(guest.reservation, talk)
            if channel := self._seats.channel(guest.who):
                await self._switch.send(channel, *PARK)
        elif guest.leg:
            await self._switch.hang_up(guest.leg)
            self._outside.over(guest.leg)

    def note(self, talk: LiveTalk, guest: Guest) -> None:
        """Their part goes into the call's record."""
        began, guest.since = guest.since, None
        if began is not None:
            kind = SegmentKind.CONSULT
            self._journal.segment(Segment(talk.call, "adviser", kind, began, self._clock.now(), guest.who))

    async def close(self) -> None:
        """Stop; legs that are up stay up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Inside.

    async def _rung(self, talk: LiveTalk, guest: Guest, number: PhoneNumber, *, sent: bool) -> None:
        channel = self._seats.channel(talk.holder.agent) or ""
        if not sent:
            await self._switch.send(channel, *RINGING)
        guest.leg = new_id(LEG_PREFIX)
        answer = await self._outside.ring(guest.leg, number, "outside", beside=channel)
        if talk.guest is not guest:
            return
        guest.ringing = None
        if answer.channel:
            guest.channel = answer.channel
            self._are_there(talk, guest)
            return
        log.info("talk.adviser_not_reached", call=talk.call, why=answer.why)
        talk.note = {"not_reached": guest.who, "why": answer.why}
        await self._switch.send(channel, *PARK)
        await self.let_go(talk)
        self._parting.changed(talk)

    async def _to_the_agent(self, talk: LiveTalk, guest: Guest) -> None:
        mine, theirs = self._seats.channel(talk.holder.agent), self._channel(guest)
        exten = "agent" if guest.inside else "outside"
        there = bool(mine and theirs) and await self._switch.send(
            theirs or "", "consult", exten, beside=mine or ""
        )
        guest.ringing = None
        if there and talk.guest is guest:
            self._are_there(talk, guest)
        elif talk.guest is guest:
            talk.note = {"not_reached": guest.who, "why": "failed"}
            await self.let_go(talk)
            self._parting.changed(talk)

    def _are_there(self, talk: LiveTalk, guest: Guest) -> None:
        guest.since = guest.since or self._clock.now()
        adviser = talk.shape.adviser
        if adviser is not None and adviser.place is Place.RINGING:
            talk.shape = talk.shape.advised()
        self._parting.changed(talk)

    async def _to_the_talk(self, talk: LiveTalk, guest: Guest) -> None:
        theirs, customer = self._channel(guest), self._switch.name_of(talk.call)
        exten = "agent" if guest.inside else "outside"
        if not theirs or not await self._switch.send(theirs, "third", exten, beside=customer):
            await self.let_go(talk)
            self._parting.changed(talk)

    def _channel(self, guest: Guest) -> str | None:
        return self._seats.channel(guest.who) if guest.inside else guest.channel or None

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
