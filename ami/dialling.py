"""Places a call and waits for what comes of it.

Asterisk ends a failed call with two events, OriginateResponse and Hangup, in either order (both were seen);
only the Hangup has the cause, and where no channel could be made there is no Hangup at all. So the rule is:

- Answered as soon as the channel is up or OriginateResponse says Success, whichever is first; nothing later
  changes that.
- Otherwise over when both have come, or one has and the other is not there within `Timings.settle`.
- Lost, or unsaid long after the ringing time: failed, which means unknown.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from ami.account import Timings
from ami.commands import Originate
from ami.errors import ActionRefusedError, AmiTimeoutError, AmiUnavailableError, ChannelInUseError
from ami.events import (
    ChannelState,
    Disconnected,
    HungUp,
    OriginateAnswered,
    OriginateFailed,
    OriginateReason,
    StateChanged,
)
from ami.subscribers import Subscribers
from ami.verdicts import DialEnd, DialResult, sip_status, verdict
from values import Clock, new_id

log = structlog.get_logger(__name__)


class Originator(Protocol):
    """What sends the order."""

    async def originate(self, order: Originate, *, action_id: str = "") -> None:
        """Hand the order to Asterisk."""
        ...


@dataclass(slots=True)
class _Dial:
    action_id: str
    placed_at: datetime
    over: asyncio.Event = field(default_factory=asyncio.Event)
    half_over: asyncio.Event = field(default_factory=asyncio.Event)
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    failed: OriginateFailed | None = None
    hung_up: HungUp | None = None
    lost: bool = False

    def settle(self) -> None:
        """Look whether the last news ends it."""
        if self.failed or self.hung_up or self.answered_at or self.lost:
            self.half_over.set()
        if self.answered_at or self.lost or (self.failed and self.hung_up):
            self.over.set()


class Dialling:
    """The calls being placed by one gateway."""

    def __init__(
        self, originator: Originator, subscribers: Subscribers, clock: Clock, timings: Timings
    ) -> None:
        self._originator = originator
        self._clock = clock
        self._timings = timings
        self._dials: dict[str, _Dial] = {}
        subscribers.add(StateChanged, self._state_changed)
        subscribers.add(OriginateAnswered, self._answered)
        subscribers.add(OriginateFailed, self._failed)
        subscribers.add(HungUp, self._hung_up)
        subscribers.add(Disconnected, self._lost)

    async def dial(self, order: Originate) -> DialResult:
        """Ring; come back as soon as it is answered or over. What the network does is never an exception.

        Raises `UnsafeValueError` and `ChannelInUseError`, both before anything is sent. When cancelled the
        call goes on; hang it up by its id.
        """
        if order.channel_id in self._dials:
            raise ChannelInUseError(f"{order.channel_id} is being placed already")
        dial = self._dials[order.channel_id] = _Dial(new_id("m"), self._clock.now())
        try:
            return await self._run(order, dial)
        finally:
            del self._dials[order.channel_id]

    async def _run(self, order: Originate, dial: _Dial) -> DialResult:
        try:
            await self._originator.originate(order, action_id=dial.action_id)
        except ActionRefusedError as refusal:
            log.error("ami.originate_refused", channel_id=order.channel_id, reason=refusal.reason)  # noqa: TRY400
            return self._result(dial, DialEnd.REFUSED)
        except AmiTimeoutError:
            log.warning("ami.originate_unanswered", channel_id=order.channel_id)  # it may ring all the same
        except AmiUnavailableError as problem:
            if not problem.sent:
                return self._result(dial, DialEnd.FAILED, sent=False)
            dial.lost = True
            dial.settle()
        try:
            async with asyncio.timeout(order.timeout + self._timings.overdue):
                await dial.half_over.wait()
            async with asyncio.timeout(self._timings.settle):
                await dial.over.wait()
        except TimeoutError:
            pass  # what is known by now decides
        return self._judge(order, dial)

    def _judge(self, order: Originate, dial: _Dial) -> DialResult:
        if dial.answered_at is not None:
            return self._result(dial, DialEnd.ANSWERED)
        reason = dial.failed.reason if dial.failed else None
        cause = dial.hung_up.cause if dial.hung_up else None
        known = dial.hung_up or (dial.failed and (not dial.lost or reason is OriginateReason.TIMEOUT))
        if not known:
            log.warning("ami.dial_unknown", channel_id=order.channel_id, lost=dial.lost)
            return self._result(dial, DialEnd.FAILED)
        sip = sip_status(reason, dial.hung_up.sip_cause) if dial.hung_up else ""
        return self._result(dial, verdict(reason, cause, sip, rang=dial.ringing_at is not None), sip)

    def _result(self, dial: _Dial, end: DialEnd, sip_cause: str = "", *, sent: bool = True) -> DialResult:
        return DialResult(
            end=end,
            cause=dial.hung_up.cause if dial.hung_up else 0,
            sip_cause=sip_cause,
            placed_at=dial.placed_at,
            ringing_at=dial.ringing_at,
            answered_at=dial.answered_at,
            over_at=dial.answered_at or self._clock.now(),
            sent=sent,
        )

    def _state_changed(self, event: StateChanged) -> None:
        if dial := self._dials.get(event.uniqueid):
            if event.state is ChannelState.RINGING:
                dial.ringing_at = dial.ringing_at or event.at
            elif event.state is ChannelState.UP:
                dial.answered_at = dial.answered_at or event.at
                dial.settle()

    def _answered(self, event: OriginateAnswered) -> None:
        if dial := self._dials.get(event.uniqueid):
            dial.answered_at = dial.answered_at or event.at
            dial.settle()

    def _failed(self, event: OriginateFailed) -> None:
        dial = self._dials.get(event.uniqueid)
        # A second Originate with a live id fails under the same unique id; only our own order counts.
        if dial and dial.action_id == event.action_id:
            dial.failed = event
            dial.settle()

    def _hung_up(self, event: HungUp) -> None:
        if dial := self._dials.get(event.uniqueid):
            dial.hung_up = event
            dial.settle()

    def _lost(self, event: Disconnected) -> None:
        del event
        for dial in self._dials.values():
            dial.lost = True
            dial.settle()
