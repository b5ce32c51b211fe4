"""The queues' part of a core put together: made, started, told of what happens, taken down."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from agents import Desk
from agents.queues import Book
from agents.queues.models import QueueVisit
from agents.queues.service import unfinished
from agents.queues.visits import VisitEnd
from calls import Segment, SegmentKind
from centralino.core.joining.announcing import Speaker
from centralino.core.joining.waiting import WaitingLine
from centralino.core.queueing.asking import Choices, WhoseCall
from centralino.core.queueing.board import QueueBoard
from centralino.core.queueing.callbacks import CallBacks
from centralino.core.queueing.commands import QueueCommands
from centralino.core.queueing.hall import Hall
from centralino.core.queueing.ports import CameTo
from centralino.core.queueing.words import QueueWords
from customers import Customers
from store import Answerer, Database, LiveStore, StoreUnavailableError
from values import Clock

log = structlog.get_logger(__name__)

LEARNED = timedelta(hours=2)
MOST = 200


@dataclass(frozen=True, slots=True)
class Around:
    """What the queues lean on."""

    db: Database
    live: LiveStore
    customers: Customers
    speaker: Speaker
    clock: Clock
    node: str
    country: str
    home: Path


class QueueRoom:
    """One node's queues. `hall` takes callers and talks, `choices` hears their flows."""

    def __init__(
        self, around: Around, desk: Desk, waiting: WaitingLine, nudge: Callable[[], None], came_to: CameTo
    ) -> None:
        db, clock, node = around.db, around.clock, around.node
        self.choices = Choices()
        self.book = Book(db, clock, around.home / "queues.spill")
        self.hall = Hall(
            db,
            desk,
            waiting,
            self.book,
            QueueWords(around.speaker),
            clock,
            node=node,
            asking=WhoseCall(db, around.customers, self.choices),
            came_to=came_to,
        )
        self.call_backs = CallBacks(db, self.hall, desk, nudge, clock, country=around.country)
        self.hall.keeping = self.call_backs
        self.hall.keeper.unknown = self._unseen
        self.board = QueueBoard(self.hall, self.call_backs, db, around.live, clock, node)
        self._db = db
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, answerer: Answerer) -> None:
        """Let the queues' commands be asked for."""
        QueueCommands(self.hall, self.board, self._clock).register(answerer)

    async def start(self) -> None:
        """Read the queues and what their talks took of late. Raises `StoreUnavailableError`."""
        await self.hall.refresh()
        await self._learn()
        self.book.start()
        for work in (self.hall.run(), self.call_backs.run(), self.board.run()):
            self._spawn(work)

    def settle(self, live: frozenset[str]) -> None:
        """The manager is (back) there: who hung up while nobody looked has left the queue."""
        self._spawn(self._settle(live))

    def heard_segment(self, segment: Segment) -> None:
        """A stretch of a call is over (`Journal.on_segment`): time on hold is told apart from the talk."""
        if segment.kind is SegmentKind.HOLD and segment.ended is not None:
            self.hall.keeper.held(segment.call_id, (segment.ended - segment.began).total_seconds())

    async def close(self) -> None:
        """Stop, and write down the rest. Who waits waits on in Asterisk."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.call_backs.close()
        await self.book.close()

    async def _settle(self, live: frozenset[str]) -> None:
        while True:
            try:
                await self.hall.settle(live)
            except StoreUnavailableError:
                await self._clock.sleep(1.0)
            else:
                return

    async def _learn(self) -> None:
        query = (
            select(QueueVisit.queue, QueueVisit.talk, QueueVisit.hold, QueueVisit.wrap)
            .where(QueueVisit.finished > self._clock.now() - LEARNED)
            .order_by(QueueVisit.finished)
            .limit(MOST)
        )
        async with self._db.read() as session:
            for queue, talk, hold, wrap in await session.execute(query):
                self.hall.keeper.learn(queue, (talk or 0.0) + hold + (wrap or 0.0))

    def _unseen(self, call_id: str, agent: str, handled: float, at: datetime) -> None:
        self._spawn(self._write_unseen(call_id, agent, handled, at))

    async def _write_unseen(self, call_id: str, agent: str, handled: float, at: datetime) -> None:
        """A talk that began under an earlier core is over with its wrap-up: their sum is known for sure."""
        async with self._db.read() as session:
            visit = await unfinished(session, call_id)
        if visit is None or visit.agent != agent or visit.end is not VisitEnd.CONNECT or visit.finished:
            return
        if visit.talk is None:
            visit.talk = max(0.0, handled - visit.hold)
        self.hall.keeper.wrapped(visit, handled, at)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("queues.part_failed", exc_info=problem)
