"""Joining a customer and an agent, and staying until their talk is over.

The moment of joining is the one in which Asterisk says that the customer's channel has entered a bridge, a
millisecond after the command; the command's own answer comes only at the end of the talk. Should the
manager's link be away just then, a command still unanswered after half a second has joined them: one that
cannot is answered at once.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import structlog

from agents import Desk, Reservation
from ami import BridgeEntered
from centralino.core.joining.lost import until_back
from centralino.core.joining.ports import (
    Control,
    Dialler,
    Legs,
    Line,
    Met,
    Opinions,
    Pop,
    Steered,
    TalkOrder,
)
from values import CallId, Clock, HangupError

log = structlog.get_logger(__name__)

UNTOLD_SECONDS = 0.5
"""How long the manager may take to tell of the joining."""
HOLDING = "holding_bridge"


class TalkEnd(StrEnum):
    """How a talk ended."""

    NOT_JOINED = "not_joined"
    """The agent's leg was not there; the customer still is."""
    AGENT_LEFT = "agent_left"
    """The agent ended it; the customer is still there."""
    AGENT_LOST = "agent_lost"
    """The agent's network fell, and they did not come back in time; the customer is still there."""
    IN_VAIN = "in_vain"
    """The customer was put through, or back, and nobody came; they are still there."""
    CUSTOMER_LEFT = "customer_left"


