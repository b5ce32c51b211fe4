"""Takes tellings to their endpoints until each has been taken, or has been tried for a day.

A telling is claimed in a transaction that says when another may take it; so a process that dies in between
loses nothing, and what it sent already may come twice, with the same id.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from messages.webhooks.endpoints import keys_of
from messages.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from messages.webhooks.patience import is_hopeless, next_try
from messages.webhooks.sending import Answer, Sender
from messages.webhooks.signing import body_of, headers_of
from store import Database, Event, OutboxEvent, StoreUnavailableError
from users import note_deed
from values import Clock, EventId

log = structlog.get_logger(__name__)

AT_ONCE: Final = 8
"""Messages on their way to one endpoint; one that has failed lately gets one at a time."""
POLL_SECONDS: Final = 1.0
LEASE: Final = timedelta(seconds=60)
"""For so long a claimed telling is left to whoever claimed it."""
GONE: Final = 410
"""The endpoint says that it wants nothing any more."""
BY: Final = "centralino"


@dataclass(frozen=True, slots=True)
class Errand:
    """One message to be taken."""

    endpoint: str
    url: str
    keys: Sequence[str]
    event: Event
    tries: int
    """This one included."""


class Interest:
    """Which kinds anybody wants at all; as of a second ago."""

    def __init__(self) -> None:
        self._kinds: frozenset[str] = frozenset()

    def __contains__(self, kind: str) -> bool:
        return kind in self._kinds

    def heard(self, kinds: frozenset[str]) -> None:
        """These are wanted now."""
        self._kinds = kinds


class Postman:
    """Runs beside the voice core; several may, on one database."""

    def __init__(self, db: Database, clock: Clock, sender: Sender, interest: Interest | None = None) -> None:
        self._db = db
        self._clock = clock
        self._sender = sender
        self._interest = interest or Interest()
        self._under_way: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Go on until cancelled. Survives the database's absence."""
        try:
            while True:
                try:
                    found = await self.round()
                except StoreUnavailableError:
                    found = 0
                except Exception:
                    log.exception("webhooks.failed")
                    found = 0
                if not found:
                    await self._clock.sleep(POLL_SECONDS)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def refresh(self) -> None:
        """Learn which kinds are wanted; while the database is away, none."""
        with suppress(StoreUnavailableError):
            async with self._db.read() as session:
                await self._active(session)

    async def round(self) -> int:
        """Send off what is due now and can go; how many. Raises `StoreUnavailableError`."""
        errands = await self._claim()
        for errand in errands:
            self._under_way[errand.endpoint] += 1
            task = asyncio.get_running_loop().create_task(self._go(errand))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(errands)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _claim(self) -> list[Errand]:
        now = self._clock.now()
        async with self._db.read() as session:
            active = await self._active(session)
            due = [each for each in active if await self._due(session, each, now)]
        if not due:
            return []
        errands: list[Errand] = []
        async with self._db.write() as session:
            for each in due:
                found = await self._due(session, each, now, lock=True)
                events = await _events_of(session, [one.event_id for one in found])
                for one in found:
                    event = events.get(one.event_id)
                    if event is None:  # its customer was erased, or it is too long ago
                        one.state, one.done, one.said = DeliveryState.DEAD, now, "its words are gone"
                        continue
                    one.tries, one.next_at = one.tries + 1, now + LEASE
                    errands.append(Errand(each.id, each.url, keys_of(each, now), event, one.tries))
        return errands

    async def _active(self, session: AsyncSession) -> Sequence[WebhookEndpoint]:
        active = (await session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.active))).all()
        self._interest.heard(frozenset(kind for each in active for kind in each.events))
        return active

    async def _due(
        self, session: AsyncSession, endpoint: WebhookEndpoint, now: datetime, *, lock: bool = False
    ) -> Sequence[WebhookDelivery]:
        room = (1 if endpoint.failures else AT_ONCE) - self._under_way[endpoint.id]
        if room <= 0:
            return ()
        query = (
            select(WebhookDelivery)
            .where(
                WebhookDelivery.endpoint == endpoint.id,
                WebhookDelivery.state == DeliveryState.WAITING,
                WebhookDelivery.next_at <= now,
            )
            .order_by(WebhookDelivery.next_at, WebhookDelivery.event_id)
            .limit(room)
        )
        if lock:
            query = query.with_for_update(skip_locked=True)
        return (await session.scalars(query)).all()

    async def _go(self, errand: Errand) -> None:
        try:
            body = body_of(errand.event)
            headers = headers_of(errand.event.id, body, errand.keys, self._clock.now())
            answer = await self._sender.post(errand.url, body, headers)
            await self._note(errand, answer)
        except StoreUnavailableError:
            log.warning("webhooks.unnoted", id=errand.event.id)  # it goes again when its lease is over
        except Exception:
            log.exception("webhooks.errand_failed", id=errand.event.id)
        finally:
            self._under_way[errand.endpoint] -= 1

    async def _note(self, errand: Errand, answer: Answer) -> None:
        now = self._clock.now()
        values: dict[str, object] = {"status": answer.status, "said": answer.why[:300]}
        if answer.taken:
            values |= {"state": DeliveryState.DELIVERED, "done": now}
        elif again := next_try(errand.tries, now, chance=random.random(), asked=answer.retry_after):
            values |= {"next_at": again}
        else:
            values |= {"state": DeliveryState.DEAD, "done": now}
            log.warning("webhooks.dead", endpoint=errand.endpoint, id=errand.event.id, why=answer.why)
        async with self._db.write() as session:
            await session.execute(
                update(WebhookDelivery)
                .where(
                    WebhookDelivery.endpoint == errand.endpoint,
                    WebhookDelivery.event_id == errand.event.id,
                    WebhookDelivery.state == DeliveryState.WAITING,
                )
                .values(values)
            )
            await self._judge(session, errand.endpoint, answer)

    async def _judge(self, session: AsyncSession, endpoint_id: str, answer: Answer) -> None:
        """Remember how the endpoint fares, and stop one that is past hope."""
        now = self._clock.now()
        found = await session.get(WebhookEndpoint, endpoint_id, with_for_update=True)
        if found is None or not found.active:
            return
        if answer.taken:
            if found.failures:
                found.failures, found.failing_since = 0, None
            return
        found.failures += 1
        found.failing_since = found.failing_since or now
        gone = answer.status == GONE
        if gone or is_hopeless(found.failing_since, found.failures, now):
            found.active = False
            found.stopped_why = "it answered 410: gone" if gone else f"took nothing for days: {answer.why}"
            log.error("webhooks.stopped", endpoint=endpoint_id, why=found.stopped_why)
            await note_deed(
                session,
                at=now,
                by=BY,
                did="webhook.stopped",
                subject=endpoint_id,
                detail={"why": found.stopped_why},
            )


async def _events_of(session: AsyncSession, ids: Sequence[str]) -> dict[str, Event]:
    """Events by id, without those whose words are gone."""
    if not ids:
        return {}
    rows = await session.scalars(select(OutboxEvent).where(OutboxEvent.id.in_(ids)))
    return {
        row.id: Event(id=EventId(row.id), kind=row.kind, at=row.at, key=row.key, payload=dict(row.payload))
        for row in rows
        if isinstance(row.payload, dict) and row.payload
    }
