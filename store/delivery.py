"""Handing pending events to one handler: in order, in groups, and past the ones it fails on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from store.database import Database
from store.errors import StoreUnavailableError
from store.handlers import Courier, Handler, Patience, Subscriptions
from store.inserts import upsert
from store.outbox import Event, OutboxDelivery, OutboxEvent
from values import Clock

log = structlog.get_logger(__name__)

FAILURES_IN_A_ROW = 3
"""After so many a handler is taken to be ill as a whole, and gets nothing more in this walk."""
ERROR_LETTERS = 500
WHOLE = 100
"""At most so many events go to all their handlers in one transaction: on SQLite all others wait for it."""
WHOLE_SECONDS = 1.5
"""How long they may hold it together. Past it each handler is given what is its own, and its own time."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one event stands with one handler."""

    tries: int = 0
    next_at: datetime | None = None
    settled: bool = False
    """Delivered or parked."""


@dataclass(slots=True)
class Pending:
    """An event that is not done, with its marks by handler."""

    seq: int
    event: Event
    marks: dict[str, Mark] = field(default_factory=dict)


@dataclass(slots=True)
class Walk:
    """What is learnt on the way through the pending events."""

    now: datetime
    held: set[tuple[str, str]] = field(default_factory=set)
    """(handler, key) behind an event that waits for its next try."""
    ill: set[str] = field(default_factory=set)
    apart: bool = False
    """Whether handing over to all handlers at once has failed: it is not tried again on this walk."""
    delivered: int = 0
    next_at: datetime | None = None

    def come_back(self, when: datetime) -> None:
        """Something is due then."""
        self.next_at = when if self.next_at is None else min(self.next_at, when)


class _TakenError(Exception):
    """Another process has delivered some of them."""


