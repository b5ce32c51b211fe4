"""Delivering the outbox: each event at least once to each handler that wants it."""

import asyncio
from contextlib import suppress
from functools import cache
from typing import Any

import structlog
from sqlalchemy import Row, Select, bindparam, delete, select, update

from store.database import Database
from store.delivery import WHOLE, Delivery, Mark, Pending, Walk
from store.errors import StoreUnavailableError
from store.handlers import Courier, Handler, Patience, Subscriptions
from store.outbox import Event, OutboxDelivery, OutboxEvent
from values import Clock, EventId

log = structlog.get_logger(__name__)

PAGE = 500
POLL_SECONDS = 1.0
"""How soon events are seen that another process wrote; those of this process are seen at once."""


GATHER_SECONDS = 0.02
"""How long the first event of a moment waits for others, so that a busy hour goes in groups."""


class Dispatcher:
    """Takes the outbox to its subscribers. One of them runs for a database.

    Each handler gets events in the order they were written. One that it fails on is tried again by itself,
    later and later; meanwhile only events of the same key wait behind it. After the last try it is parked
    with its error, for a person to look at (`unpark`). Events that nobody subscribed to are done at once.
    """

    def __init__(
        self, db: Database, clock: Clock, subscriptions: Subscriptions, *, patience: Patience | None = None
    ) -> None:
        self._db = db
        self._clock = clock
        self._subscriptions = subscriptions
        self._delivery = Delivery(db, clock, patience or Patience())
        self._nudged = asyncio.Event()
        self._away = False
        db.on_emitted(self.nudge)

    def nudge(self) -> None:
        """Look at the outbox now. Commits of this process do it by themselves."""
        self._nudged.set()

    async def run(self) -> None:
        """Deliver until cancelled. Survives the database's absence."""
        while True:
            self._nudged.clear()
            wait = await self._try_walk()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._nudged.wait()
            await asyncio.sleep(GATHER_SECONDS)

    async def drain(self) -> int:
        """Deliver what is due now, also what that brings forth; the number of deliveries made.

        Raises `StoreUnavailableError`.
        """
        total = 0
        while delivered := (await self._walk()).delivered:
            total += delivered
        return total

    async def unpark(self, handler: str) -> None:
        """Give a handler its parked events again, with fresh tries. Raises `StoreUnavailableError`."""
        parked = (OutboxDelivery.handler == handler) & OutboxDelivery.parked_at.is_not(None)
        async with self._db.write() as session:
            again = select(OutboxDelivery.event_seq).where(parked)
            await session.execute(update(OutboxEvent).where(OutboxEvent.seq.in_(again)).values(done_at=None))
            await session.execute(delete(OutboxDelivery).where(parked))
        self.nudge()

    async def _try_walk(self) -> float:
        """Deliver what is due; seconds until it is worth looking again."""
        try:
            walk = await self._walk()
        except StoreUnavailableError as problem:
            if not self._away:
                log.warning("outbox.waits", reason=str(problem))
            self._away = True
            return POLL_SECONDS
        except Exception:
            log.exception("outbox.failed")
            return POLL_SECONDS
        if self._away:
            log.info("outbox.resumed")
            self._away = False
        if walk.next_at is None:
            return POLL_SECONDS
        return min(POLL_SECONDS, max(0.0, (walk.next_at - self._clock.now()).total_seconds()))

    async def _walk(self) -> Walk:
        walk = Walk(self._clock.now())
        after = 0
        while page := await self._pending(after):
            await self._deliver(page, walk)
            after = page[-1].seq
            if len(page) < PAGE:
                break
        return walk

    async def _deliver(self, page: list[Pending], walk: Walk) -> None:
        for first in range(0, len(page), WHOLE):
            part = page[first : first + WHOLE]
            if not await self._delivery.whole(part, self._subscriptions, walk):
                await self._each(part, walk)

    async def _each(self, page: list[Pending], walk: Walk) -> None:
        """Give each handler what is its own, in transactions of its own."""
        handlers: dict[str, Handler | Courier] = {}
        due: dict[str, list[Pending]] = {}
        for one in page:
            for handler in self._subscriptions.get(one.event.kind, ()):
                mark = one.marks.get(handler.name)
                if mark is None or not mark.settled:
                    handlers[handler.name] = handler
                    due.setdefault(handler.name, []).append(one)
        handed = (self._delivery.hand(handlers[name], pending, walk) for name, pending in due.items())
        problems = await asyncio.gather(*handed, return_exceptions=True)
        await self._finish([one for one in page if self._is_done(one)])
        for problem in problems:
            if problem is not None:
                raise problem

    def _is_done(self, one: Pending) -> bool:
        marks = (one.marks.get(handler.name) for handler in self._subscriptions.get(one.event.kind, ()))
        return all(mark is not None and mark.settled for mark in marks)

    async def _finish(self, done: list[Pending]) -> None:
        if not done:
            return
        seqs = [one.seq for one in done]
        mark = OutboxDelivery
        parked = select(mark.event_seq).where(mark.event_seq.in_(seqs), mark.parked_at.is_not(None))
        async with self._db.write() as session:
            now = self._clock.now()
            await session.execute(update(OutboxEvent).where(OutboxEvent.seq.in_(seqs)).values(done_at=now))
            # the marks have served, except where a parked one may bring the event back
            await session.execute(delete(mark).where(mark.event_seq.in_(seqs), mark.event_seq.not_in(parked)))

    async def _pending(self, after: int) -> list[Pending]:
        async with self._db.read() as session:
            rows = (await session.execute(_undone(), {"after": after})).all()
            page = {row.seq: Pending(row.seq, _event(row)) for row in rows}
            for mark in await session.scalars(_marks(), {"seqs": list(page)}) if page else ():
                settled = mark.delivered_at is not None or mark.parked_at is not None
                page[mark.event_seq].marks[mark.handler] = Mark(mark.tries, mark.next_at, settled=settled)
        return list(page.values())


# kept, so that SQLAlchemy need not work out each time what they are compiled to
@cache
def _undone() -> Select[*tuple[Any, ...]]:
    columns = (OutboxEvent.seq, OutboxEvent.id, OutboxEvent.kind, OutboxEvent.at, OutboxEvent.key)
    undone = select(*columns, OutboxEvent.payload).where(
        OutboxEvent.done_at.is_(None), OutboxEvent.seq > bindparam("after")
    )
    return undone.order_by(OutboxEvent.seq).limit(PAGE)


@cache
def _marks() -> Select[OutboxDelivery]:
    return select(OutboxDelivery).where(OutboxDelivery.event_seq.in_(bindparam("seqs", expanding=True)))


def _event(row: Row[*tuple[Any, ...]]) -> Event:
    return Event(id=EventId(row.id), kind=row.kind, at=row.at, key=row.key, payload=row.payload)
