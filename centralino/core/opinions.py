"""Asking customers what they think of the talk they have just had, when their agent has hung up.

Who is asked is drawn in the moment in which customer and agent are joined, by the call's id and the survey's
seed: neither of them knows, and nothing they do changes it. An agent whose customer was drawn is let go at
once, as always; the customer hears the first question instead of the line's end.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

import structlog

from agents import AgentState, Desk
from calls import CallEnd, CallStart, Journal, Segment, SegmentKind
from centralino.core.control.asides import FlowRuns
from centralino.core.control.deeds import Deeds
from centralino.core.control.errors import NobodyTalksError
from centralino.core.control.ports import Flows
from centralino.core.joining.ports import Line, TalkOrder
from centralino.core.switchboard import Books
from centralino.rooms import Rooms
from ivr import Runner
from store import StoreUnavailableError
from surveys.aftercall import AfterCalls, Asked, Talk
from values import CallId, CentralinoError, Clock, HangupError, Scalar

log = structlog.get_logger(__name__)

APART: Final = 50
"""The steps of its flow are numbered apart, also from those of flows in mid-talk."""
DRAWN_SECONDS: Final = 1.0
"""How long the draw may still take when the talk is over: nobody is kept waiting for it."""
THROUGH_SECONDS: Final = 30.0
"""How long a flow may take over what it does when somebody has hung up."""
LOOK_SECONDS: Final = 600.0
CUT_SECONDS: Final = 5.0
"""A call that ends so soon after its agent ended it has ended by that."""
BRIDGED: Final = "BRIDGERESULT"
"""Asterisk's word on the latest talk: a core that takes over leaves the customer where the talk had ended."""


class Book(Protocol):
    """Where it is drawn and written down; `surveys.aftercall.AfterCalls` is one."""

    async def draw(self, talk: Talk) -> Asked | None:
        """Whether this customer is to be asked, which is written down then."""
        ...

    async def unfit(self, interview: str) -> None:
        """They were drawn, and are not to be asked after all."""
        ...

    async def cut(self, interview: str) -> None:
        """Their agent ended their call, so that they could not be asked."""
        ...

    async def left_over(self) -> int:
        """Settle what nobody did, of calls that are over; how many."""
        ...

    async def over(self, interview: str, *, asked: bool) -> None:
        """Their call is over; whether they were `asked` before, wherever they stood then."""
        ...


