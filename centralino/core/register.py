"""Which calls are up, and closing their records: they end with Asterisk's hang-up, not with a session."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from ami import DialEnd, DialResult, HungUp, Quality
from calls import (
    CallEnd,
    CallStart,
    CallState,
    Direction,
    Journal,
    LineQuality,
    LiveBoard,
    Segment,
    SegmentKind,
)
from calls.models import Call
from dialer.ports import Order
from ivr import RunResult, RunState
from values import CallId, Clock, mask_number

log = structlog.get_logger(__name__)

HANGUPS_KEPT = 1_000
"""The last hang-ups heard: a caller may be gone before we know that there was a call."""


@dataclass(slots=True)
class OpenCall:
    """A call that is up."""

    start: CallStart
    result: RunResult | None = None
    """What its flow came to, once it has."""
    came_to: str = ""
    """What it came to without a flow: a talk with an agent, nobody free, a machine."""
    state: RunState | None = None
    """Where it stands, when it left its session and may come back."""
    sessions: int = 0
    ringing: bool = False
    """We ring somebody, and what comes of it is still to be told."""
    hung_up: HungUp | None = None


class Register:
    """The calls of this node. Tells the journal, the board, and whoever waits for a call's end."""

    def __init__(self, journal: Journal, board: LiveBoard, clock: Clock, node: str) -> None:
        self._journal = journal
        self.board = board
        """Which calls are up, for pages."""
        self._clock = clock
        self._node = node
        self._open: dict[CallId, OpenCall] = {}
        self._gone: OrderedDict[CallId, HungUp] = OrderedDict()
        self._listeners: list[Callable[[CallStart, CallEnd], None]] = []
        self.started = 0
        self.ended = 0

    def on_end(self, listener: Callable[[CallStart, CallEnd], None]) -> None:
        """Call this when a call's record is closed; it must not block."""
        self._listeners.append(listener)

    def __len__(self) -> int:
        return len(self._open)

    def get(self, call_id: CallId) -> OpenCall | None:
        """A call that is up."""
        return self._open.get(call_id)

    def began(self, start: CallStart) -> OpenCall:
        """A call came up, or became known in more detail."""
        known = self._open.get(start.call_id)
        if known is None:
            self.started += 1
            known = self._open[start.call_id] = OpenCall(start, hung_up=self._gone.get(start.call_id))
        else:
            known.start = replace(start, at=known.start.at)
        self._journal.call_started(known.start)
        self.board.started(known.start)
        return known

    def adopt(self, calls: Iterable[Call]) -> None:
        """Take over calls that were up before this process began."""
        for call in calls:
            start = _start_of(call)
            self._open[start.call_id] = OpenCall(start)
            self.board.started(start)
            log.info("call.adopted", call=start.call_id)

    def placed(self, order: Order) -> None:
        """We are about to ring somebody."""
        call_id = CallId(order.attempt_id)
        self.began(
            CallStart(
                call_id=call_id,
                direction=Direction.OUTBOUND,
                at=self._clock.now(),
                node=self._node,
                trunk=order.trunk,
                caller=order.caller_id,
                dialled=order.number,
                flow=order.variables.get("CENTRALINO_FLOW", ""),
                attempt_id=order.attempt_id,
            )
        ).ringing = True
        log.info("call.placed", call=call_id, number=mask_number(order.number), trunk=order.trunk)

    def dialled(self, order: Order, result: DialResult) -> None:
        """The ringing is over, one way or the other."""
        call_id = CallId(order.attempt_id)
        self._journal.segment(
            Segment(call_id, "customer", SegmentKind.RING, result.placed_at, result.over_at, order.number)
        )
        log.info("call.dialled", call=call_id, end=result.end.value, cause=result.cause, sip=result.sip_cause)
        known = self._open.get(call_id)
        if known is None:
            return
        known.ringing = False
        if result.end is DialEnd.ANSWERED:
            self._close_if_over(known)
        elif result.end is not DialEnd.FAILED:
            self._close(known, result.over_at, result.cause, result.sip_cause, result.end.value)
        else:  # unknown: it may be up; its hang-up tells, or the next resynchronisation
            self._close_if_over(known)

    def entered(self, call_id: CallId) -> None:
        """A session of this call begins."""
        if call := self._open.get(call_id):
            call.sessions += 1

    def left(self, call_id: CallId) -> None:
        """A session of this call is over; the call may not be."""
        call = self._open.get(call_id)
        if call is None:
            return
        call.sessions -= 1
        self._close_if_over(call)

    def heard_hangup(self, event: HungUp) -> None:
        """Asterisk says that a channel is gone; also one whose call we are only getting to know."""
        self._gone[CallId(event.uniqueid)] = event
        while len(self._gone) > HANGUPS_KEPT:
            self._gone.popitem(last=False)
        if call := self._open.get(CallId(event.uniqueid)):
            call.hung_up = event
            self._close_if_over(call)

    def heard_quality(self, event: Quality) -> None:
        """Asterisk counted a leg's packets."""
        self._journal.quality(
            LineQuality(
                call_id=CallId(event.call_id),
                leg=event.leg.rpartition("-")[0] or event.leg,
                received=event.rx_count or 0,
                sent=event.tx_count or 0,
                lost_in=event.rx_lost or 0,
                lost_out=event.tx_lost or 0,
            )
        )

    def resynced(self, live: frozenset[str]) -> None:
        """After a time without the manager: what is not live any more is over, unseen."""
        now = self._clock.now()
        for call in list(self._open.values()):
            if call.start.call_id not in live and call.sessions <= 0 and not call.ringing:
                seen = call.result is not None or call.came_to != ""
                state = CallState.ENDED if seen else CallState.INTERRUPTED
                self._close(call, now, 0, "", "", state=state)

    def _close_if_over(self, call: OpenCall) -> None:
        """A call is over when Asterisk has said so and nobody of ours is at work on it any more."""
        if (event := call.hung_up) and call.sessions <= 0 and not call.ringing:
            self._close(call, event.at, event.cause, event.sip_cause, "")

    def _close(
        self,
        call: OpenCall,
        at: datetime,
        cause: int,
        sip_cause: str,
        outcome: str,
        *,
        state: CallState = CallState.ENDED,
    ) -> None:
        if self._open.pop(call.start.call_id, None) is None:
            return
        self.ended += 1
        result = call.result
        end = CallEnd(
            call_id=call.start.call_id,
            at=at,
            cause=cause,
            sip_cause=sip_cause,
            outcome=call.came_to or (result.outcome if result else outcome),
            goal=result.goal if result else False,
            state=state,
        )
        self._journal.call_ended(end)
        self.board.ended(call.start.call_id)
        log.info("call.ended", call=end.call_id, outcome=end.outcome, cause=cause, state=state.value)
        for listener in self._listeners:
            listener(call.start, end)


def _start_of(call: Call) -> CallStart:
    return CallStart(
        call_id=CallId(call.call_id),
        direction=call.direction,
        at=call.began,
        node=call.node,
        trunk=call.trunk,
        caller=call.caller,
        dialled=call.dialled,
        flow=call.flow,
        flow_version=call.flow_version,
        attempt_id=call.attempt_id,
        customer_id=call.customer_id,
    )
