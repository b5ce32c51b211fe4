"""Every session that Asterisk opens comes here: which call it is, through which flow it goes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from agi import Session
from calls import (
    CallStart,
    Direction,
    Journal,
    LiveBoard,
    Segment,
    SegmentKind,
    TraceSink,
    queries,
)
from centralino.core.callers import Caller, recognise
from centralino.core.control.asides import STEPS_APART
from centralino.core.joining import Joiner, TalkOrder
from centralino.core.queueing.asking import Sink
from centralino.core.register import OpenCall, Register
from centralino.core.ringbacks import FLOW, RingBacks, first_words, goes_on, resumed
from customers import Customers
from dialer import Mode, Placement
from dialer.ringbacks import RingBack
from ivr import Library, RunEnd, Runner, RunResult, RunStart, RunState, resume
from ivr.ports import Conversation
from store import Database, StoreUnavailableError
from values import AttemptId, CallId, CentralinoError, Clock, HangupError, PhoneNumber

log = structlog.get_logger(__name__)

DONE = "CENTRALINO_DONE"
"""Set on the channel when the flow has reached its end; without it the dialplan takes care of the caller."""
STEP = "CENTRALINO_STEP"
"""Where a call that was elsewhere wants to go on; '' where it stood."""
KIND = "CENTRALINO_KIND"


FindPlaced = Callable[[CallId], Awaitable[Placement | None]]
"""What the dialler knows of a call it placed."""


class UnknownCallError(CentralinoError):
    """Asterisk offers a call that nobody knows and that says nothing about itself."""

    error_id = "unknown-call"


@dataclass(frozen=True, slots=True)
class Books:
    """Where calls are written down."""

    journal: Journal
    board: LiveBoard
    register: Register
    db: Database


class Switchboard:
    """Takes sessions to flows."""

    def __init__(
        self,
        runner: Runner,
        library: Library,
        books: Books,
        customers: Customers,
        placed: FindPlaced,
        clock: Clock,
        *,
        node: str,
        country: str,
        numbers: Mapping[str, str],
        default_flow: str,
        joiner: Joiner | None = None,
        ring_backs: RingBacks | None = None,
        listening: Callable[[Sink], Sink] | None = None,
    ) -> None:
        """`numbers` names the flow of each inbound number; every other one gets `default_flow`.

        `joiner` takes answered calls of campaigns with agents; without it all go through their flow.
        `ring_backs` knows who rings back a number that we called them from: they come to the flow for that.
        `listening` hears flows' steps too: it makes of a call's sink one that tells both.
        """
        self._runner = runner
        self._library = library
        self._books = books
        self._customers = customers
        self._placed = placed
        self._clock = clock
        self._node = node
        self._country = country
        self._numbers = numbers
        self._default_flow = default_flow
        self._joiner = joiner
        self._ring_backs = ring_backs
        self._listening = listening

    async def take(self, session: Session) -> None:
        """Handle one session (`agi.Handler`)."""
        with structlog.contextvars.bound_contextvars(call=session.call_id):
            try:
                await self._take(session)
            except HangupError:
                pass
            except CentralinoError as problem:
                log.error("call.not_taken", route=session.route, reason=str(problem))  # noqa: TRY400

    async def _take(self, session: Session) -> None:
        call_id = session.call_id
        if self._joiner is not None and (order := await self._order(session)):
            await self._meet(self._joiner, session, order)
            return
        state: RunState | None = None
        ring_back: RingBack | None = None
        at_step = ""
        if session.route == "outbound":
            start = await self._outbound(session)
        elif session.route == "inbound":
            start, ring_back = await self._inbound(session)
        else:
            start, ring_back, state, at_step = await self._again(session)
        register = self._books.register
        register.entered(call_id)
        began = self._clock.now()
        try:
            await self._run(session, start, ring_back, state, at_step)
        finally:
            self._books.journal.segment(
                Segment(call_id, "customer", SegmentKind.FLOW, began, self._clock.now(), start.flow)
            )
            register.left(call_id)

    async def _run(
        self,
        session: Session,
        start: RunStart,
        ring_back: RingBack | None,
        state: RunState | None,
        at_step: str,
    ) -> None:
        trace: Sink = TraceSink(self._books.journal, self._books.board, session.call_id)
        trace = self._listening(trace) if self._listening else trace
        line = self._line(session, start)
        result = await self._runner.run(line, start, trace, state=state, at_step=at_step)
        if ring_back and goes_on(ring_back, result):
            own = resumed(ring_back, start)
            result = await self._runner.run(line, own, trace, first_seq=result.state.seq)
        if call := self._books.register.get(session.call_id):
            _keep(call, result)
        if ring_back and self._ring_backs:
            await self._ring_backs.ended(ring_back, result)
        if result.how is RunEnd.DONE:
            await session.mark(DONE, "1")  # the dialplan hangs up as soon as we let go
        elif result.how is not RunEnd.HANGUP:
            log.error("call.flow_failed", how=result.how.value, step=result.path)

    def _line(self, session: Session, start: RunStart) -> Conversation:
        """The caller's line; where there are agents, flows may put them through."""
        if self._joiner is None:
            return session
        return self._joiner.caller(
            session,
            TalkOrder(
                attempt_id=AttemptId(""),
                campaign="",
                number=PhoneNumber(start.caller),
                caller_id=session.dialled,
                customer_id=str(start.variables.get("customer_id") or ""),
                title=start.flow,
            ),
        )

    async def _order(self, session: Session) -> TalkOrder | None:
        """What to do with an answered call that is to meet an agent; None for every other."""
        if session.route == "inbound":
            return None
        if session.route != "outbound" and await session.get_variable(KIND) != "outbound":
            return None
        placed = await self._placed(session.call_id)
        return _talk_order(placed) if placed is not None and placed.mode is not Mode.AGENTLESS else None

    async def _meet(self, joiner: Joiner, session: Session, order: TalkOrder) -> None:
        register = self._books.register
        if session.route == "outbound" or register.get(session.call_id) is None:
            await self._outbound(session)
        register.entered(session.call_id)
        try:
            if session.route == "outbound":
                outcome = await joiner.take(session, order)
            elif session.route == "talked":
                outcome = joiner.talked(order)
            else:
                outcome = await joiner.resume(session, order)
            if call := register.get(session.call_id):
                call.came_to = outcome.value
            await session.mark(DONE, "1")
        finally:
            register.left(session.call_id)

    async def _inbound(self, session: Session) -> tuple[RunStart, RingBack | None]:
        caller = await recognise(self._customers, session.caller_id, self._country, session.call_id)
        flow, variables = self._numbers.get(session.dialled, self._default_flow), caller.variables
        ring_back = await self._ring_back(session, caller)
        if ring_back and self._ring_backs:
            flow = ring_back.callback_flow or FLOW
            variables = dict(first_words(ring_back, caller, self._ring_backs.company))
        self._books.register.began(
            CallStart(
                call_id=session.call_id,
                direction=Direction.INBOUND,
                at=self._clock.now(),
                node=self._node,
                trunk=_trunk_of(session.channel),
                caller=caller.number,
                dialled=session.dialled,
                flow=flow,
                flow_version=self._version(flow),
                customer_id=caller.card.id if caller.card else "",
            )
        )
        start = RunStart(
            call_id=session.call_id,
            flow=flow,
            variables=variables,
            language=caller.card.language if caller.card else _language_of(ring_back),
            slow=caller.card.slow_speech if caller.card else False,
            caller=caller.number,
        )
        return start, ring_back

    async def _ring_back(self, session: Session, caller: Caller) -> RingBack | None:
        """What they ring back about; nothing when the flow for that has not been published."""
        if self._ring_backs is None:
            return None
        found = await self._ring_backs.find(session.dialled, caller, session.call_id)
        return found if found and self._version(found.callback_flow or FLOW) else None

    async def _outbound(self, session: Session) -> RunStart:
        placed = await self._placed(session.call_id)
        if placed is None:
            raise UnknownCallError(f"no attempt {session.call_id} was placed by this house")
        self._books.register.began(
            CallStart(
                call_id=session.call_id,
                direction=Direction.OUTBOUND,
                at=self._clock.now(),
                node=self._node,
                trunk=placed.trunk,
                caller=placed.caller_id,
                dialled=placed.number,
                flow=placed.flow,
                flow_version=self._version(placed.flow),
                attempt_id=placed.attempt_id,
                customer_id=placed.customer_id,
            )
        )
        return _outbound_start(session.call_id, placed)

    async def _again(self, session: Session) -> tuple[RunStart, RingBack | None, RunState | None, str]:
        """A call that left its session comes back: by memory, by its trace, or from the beginning."""
        at_step = await session.get_variable(STEP)
        if at_step:
            await session.set_variable(STEP, "")
        outbound = await session.get_variable(KIND) == "outbound"
        known = self._books.register.get(session.call_id)
        state = known.state if known else None
        if state is None:
            state = await self._from_trace(session.call_id)
        ring_back = None
        if outbound:
            start = await self._outbound(session)
        else:
            start, ring_back = await self._inbound(session)
        log.info("call.back", from_trace=state is not None, step=at_step or (state.path if state else ""))
        return start, ring_back, state, at_step if state else ""

    def _version(self, flow: str) -> str:
        published = self._library.edition().published.get(flow)
        return published.version if published else ""

    async def _from_trace(self, call_id: CallId) -> RunState | None:
        try:
            async with self._books.db.read() as session:
                steps = await queries.trace(session, call_id)
            records = [step for step in steps if step.seq < STEPS_APART]  # without flows in mid-talk
            return resume(records) if records else None
        except (StoreUnavailableError, ValueError) as problem:
            log.warning("call.trace_unreadable", reason=str(problem))
            return None