class Delivery:
    """Hands events to handlers and keeps the marks."""

    def __init__(self, db: Database, clock: Clock, patience: Patience) -> None:
        self._db = db
        self._clock = clock
        self._patience = patience

    async def whole(self, page: Sequence[Pending], subscriptions: Subscriptions, walk: Walk) -> bool:
        """Give all of these to all their handlers, and have it done, in one transaction; whether that worked.

        Not tried where something is carried out of the house, waits, or was refused before. When a handler
        fails nothing has happened, and each is to be handed what is its own (`hand`). When another process
        has taken some of them they are left as they are: what is still pending is seen on the next walk.
        """
        if walk.apart or walk.held or walk.ill or any(one.marks for one in page):
            return False
        wanted: dict[str, tuple[Handler, list[Pending]]] = {}
        for one in page:
            for handler in subscriptions.get(one.event.kind, ()):
                if not isinstance(handler, Handler):
                    return False
                wanted.setdefault(handler.name, (handler, []))[1].append(one)
        at = ""
        try:
            async with self._db.write() as session, asyncio.timeout(WHOLE_SECONDS):
                await self._take(session, [one.seq for one in page])
                for handler, group in wanted.values():
                    at = handler.name
                    await handler.take(session, [one.event for one in group])
                    await session.flush()
                    session.expunge_all()  # the next one reads for itself
        except StoreUnavailableError:
            raise
        except _TakenError:
            return True
        except Exception:  # whose fault it was is found out one by one
            log.warning("outbox.not_together", handler=at, events=len(page), exc_info=True)
            walk.apart = True  # what is slow or broken now would be so for the next hundred
            return False
        walk.delivered += sum(len(group) for _, group in wanted.values())
        return True

    async def _take(self, session: AsyncSession, seqs: Sequence[int]) -> None:
        """Have them done if this transaction is; nobody else takes them meanwhile."""
        pending = update(OutboxEvent).where(OutboxEvent.seq.in_(seqs), OutboxEvent.done_at.is_(None))
        taken = await session.execute(pending.values(done_at=self._clock.now()).returning(OutboxEvent.seq))
        if len(taken.all()) != len(seqs):
            raise _TakenError

    async def hand(self, handler: Handler | Courier, pending: Sequence[Pending], walk: Walk) -> None:
        """Give a handler what is due of these, oldest first."""
        fresh: list[Pending] = []
        for one in pending:
            mark = one.marks.get(handler.name)
            if mark is None:
                fresh.append(one)
                continue
            if mark.next_at is not None and mark.next_at > walk.now:
                walk.held.add((handler.name, one.event.key))
                walk.come_back(mark.next_at)
                continue
            await self._group(handler, fresh, walk)
            fresh = []
            await self._singly(handler, [one], walk)
        await self._group(handler, fresh, walk)

    async def _group(self, handler: Handler | Courier, group: Sequence[Pending], walk: Walk) -> None:
        ready = [one for one in group if _may_go(handler, one, walk)]
        if len(ready) > 1 and await self._give(handler, ready, walk) is None:
            return
        await self._singly(handler, ready, walk)

    async def _singly(self, handler: Handler | Courier, pending: Sequence[Pending], walk: Walk) -> None:
        in_a_row = 0
        for one in pending:
            if not _may_go(handler, one, walk):
                continue
            problem = await self._give(handler, [one], walk)
            if problem is None:
                in_a_row = 0
                continue
            await self._failed(handler, one, problem, walk)
            in_a_row += 1
            if in_a_row == FAILURES_IN_A_ROW:
                walk.ill.add(handler.name)
                walk.come_back(self._clock.now() + self._patience.wait(1))

    async def _give(
        self, handler: Handler | Courier, group: Sequence[Pending], walk: Walk
    ) -> Exception | None:
        """Deliver all of a group or nothing; the error if it failed. Raises `StoreUnavailableError`."""
        events = [one.event for one in group]
        try:
            if isinstance(handler, Handler):
                async with self._db.write() as session, asyncio.timeout(self._patience.deadline):
                    await handler.take(session, events)
                    await self._mark_delivered(session, handler.name, group)
            else:
                async with asyncio.timeout(self._patience.deadline):
                    await handler.take(events)
                async with self._db.write() as session:
                    await self._mark_delivered(session, handler.name, group)
        except StoreUnavailableError:
            raise
        except Exception as problem:  # noqa: BLE001  (whatever a handler does, the others go on)
            return problem
        for one in group:
            one.marks[handler.name] = Mark(settled=True)
        walk.delivered += len(group)
        return None

    async def _mark_delivered(self, session: AsyncSession, name: str, group: Sequence[Pending]) -> None:
        now = self._clock.now()
        rows = [
            {
                "event_seq": one.seq,
                "handler": name,
                "tries": _tries(one, name) + 1,
                "error": "",
                "next_at": None,
            }
            | {"delivered_at": now, "parked_at": None}
            for one in group
        ]
        await upsert(session, OutboxDelivery, rows, key=("event_seq", "handler"))

    async def _failed(self, handler: Handler | Courier, one: Pending, problem: Exception, walk: Walk) -> None:
        tries = _tries(one, handler.name) + 1
        now = self._clock.now()
        parked = tries >= self._patience.tries
        next_at = None if parked else now + self._patience.wait(tries)
        error = f"{type(problem).__name__}: {problem}"[:ERROR_LETTERS]
        row = {
            "event_seq": one.seq,
            "handler": handler.name,
            "tries": tries,
            "error": error,
            "next_at": next_at,
        }
        row |= {"delivered_at": None, "parked_at": now if parked else None}
        async with self._db.write() as session:
            await upsert(session, OutboxDelivery, [row], key=("event_seq", "handler"))
        one.marks[handler.name] = Mark(tries, next_at, settled=parked)
        if next_at is not None:
            walk.held.add((handler.name, one.event.key))
            walk.come_back(next_at)
        say = log.error if parked else log.warning
        say("outbox.parked" if parked else "outbox.refused", handler=handler.name, kind=one.event.kind,
            event_id=one.event.id, tries=tries, error=error)  # fmt: skip


def _tries(one: Pending, handler: str) -> int:
    mark = one.marks.get(handler)
    return mark.tries if mark else 0


def _may_go(handler: Handler | Courier, one: Pending, walk: Walk) -> bool:
    """Whether nothing stands before it. Events without a key wait for nobody."""
    behind = bool(one.event.key) and (handler.name, one.event.key) in walk.held
    return not behind and handler.name not in walk.ill