class Talking:
    """Joins, and tells everybody who has to know, in the same instant."""

    def __init__(
        self,
        desk: Desk,
        legs: Legs,
        dialler: Dialler,
        pop: Pop,
        clock: Clock,
        control: Control | None = None,
        opinions: Opinions | None = None,
    ) -> None:
        """Without `control` nobody is put on hold or through to somebody else; without `opinions` asked."""
        self._control = control
        self._opinions = opinions
        self._desk = desk
        self._legs = legs
        self._dialler = dialler
        self._pop = pop
        self._clock = clock
        self._expected: dict[CallId, Callable[[datetime], None]] = {}

    def heard_entered(self, event: BridgeEntered) -> None:
        """A channel is in a bridge (`ami.BridgeEntered`)."""
        if event.technology != HOLDING and (tell := self._expected.get(CallId(event.uniqueid))):
            tell(event.at)

    async def talk(self, line: Line, order: TalkOrder, reservation: Reservation, recording: str) -> TalkEnd:
        """Join and stay.

        Raises `HangupError` when the customer hung up before they were joined; the agent is then free again.
        When the core ends in mid-talk nothing is told: the talk goes on in Asterisk without us. Whatever else
        is raised, the agent is free of it first.
        """
        channel = self._legs.leg(reservation.agent)
        if channel is None:
            self._give_back(reservation)
            return TalkEnd.NOT_JOINED
        steered = self._control.begins(line, order, reservation, recording) if self._control else None
        talk = _Talk(self._told(order, reservation, recording, steered))
        try:
            end = await self._bridge(line, channel, talk, steered)
            if end is TalkEnd.AGENT_LEFT:
                end = await self._to_its_end(line, reservation, talk, steered)
        except Exception:
            if talk.joined:
                self._over(order, reservation, steered)
            else:
                self._desk.release(reservation)
            raise
        if end is TalkEnd.NOT_JOINED:
            self._give_back(reservation)
            return end
        if self._opinions is not None:
            whole = end in {TalkEnd.AGENT_LEFT, TalkEnd.CUSTOMER_LEFT}
            left = end is TalkEnd.AGENT_LOST or (steered is not None and steered.left is reservation)
            fit = whole and _had_throughout(reservation, steered)
            self._opinions.parted(line.call_id, fit=fit, left=left)
        self._over(order, reservation, steered)
        return end

    async def opinion(self, line: Line, order: TalkOrder) -> bool:
        """Ask what they think of the talk that is over, if they were drawn; whether they were asked.

        Raises `HangupError` when they hang up meanwhile.
        """
        return self._opinions is not None and await self._opinions.ask(line, order)

    async def left_by(self, line: Line) -> str:
        """The agent whose customer was on hold when an earlier core fell; '' for everybody else."""
        return await self._control.left_by(line) if self._control else ""

    async def resume(self, line: Line, order: TalkOrder, agent: str) -> TalkEnd:
        """That customer is back: on hold again, until their agent takes them."""
        assert self._control is not None  # noqa: S101  (only it leaves customers on hold)
        steered = self._control.resumes(line, order, agent)
        try:
            end = await self._to_its_end(line, steered.holder, _Talk(lambda _at: None), steered)
        except Exception:
            self._over(order, steered.holder, steered)
            raise
        self._over(order, steered.holder, steered)
        return end

    async def join(
        self, line: Line, channel: str, tell: Callable[[datetime], None], *, park: str = ""
    ) -> Met:
        """Join the customer with any channel (`joining.ports.Join`)."""
        end = await self._bridge(line, channel, _Talk(tell), park=park)
        if end is TalkEnd.NOT_JOINED:
            return Met.NEVER
        return Met.GONE if end is TalkEnd.CUSTOMER_LEFT else Met.OVER

    async def _to_its_end(
        self, line: Line, reservation: Reservation, talk: "_Talk", steered: Steered | None
    ) -> TalkEnd:
        """They have parted: because that was asked for, because a network fell, or for good."""
        while True:
            if steered is not None and steered.waits:
                try:
                    await steered.go_on(self.join)
                except HangupError:
                    return TalkEnd.CUSTOMER_LEFT
                continue
            if steered is not None:
                reservation = steered.holder
                if not steered.held:
                    return TalkEnd.IN_VAIN if steered.in_vain else TalkEnd.AGENT_LEFT
            end = await self._unless_lost(line, reservation, talk, steered)
            if end is not TalkEnd.AGENT_LEFT or steered is None or not steered.waits:
                return end

    async def _unless_lost(
        self, line: Line, reservation: Reservation, talk: "_Talk", steered: Steered | None
    ) -> TalkEnd:
        """An agent whose network fell comes back to the same customer, who hears music meanwhile."""
        while not _sent_on(steered) and await self._legs.lost(reservation.agent) and not _sent_on(steered):
            log.warning("call.agent_lost", call=reservation.call, agent=reservation.agent)
            try:
                back = await until_back(line, self._legs, reservation, steered)
                if _sent_on(steered):
                    break
                channel = self._legs.leg(reservation.agent) if back else None
                if channel is None:
                    return TalkEnd.AGENT_LOST
                log.info("call.agent_back", call=reservation.call, agent=reservation.agent)
                if await self._bridge(line, channel, talk, steered) is TalkEnd.CUSTOMER_LEFT:
                    return TalkEnd.CUSTOMER_LEFT
            except HangupError:
                return TalkEnd.CUSTOMER_LEFT
        return TalkEnd.AGENT_LEFT

    async def _bridge(
        self, line: Line, channel: str, talk: "_Talk", steered: Steered | None = None, *, park: str = ""
    ) -> TalkEnd:
        timer = asyncio.get_running_loop().call_later(UNTOLD_SECONDS, lambda: talk.join(self._clock.now()))
        self._expected[line.call_id] = talk.join
        asked = self._clock.now()
        if steered is not None:
            steered.bridged = True
        try:
            if await (line.bridge(channel, park=park) if park else line.bridge(channel)):
                talk.join(asked)
        except HangupError:
            if not talk.joined:
                raise
            return TalkEnd.CUSTOMER_LEFT
        finally:
            timer.cancel()
            self._expected.pop(line.call_id, None)
            if steered is not None:
                steered.bridged = False
        return TalkEnd.AGENT_LEFT if talk.joined else TalkEnd.NOT_JOINED

    def _told(
        self, order: TalkOrder, reservation: Reservation, recording: str, steered: Steered | None
    ) -> Callable[[datetime], None]:
        def tell(at: datetime) -> None:
            if not self._desk.talking(reservation):
                log.error("joining.reservation_lost", agent=reservation.agent, call=reservation.call)
            if order.attempt_id:
                self._dialler.joined(order.attempt_id, agent=reservation.agent, at=at, recording=recording)
            self._pop(_shown(order, reservation, at))
            if self._opinions is not None:
                self._opinions.begins(order, CallId(reservation.call), reservation.agent)
            if steered is not None:
                steered.joined()
            log.info("call.joined", call=reservation.call, agent=reservation.agent, campaign=order.campaign)

        return tell

    def _over(self, order: TalkOrder, reservation: Reservation, steered: Steered | None) -> None:
        if order.attempt_id:
            self._dialler.released(order.attempt_id, at=self._clock.now())
        if steered is not None:
            steered.over()
            return
        seat = self._desk.seat(reservation.agent)
        if seat is not None and seat.token == reservation.token:
            self._desk.talked(reservation.agent)

    def _give_back(self, reservation: Reservation) -> None:
        """The leg was not there: nobody is given it again until it is known to be parked anew."""
        log.warning("joining.leg_gone", agent=reservation.agent, call=reservation.call)
        self._desk.unparked(reservation.agent)
        self._desk.release(reservation)


class _Talk:
    """Told of its joining once, by whoever is first."""

    def __init__(self, tell: Callable[[datetime], None]) -> None:
        self._tell = tell
        self.joined = False

    def join(self, at: datetime) -> None:
        """They hear each other."""
        if not self.joined:
            self.joined = True
            self._tell(at)


def _sent_on(steered: Steered | None) -> bool:
    """Whether somebody else, or something, waits for the customer."""
    return steered is not None and steered.waits


def _had_throughout(reservation: Reservation, steered: Steered | None) -> bool:
    """Whether one agent had the customer from the beginning to the end, and ended it."""
    if steered is None:
        return True
    return steered.holder is reservation and (steered.held or steered.let_go)


def _shown(order: TalkOrder, reservation: Reservation, at: datetime) -> dict[str, object]:
    """What the agent's screen is told: whom to look up, and what the campaign knows of them."""
    return {
        "agent": reservation.agent,
        "call": reservation.call,
        "attempt": order.attempt_id,
        "campaign": order.campaign,
        "title": order.title,
        "contact": order.contact_id,
        "customer": order.customer_id,
        "number": order.number,
        "queue": order.queue,
        "reason": order.reason,
        "path": list(order.path),
        "waited": None if order.waited is None else round(order.waited, 1),
        "language": order.language,
        "at": at.isoformat(),
    }
