"""Supervisors at agents' talks: they listen, whisper to the agent, take part, take the customer over.

A supervisor listens at an agent, not at a call: from one talk to the next, until they stop. They sit at a
desk of their own for it, with their own telephone's leg; while they listen nobody is given to them.
"""

from dataclasses import dataclass

import structlog

from agents import AgentState, Desk, Seat
from centralino.core.control.deeds import Deeds
from centralino.core.control.errors import NobodyTalksError, NotFreeError, NotNowError
from centralino.core.control.live import Talks
from centralino.core.control.parting import PARK, Parting
from centralino.core.control.ports import Seats, Switch
from centralino.core.control.shape import Place
from centralino.core.control.watches import Watch, Watches
from values import Clock

log = structlog.get_logger(__name__)

REASON = "supervising"
"""Why they are paused meanwhile."""
HOME_SECONDS = 0.5
"""How long a leg may take from somebody's talk to its park."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How a supervisor stands."""

    supervisor: str
    agent: str
    place: str
    """`listens`, `whispers`, `talk`; '' when they have stopped."""


class Watching:
    """What supervisors do. Each raises `CentralinoError`s, and then everything is as it was."""

    def __init__(
        self,
        talks: Talks,
        watches: Watches,
        desk: Desk,
        seats: Seats,
        switch: Switch,
        parting: Parting,
        deeds: Deeds,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._talks = talks
        self._watches = watches
        self._desk = desk
        self._seats = seats
        self._switch = switch
        self._parting = parting
        self._deeds = deeds
        desk.on_change(self._turned)

    async def listen(self, supervisor: str, agent: str) -> Watched:
        """They hear what the agent says and hears."""
        return await self._at_the_ear(supervisor, agent, Place.LISTENS)

    async def whisper(self, supervisor: str, agent: str) -> Watched:
        """And the agent alone hears them."""
        return await self._at_the_ear(supervisor, agent, Place.WHISPERS)

    async def barge(self, supervisor: str, agent: str) -> Watched:
        """They take part: agent and customer hear them."""
        talk = self._talks.must(agent)
        async with talk.lock:
            self._talks.check(talk, agent)
            shape = talk.shape.supervise(supervisor, Place.TALK)
            if not talk.bridged:
                raise NotNowError("The customer is not being talked to.")
            await self._go(supervisor, agent, Place.TALK, "third", "agent")
            talk.shape = shape
            self._parting.changed(talk)
        return Watched(supervisor, agent, Place.TALK)

    async def take_over(self, supervisor: str, agent: str) -> Watched:
        """The customer is theirs now, and the agent is free."""
        talk = self._talks.must(agent)
        async with talk.lock:
            self._talks.check(talk, agent)
            if talk.shape.customer.place is Place.FLOW:
                raise NotNowError("The customer cannot be taken over just now.")
            watch = self._watches.end(supervisor)
            if watch is not None:
                await self._home(supervisor)
                try:
                    self._talks.check(talk, agent)
                except NobodyTalksError:
                    self._back(supervisor, watch)
                    raise
            reservation = self._desk.take(
                supervisor, talk.call, campaign=talk.order.campaign, wrap=talk.order.wrap_seconds
            )
            if reservation is None:
                if watch is not None:
                    self._back(supervisor, watch)
                raise NotFreeError(f"{supervisor} has no telephone here, or is busy.")
            if watch is not None and (seat := self._desk.seat(supervisor)):
                seat.leaving, seat.reason = not watch.was_ready, "" if watch.was_ready else watch.reason
            try:
                await self._deeds.replace(talk, reservation, agent)
            except BaseException:
                self._parting.free(reservation, talk)
                raise
        log.info("talk.taken_over", call=talk.call, agent=agent, by=supervisor)
        return Watched(supervisor, supervisor, "")

    async def stop(self, supervisor: str) -> Watched:
        """They listen no more, and stand as they stood before."""
        watch = self._watches.end(supervisor)
        if watch is None:
            raise NotNowError(f"{supervisor} listens to nobody.")
        talk = self._talks.of_agent(watch.agent)
        if talk is not None and watch.place is Place.TALK:
            talk.shape = talk.shape.without(supervisor)
            self._parting.changed(talk)
        if channel := self._seats.channel(supervisor):
            await self._switch.send(channel, *PARK)
        self._back(supervisor, watch)
        return Watched(supervisor, watch.agent, "")

    # Inside.

    async def _at_the_ear(self, supervisor: str, agent: str, place: Place) -> Watched:
        if self._seats.channel(agent) is None:
            raise NotNowError(f"{agent} has no telephone here.")
        watch, talk = self._watches.of(supervisor), self._talks.of_agent(agent)
        if watch is not None and watch.place is Place.TALK and talk is not None:
            talk.shape = talk.shape.without(supervisor)
            self._parting.changed(talk)
        await self._go(
            supervisor, agent, place, "supervise", "listen" if place is Place.LISTENS else "whisper"
        )
        return Watched(supervisor, agent, place)

    async def _go(self, supervisor: str, agent: str, place: Place, context: str, exten: str) -> None:
        """Send a supervisor's leg there; they are paused meanwhile."""
        if supervisor == agent:
            raise NotNowError("Nobody supervises themselves.")
        channel, theirs = self._seats.channel(supervisor), self._seats.channel(agent)
        known, seat = self._watches.of(supervisor), self._desk.seat(supervisor)
        free = seat is not None and seat.state in {AgentState.READY, AgentState.PAUSED}
        if channel is None or theirs is None or seat is None or not (known or free):
            raise NotFreeError(f"{supervisor} has no telephone here, or is busy; sign in at the desk first.")
        if known is None:
            self._watches.begin(
                Watch(supervisor, agent, place, was_ready=seat.state is AgentState.READY, reason=seat.reason)
            )
            self._desk.keep(supervisor, kept=True)
            if seat.state is AgentState.READY:
                self._desk.pause(supervisor, REASON)
        else:
            known.agent, known.place = agent, place
        if not await self._switch.send(channel, context, exten, beside=theirs):
            if gone := self._watches.end(supervisor):
                self._back(supervisor, gone)
            raise NotNowError("The telephone is gone.")
        log.info("talk.supervised", agent=agent, by=supervisor, how=place.value)

    async def _home(self, supervisor: str) -> None:
        """Their leg is back in its park: only there may it be joined with somebody."""
        if channel := self._seats.channel(supervisor):
            await self._switch.send(channel, *PARK)
        until = self._clock.monotonic() + HOME_SECONDS
        while (seat := self._desk.seat(supervisor)) and not seat.parked and self._clock.monotonic() < until:
            await self._clock.sleep(0.005)
        self._desk.keep(supervisor, kept=False)

    def _back(self, supervisor: str, watch: Watch) -> None:
        self._desk.keep(supervisor, kept=False)
        seat = self._desk.seat(supervisor)
        if watch.was_ready and seat is not None and seat.reason == REASON:
            self._desk.ready(supervisor)

    def _turned(self, seat: Seat, _before: AgentState) -> None:
        """A supervisor whose telephone is gone listens no more."""
        watch = self._watches.of(seat.agent)
        if watch is not None and seat.state is AgentState.OFFLINE and not seat.kept:
            self._watches.end(seat.agent)
            if (talk := self._talks.of_agent(watch.agent)) and watch.place is Place.TALK:
                talk.shape = talk.shape.without(seat.agent)
                self._parting.changed(talk)