@dataclass(slots=True)
class _Open:
    """A call in which somebody was joined with an agent."""

    drawing: "asyncio.Task[Asked | None]"
    joined: datetime
    seconds: float = 0.0
    """How long they talked."""
    fit: bool = True
    left: bool = False
    """Whether the agent left them, and did not come back."""
    asked: bool = False
    ended: bool = False
    """Whether the agent has ended the call, not only their part of it: nothing of its flow comes after."""
    cut: datetime | None = None
    """When the agent ended the customer's call where they could not be let go alone."""
    through: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether their questions are over, and what the flow does when somebody hangs up is done."""

    def cut_by(self, ended: datetime) -> bool:
        """Whether the call's end was the agent's doing."""
        if self.cut is None or self.asked:
            return False
        return (ended - self.cut).total_seconds() <= CUT_SECONDS

    def talked(self, ended: datetime) -> float:
        """How long they had talked, also where the call's end is known before the talk's."""
        return self.seconds or (ended - self.joined).total_seconds()

    @property
    def nobody(self) -> bool:
        """Whether it is known that they are not asked."""
        return self.drawing.done() and (self.drawing.cancelled() or self.drawing.result() is None)


class Opinions:
    """Satisfies `joining.ports.Opinions`; told of calls that end."""

    def __init__(self, book: Book, flows: Flows, journal: Journal, clock: Clock) -> None:
        self._book = book
        self._flows = flows
        self._journal = journal
        self._clock = clock
        self._open: dict[CallId, _Open] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    def begins(self, order: TalkOrder, call: CallId, agent: str) -> None:
        """Draw. Whoever comes to a second agent in one call was put through, and is not asked."""
        if known := self._open.get(call):
            known.fit = False
            return
        now = self._clock.now()
        talk = Talk(
            call_id=call,
            agent=agent,
            queue=order.queue,
            campaign=order.campaign,
            customer_id=order.customer_id,
            number=order.number,
            language=order.language,
            at=now,
        )
        self._open[call] = _Open(self._spawn(self._draw(talk)), now)

    def parted(self, call: CallId, *, fit: bool, left: bool = False) -> None:
        """Their talk is over. An agent who `left` them is told apart from one who put them through."""
        if known := self._open.get(call):
            known.left = known.left or (left and known.fit)
            known.seconds = (self._clock.now() - known.joined).total_seconds()
            known.fit = known.fit and fit

    def may_ask(self, call: str) -> bool:
        """Whether a customer may have been drawn: their call is not to be ended for them."""
        known = self._open.get(CallId(call))
        return known is not None and known.fit and not known.asked and not known.nobody

    def end(self, call: str) -> None:
        """The agent ends the call; who is to be asked is asked first."""
        if known := self._open.get(CallId(call)):
            known.ended = True

    def cuts(self, call: str) -> None:
        """The agent ends the call, and whoever is to be asked cannot stay: that is written down as such."""
        if known := self._open.get(CallId(call)):
            known.ended, known.cut = False, self._clock.now()

    async def ask(self, line: Line, order: TalkOrder) -> bool:
        """Lead a drawn customer into the questions; False for everybody else. Raises `HangupError`."""
        known = self._open.get(line.call_id)
        if known is None:
            return False
        asked = await self._ask(known, line, order)
        if known.ended and not asked:
            await line.hangup()
            raise HangupError
        return asked

    async def _ask(self, known: _Open, line: Line, order: TalkOrder) -> bool:
        if known.asked or not known.fit:
            return False
        drawn = await self._drawn(known)
        if drawn is None or not self._flows.known(drawn.flow):
            return False
        if known.seconds < drawn.shortest:
            known.fit = False
            return False
        known.asked = True
        await line.execute("StopMixMonitor")  # nobody who hears the talk later hears what they answered
        await line.mark(BRIDGED, "SUCCESS")
        await line.flush()
        fields: Mapping[str, Scalar] = {"interview": drawn.interview, **drawn.fields}
        began = self._clock.now()
        log.info("opinion.asked", call=line.call_id, interview=drawn.interview)
        try:
            await self._flows.run(line, order, drawn.flow, fields, APART)
        finally:
            known.through.set()
            self._journal.segment(
                Segment(line.call_id, "customer", SegmentKind.FLOW, began, self._clock.now(), drawn.flow)
            )
        return True

    def call_ended(self, start: CallStart, end: CallEnd) -> None:  # noqa: ARG002  (all listeners alike)
        """A call is over: what was drawn for it is settled."""
        if known := self._open.pop(end.call_id, None):
            self._spawn(self._settle(known, self._clock.now()))

    async def run(self) -> None:
        """Look now and then for interviews that were never settled: a core may fall in mid-question."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            try:
                if settled := await self._book.left_over():
                    log.info("opinion.left_over", settled=settled)
            except StoreUnavailableError:
                log.info("opinion.look_put_off")

    async def close(self) -> None:
        """Stop; what could not be settled is found later by `run`."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Inside.

    async def _draw(self, talk: Talk) -> Asked | None:
        try:
            return await self._book.draw(talk)
        except StoreUnavailableError:
            log.warning("opinion.not_drawn", call=talk.call_id)
        except Exception:
            log.exception("opinion.draw_failed", call=talk.call_id)
        return None

    async def _drawn(self, known: _Open) -> Asked | None:
        try:
            async with asyncio.timeout(DRAWN_SECONDS):
                return await asyncio.shield(known.drawing)
        except TimeoutError:
            known.fit = False
            return None

    async def _settle(self, known: _Open, ended: datetime) -> None:
        drawn = await known.drawing
        if drawn is None:
            return
        try:
            if known.asked:  # the flow knows what was answered: it has the first word
                async with asyncio.timeout(THROUGH_SECONDS):
                    await known.through.wait()
            cut = known.cut_by(ended)
            if known.left and known.talked(ended) >= drawn.shortest:  # it shows whose customers they are
                await self._book.over(drawn.interview, asked=False)
            elif not known.fit or (cut and known.talked(ended) < drawn.shortest):
                await self._book.unfit(drawn.interview)
            elif cut:
                await self._book.cut(drawn.interview)
            else:
                await self._book.over(drawn.interview, asked=known.asked)
        except (StoreUnavailableError, TimeoutError):
            log.warning("opinion.not_settled", interview=drawn.interview)

    def _spawn(self, work: Any) -> "asyncio.Task[Any]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def opinions_of(rooms: Rooms, books: Books, runner: Runner, clock: Clock) -> Opinions:
    """Those of a real node; they hear of the ends of its calls by themselves."""
    flows = FlowRuns(runner, rooms.library, books.journal, books.board)
    book = AfterCalls(rooms.db, rooms.customers, flows.known, clock)
    opinions = Opinions(book, flows, books.journal, clock)
    books.register.on_end(opinions.call_ended)
    return opinions


class LettingGo:
    """Ends a talk for its agent so that the customer stays, when there may be something to ask them."""

    def __init__(self, desk: Desk, deeds: Deeds, opinions: Opinions) -> None:
        self._desk = desk
        self._deeds = deeds
        self._opinions = opinions

    async def __call__(self, agent: str) -> bool:
        """False when the customer's call is to be ended as usual. Who was only asked for advice leaves."""
        if await self._deeds.leave(agent):
            return True
        seat = self._desk.seat(agent)
        if seat is None or seat.state is not AgentState.TALKING or not self._opinions.may_ask(seat.call):
            return False
        self._opinions.end(seat.call)
        try:
            await self._deeds.let_go(agent)
        except NobodyTalksError:  # the customer was quicker
            return False
        except CentralinoError as problem:
            self._opinions.cuts(seat.call)
            log.info("opinion.not_let_go", agent=agent, why=str(problem))
            return False
        return True
