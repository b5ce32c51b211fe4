"""Tellings: taken from the outbox, looked at, sent again by hand."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from messages.webhooks.kinds import KINDS, TEST
from messages.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from store import Event, Handler, insert_missing
from values import BadInputError, CentralinoError, Clock

MOST: Final = 200
"""How many one page has at most."""


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
        query = query.where(tuple_(*key) < _read_cursor(cursor))
    query = query.order_by(*(column.desc() for column in key)).limit(limit + 1)
    found = (await session.scalars(query)).all()
    more = len(found) > limit
    return DeliveryPage(found[:limit], _cursor(found[limit - 1]) if more else "")


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


def _cursor(found: WebhookDelivery) -> str:
    text = f"{found.at.isoformat()}|{found.event_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    strange = BadInputError("is none of ours; leave it out to begin", field="cursor")
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, event_id = text.partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise strange
        return moment.astimezone(UTC), event_id
    except (ValueError, OverflowError, binascii.Error) as problem:
        raise strange from problem
