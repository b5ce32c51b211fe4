"""Tellings: taken from the outbox, looked at, sent again by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from messages.webhooks.kinds import KINDS, TEST
from messages.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from store import Event, Handler, insert_missing
from values import CentralinoError, Clock, cursor_of, read_cursor

MOST: Final = 200
"""How many one page has at most."""

STRANGE: Final = "is none of ours; leave it out to begin"
"""Said of a cursor that is none of ours."""


class UnknownDeliveryError(CentralinoError):
    """This event was never for this endpoint, or it is too long ago."""

    error_id = "unknown-delivery"


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some tellings, the latest first; `cursor` asks for those before them, '' when there are none."""

    deliveries: Sequence[WebhookDelivery]
    cursor: str


def intake(clock: Clock) -> Handler:
    """What the outbox gives events to: each becomes a telling for every endpoint that wants it."""

    async def take(session: AsyncSession, events: Sequence[Event]) -> None:
        active = (await session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.active))).all()
        now = clock.now()
        rows = [
            {
                "endpoint": each.id,
                "event_id": event.id,
                "kind": event.kind,
                "at": event.at,
                "state": DeliveryState.WAITING,
                "tries": 0,
                "next_at": now,
                "since": now,
                "done": None,
                "status": 0,
                "said": "",
            }
            for event in events
            if event.payload  # an erased customer's is empty
            for each in active
            if event.kind in each.events or (event.kind == TEST and event.key == each.id)
        ]
        await insert_missing(session, WebhookDelivery, rows)

    return Handler("webhooks", take)


def heard_kinds() -> Sequence[str]:
    """What the outbox hands to `intake`."""
    return sorted(KINDS)


async def delivery_page(
    session: AsyncSession,
    endpoint_id: str,
    *,
    state: DeliveryState | None = None,
    limit: int = 50,
    cursor: str = "",
) -> DeliveryPage:
    """An endpoint's latest tellings. Raises `BadInputError` for a cursor that is not ours."""
    limit = max(1, min(limit, MOST))
    key = (WebhookDelivery.at, WebhookDelivery.event_id)
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint == endpoint_id)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    if cursor:
        query = query.where(tuple_(*key) < read_cursor(cursor, STRANGE))
    query = query.order_by(*(column.desc() for column in key)).limit(limit + 1)
    found = (await session.scalars(query)).all()
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return DeliveryPage(found[:limit], cursor_of(last.at, last.event_id) if last else "")


async def send_again(session: AsyncSession, endpoint_id: str, event_id: str, now: datetime) -> None:
    """Have one event sent again, with the same id. Raises `UnknownDeliveryError`."""
    found = await session.get(WebhookDelivery, (endpoint_id, event_id))
    if found is None:
        raise UnknownDeliveryError
    found.state, found.tries, found.since, found.next_at, found.done = (
        DeliveryState.WAITING,
        0,
        now,
        now,
        None,
    )
    await session.flush()


async def send_dead_again(session: AsyncSession, endpoint_id: str, now: datetime) -> int:
    """Have all dead ones of an endpoint sent again; how many there are."""
    again = {"state": DeliveryState.WAITING, "tries": 0, "since": now, "next_at": now, "done": None}
    done = await session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint == endpoint_id, WebhookDelivery.state == DeliveryState.DEAD)
        .values(again)
        .returning(WebhookDelivery.event_id)
    )
    return len(done.all())