def _keep(call: OpenCall, result: RunResult) -> None:
    """Remember what the flow came to; a call that only left may come back to where it stands."""
    call.state = result.state
    if result.how is RunEnd.DONE or result.outcome:
        call.result = result


def _outbound_start(call_id: CallId, placed: Placement) -> RunStart:
    variables = dict(placed.fields)
    language = str(variables.pop("language", "") or "")
    slow = bool(variables.pop("slow", False))
    return RunStart(
        call_id=call_id,
        flow=placed.flow,
        variables={**variables, "caller": placed.number, "customer_id": placed.customer_id},
        language=language,
        slow=slow,
        caller=placed.number,
    )


def _talk_order(placed: Placement) -> TalkOrder:
    fields = dict(placed.fields)
    return TalkOrder(
        attempt_id=placed.attempt_id,
        campaign=placed.campaign,
        number=placed.number,
        caller_id=placed.caller_id,
        contact_id=placed.contact_id,
        customer_id=placed.customer_id,
        title=placed.title,
        profile=placed.profile,
        purpose=placed.purpose.value,
        skill=placed.skill,
        agent=placed.agent,
        machines=placed.machines,
        message=placed.message,
        record=placed.record,
        wrap_seconds=placed.wrap_seconds,
        language=str(fields.pop("language", "") or ""),
        queue=str(fields.get("queue") or ""),
        reason=str(fields.get("reason") or ""),
        fields=fields,
    )


def _language_of(ring_back: RingBack | None) -> str:
    """The language we would have spoken to them."""
    return str(ring_back.fields.get("language") or "") if ring_back else ""


def _trunk_of(channel: str) -> str:
    """`PJSIP/trunk-0000001a` came by `trunk`."""
    return channel.partition("/")[2].rpartition("-")[0]
