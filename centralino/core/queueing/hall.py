"""All queues of one node: who comes in, whose turn it is, and what becomes of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from agents import Desk, Reservation
from agents.queues import Book, Queue, Visit, VisitEnd, is_open, queues, rules
from agents.queues.service import open_visits
from centralino.core.joining.ports import Line, Meeting, TalkOrder
from centralino.core.joining.waiting import Waiter, WaitingLine
from centralino.core.queueing.keeper import Keeper
from centralino.core.queueing.outlook import Outlook
from centralino.core.queueing.passes import Pass
from centralino.core.queueing.ports import Asking, CameTo, Keeping, Met, Whose
from centralino.core.queueing.returning import PLACE, returned, written
from centralino.core.queueing.stay import Sight, Stay
from centralino.core.queueing.words import CALL_BACK_KEY, QueueWords
from store import Database, StoreUnavailableError
from values import Clock, HangupError, TransferEnd, new_id

log = structlog.get_logger(__name__)

REFRESH_SECONDS = 1.0
OFFER_SECONDS = 4.0
_WAYS: Mapping[VisitEnd, TransferEnd] = {
    VisitEnd.TIMEOUT: TransferEnd.NO_ANSWER,
    VisitEnd.OVERFLOW: TransferEnd.BUSY,
    VisitEnd.CLOSED: TransferEnd.BUSY,
    VisitEnd.EMPTY: TransferEnd.FAILED,
}


class Hall:
    """One a node. `waiting` is the line that everybody shares who waits for an agent.

    **For whoever steers talks**: `turn` puts a customer who is on our line already (their talk was left, or
    their agent is gone) into a queue and gives them an agent; `enter` says that a call shall go to a queue as
    soon as its present talk ends with the customer still there.
    """

    def __init__(
        self,
        db: Database,
        desk: Desk,
        waiting: WaitingLine,
        book: Book,
        words: QueueWords,
        clock: Clock,
        *,
        node: str,
        asking: Asking,
        keeping: Keeping | None = None,
        came_to: CameTo | None = None,
    ) -> None:
        self.keeper = Keeper(desk, book, clock)
        self.outlook = Outlook(desk, waiting, self.keeper)
        self.queues: dict[str, Queue] = {}
        self.waiting = waiting
        self.desk = desk
        self.node = node
        self.keeping = keeping
        self.came_to = came_to
        self._db = db
        self._words = words
        self._clock = clock
        self._asking = asking
        self._moves: dict[str, Pass] = {}
        self._crew_known = False
        self._closing = False

    # What is known.

    async def refresh(self) -> None:
        """Read the queues anew. Raises `StoreUnavailableError`."""
        async with self._db.read() as session:
            self.queues = await queues(session)

    async def run(self) -> None:
        """Keep them fresh until cancelled."""
        away = False
        while True:
            try:
                await self.refresh()
                away = False
            except StoreUnavailableError:
                if not away:
                    log.warning("queues.not_refreshed")
                away = True
            await self._clock.sleep(REFRESH_SECONDS)

    def known(self, queue: str) -> bool:
        """Whether there is a queue of this name that takes callers."""
        return queue in self.queues and self.queues[queue].active

    # Put by others.

    def enter(self, call_id: str, queue: str, *, since: datetime | None = None, front: bool = False) -> None:
        """Have a call go to a queue as soon as its present talk is over and the customer is still there.

        Put the agent's leg back into its park and the customer waits there, instead of going on in the flow.

        `since`: when they began to wait, for their place (None: now); `front`: before everybody else, as
        somebody whose agent is gone through no fault of theirs.
        """
        self._moves[call_id] = Pass(queue, since or self._clock.now(), front=front)

    def moved(self, call_id: str) -> Pass | None:
        """Where a call whose talk is over goes; asked once."""
        return self._moves.pop(call_id, None)

    def goes_on(self, call_id: str) -> bool:
        """Whether a call whose talk is over goes to a queue."""
        return call_id in self._moves

    def serves(self, order: TalkOrder, call: str, queue: str) -> bool:
        """Whether a queue is open, and somebody is at work who could take this call."""
        found = self.queues.get(queue)
        return found is not None and not self._nobody(
            found, self._waiter(found, call, 0.0, order.language, 0.0, front=True)
        )

    def pick(self, order: TalkOrder, call: str, queue: str) -> Reservation | None:
        """An agent of a queue who is free at once, for a call that does not wait; None when nobody is."""
        if (found := self.queues.get(queue)) is None:
            return None
        waiter = self._waiter(found, call, self.desk.seconds(), order.language, 0.0, front=True)
        self.waiting.enter(waiter)
        if waiter.served.done():
            return waiter.served.result()
        self.waiting.leave(waiter)
        return None

    async def turn(
        self,
        line: Line,
        order: TalkOrder,
        queue: str,
        *,
        since: datetime | None = None,
        front: bool = False,
        agent: str = "",
    ) -> Met | None:
        """Wait in a queue on behalf of a talk: they hear music already, and are told nothing.

        `since` and `front` as for `enter`; `agent` is asked first. None when it took too long, or nobody is
        at work. Raises `HangupError`.
        """
        if (found := self.queues.get(queue)) is None:
            return None
        passed = Pass(queue, since or self._clock.now(), front=front, agent=agent)
        known = self.keeper.waiting(line.call_id)
        if known is not None and known.queue == queue:  # the agent of their turn was not there
            passed = replace(passed, since=known.since, visit_id=known.visit_id)
        met = await self._stay(line, order, found, passed, quiet=True)
        if not isinstance(met, Met):
            await line.mark(PLACE, "")
            return None
        return met

    # Sent by their flow.

    async def receive(self, line: Line, order: TalkOrder, name: str) -> Met | TransferEnd:
        """Somebody comes to a queue by their flow: an agent who is theirs, or how the flow goes on.

        Raises `HangupError`, also when they are to be called back: then it was said, and they were let go.
        """
        passed = (
            self.moved(line.call_id) or await returned(line, self.queues) or Pass(name, self._clock.now())
        )
        visited: set[str] = set()
        while (queue := self.queues.get(passed.queue)) is not None and queue.name not in visited:
            visited.add(queue.name)
            met = await self._stay(line, order, queue, passed)
            if isinstance(met, Met):
                return met
            if met is VisitEnd.OVERFLOW and queue.overflow == "queue":
                passed = replace(passed, queue=queue.overflow_to, visit_id="")
                continue
            return await self._without(line, order, queue, met)
        log.error("queues.unknown", queue=passed.queue)
        return TransferEnd.FAILED

    async def _stay(
        self, line: Line, order: TalkOrder, queue: Queue, passed: Pass, *, quiet: bool = False
    ) -> Met | VisitEnd:
        language = order.language if order.language in queue.languages else queue.languages[0]
        whose = await self._asking(line.call_id, order.customer_id)
        points = rules.points_of(queue, whose.tier)
        since = self.desk.seconds() - max(0.0, (self._clock.now() - passed.since).total_seconds())
        waiter = self._waiter(queue, line.call_id, since, language, points, front=passed.front)
        waiter.agent = passed.agent
        visit = await self._visit(line.call_id, queue, passed, whose, points=points, language=language)
        visit.position = self.outlook.position(waiter)
        self.keeper.entered(visit)
        await line.mark(PLACE, replace(passed, queue=queue.name, visit_id=visit.visit_id).text)
        if (end := self._nobody(queue, waiter)) is not None:
            self.keeper.ended(visit, end)
            return end
        stay = Stay(
            line,
            queue,
            visit,
            waiter,
            waiting=self.waiting,
            keeper=self.keeper,
            words=self._words,
            sight=Sight(
                self.outlook.position,
                self.outlook.estimate,
                self.desk.seconds,
                lambda: self._nobody(queue, waiter),
            ),
            may_call_back=self.keeping is not None and self.keeping.may(order.number),
            language=language,
            quiet=quiet,
        )
        log.info("queue.entered", queue=queue.name, position=visit.position, points=points)
        try:
            end_or_agent = await stay.until_over()
        except HangupError:
            if not self._closing:  # else the next core takes them up, or finds them gone
                self.keeper.ended(visit, VisitEnd.ABANDON)
            raise
        if isinstance(end_or_agent, Reservation):
            self.keeper.reserved(visit, end_or_agent)
            told = replace(
                order,
                customer_id=whose.customer_id or order.customer_id,
                title=queue.title,
                queue=queue.name,
                reason=whose.reason or order.reason,
                path=whose.path or order.path,
                waited=(self._clock.now() - visit.entered).total_seconds(),
                language=language,
                record=queue.record,
                wrap_seconds=queue.wrap_seconds,
            )
            return Met(end_or_agent, told, visit, queue.record)
        moved_to = (
            queue.overflow_to if end_or_agent is VisitEnd.OVERFLOW and queue.overflow == "queue" else ""
        )
        end = end_or_agent
        if end is VisitEnd.KEY and not await self._kept(order, queue, visit):
            end = VisitEnd.TIMEOUT  # the flow takes care of them
        self.keeper.ended(visit, end, moved_to=moved_to)
        if end is VisitEnd.KEY:
            await self._let_go(line, language)
        return end

    def not_there(self, met: Meeting) -> None:
        """The agent's telephone was not there when they were to be joined: put them back where they were."""
        self.keeper.not_there(met.visit, met.reservation.agent)
        self._moves[met.visit.call_id] = Pass(
            met.visit.queue, met.visit.since, front=met.visit.front, visit_id=met.visit.visit_id
        )

    def turn_missed(self, call: str) -> None:
        """The agent of a talk's turn was not there; `turn` has them wait on."""
        if (visit := self.keeper.waiting(call)) is not None:
            self.keeper.not_there(visit, visit.agent)

    def turn_left(self, call: str) -> None:
        """A talk is over; if its customer was not joined with the agent of their turn yet, they hung up."""
        if not self._closing and (visit := self.keeper.waiting(call)) is not None:
            self.keeper.ended(visit, VisitEnd.ABANDON)

    def lost(self, met: Meeting) -> None:
        """Their agent is gone in mid-talk through no fault of theirs: to the front of the same queue."""
        self.enter(met.visit.call_id, met.visit.queue, since=met.visit.since, front=True)

    def left(self, met: Meeting) -> None:
        """They hung up before they were joined."""
        if not self._closing:
            self.keeper.ended(met.visit, VisitEnd.ABANDON)

    def _waiter(
        self, queue: Queue, call: str, since: float, language: str, points: float, *, front: bool
    ) -> Waiter:
        return Waiter(
            call,
            since,
            wrap=queue.wrap_seconds,
            inbound=True,
            need=rules.need_for(queue, language),
            queue=queue.name,
            head=rules.head_start(queue, points),
            front=front,
        )

    async def _visit(
        self, call: str, queue: Queue, passed: Pass, whose: Whose, *, points: float, language: str
    ) -> Visit:
        """The visit that goes on, or a new one."""
        for known in self.keeper.waits():
            if known.call_id == call and known.visit_id == passed.visit_id:
                return known
        if passed.visit_id and (found := await written(self._db, passed.visit_id)) is not None:
            return found
        now = self._clock.now()
        return Visit(
            visit_id=new_id("v"),
            call_id=call,
            queue=queue.name,
            node=self.node,
            entered=now,
            since=passed.since,
            language=language,
            customer_id=whose.customer_id,
            tier=whose.tier,
            points=points,
            front=passed.front,
            reason=whose.reason,
            target=queue.target_seconds,
            short=queue.short_seconds,
        )

    def _nobody(self, queue: Queue, waiter: Waiter) -> VisitEnd | None:
        """Why nobody will come, if so."""
        now = self.queues.get(queue.name, queue)
        if not is_open(now, self._clock.now()):
            return VisitEnd.CLOSED
        if self._crew_known and rules.unstaffed(waiter.wanted, list(self.desk)):
            return VisitEnd.EMPTY
        return None

    async def _without(self, line: Line, order: TalkOrder, queue: Queue, end: VisitEnd) -> TransferEnd:
        """No agent came: what the queue says to that, and how the flow goes on."""
        await line.mark(PLACE, "")
        language = order.language if order.language in queue.languages else queue.languages[0]
        if end is VisitEnd.CLOSED:
            await line.play(await self._words.closed(queue, language))
        elif end is VisitEnd.OVERFLOW and queue.overflow in {"message", "call_back"}:
            await line.play(await self._words.overflow(queue, language))
        offers = end is VisitEnd.CLOSED or (end is VisitEnd.OVERFLOW and queue.overflow == "call_back")
        if offers and queue.call_back and self.keeping is not None and self.keeping.may(order.number):
            sounds = await self._words.offer(language, closed=end is VisitEnd.CLOSED)
            keyed = await line.collect(
                sounds,
                max_digits=1,
                first_digit=OFFER_SECONDS,
                between_digits=OFFER_SECONDS,
                barge_in=CALL_BACK_KEY,
            )
            if keyed.digits == CALL_BACK_KEY:
                visit = await self._visit(
                    line.call_id,
                    queue,
                    Pass(queue.name, self._clock.now()),
                    await self._asking(line.call_id, order.customer_id),
                    points=0.0,
                    language=language,
                )
                visit.points = rules.points_of(queue, visit.tier)
                if await self._kept(order, queue, visit):
                    await self._let_go(line, language)
        return _WAYS[end]

    async def _kept(self, order: TalkOrder, queue: Queue, visit: Visit) -> bool:
        """Whether their place is written down."""
        try:
            assert self.keeping is not None  # noqa: S101  (nobody was offered it otherwise)
            await self.keeping.keep(queue, visit, order.number, now=self._clock.now())
        except StoreUnavailableError:
            log.error("queue.place_not_kept", queue=queue.name)  # noqa: TRY400
            return False
        return True

    async def _let_go(self, line: Line, language: str) -> None:
        """They keep their place and go: it is said once it is written down."""
        if self.came_to is not None:
            self.came_to(line.call_id, "call_back")
        await line.play(await self._words.kept(language))
        await line.hangup()
        raise HangupError

    # After a start.

    async def settle(self, live: frozenset[str]) -> int:
        """Close the visits of who hung up while nobody looked; how many. Raises `StoreUnavailableError`."""
        async with self._db.read() as session:
            left = await open_visits(session, self.node)
        here = {visit.call_id for visit in self.keeper.waits()}
        gone = [visit for visit in left if visit.call_id not in live and visit.call_id not in here]
        for visit in gone:
            self.keeper.ended(visit, VisitEnd.ABANDON)
        if gone:
            log.info("queues.settled", visits=len(gone))
        return len(gone)

    def crew_is_known(self) -> None:
        """The desk knows who is signed in; before that nobody is told that no agent is at work."""
        self._crew_known = True

    def closing(self) -> None:
        """The core ends: lines are let go from now on, and whoever waits waits on in Asterisk."""
        self._closing = True
