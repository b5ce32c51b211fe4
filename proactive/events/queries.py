"""Business events as they stand: one, and a page of the latest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.events.models import BusinessEvent, EventState
from values import BadInputError

MOST: Final = 500
_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are wanted; what is left empty does not count."""

    type: str = ""
    state: EventState | None = None
    customer_id: str = ""
    about: str = ""
    """The order's, the fault's id; wants a type or a customer besides, in a large table."""
    since: datetime | None = None
    until: datetime | None = None
    """Received from, and before."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, the latest first; `cursor` asks for those before them, '' when there are none."""

    events: Sequence[BusinessEvent]
    cursor: str


async def event_named(session: AsyncSession, event_id: str) -> BusinessEvent | None:
    """One event by its sender's id."""
    found: BusinessEvent | None = await session.scalar(
        select(BusinessEvent).where(BusinessEvent.id == event_id)
    )
    return found


async def latest(
    session: AsyncSession, wanted: EventFilter, *, limit: int = 50, cursor: str = ""
) -> EventPage:
    """The latest events. Raises `BadInputError` for a cursor that is not ours."""
    limit = max(1, min(limit, MOST))
    query = select(BusinessEvent).order_by(BusinessEvent.seq.desc()).limit(limit + 1)
    for column, value in (
        (BusinessEvent.type, wanted.type),
        (BusinessEvent.state, wanted.state),
        (BusinessEvent.customer_id, wanted.customer_id),
        (BusinessEvent.key, wanted.about),
    ):
        if value:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(BusinessEvent.received >= wanted.since)
    if wanted.until is not None:
        query = query.where(BusinessEvent.received < wanted.until)
    if cursor:
        query = query.where(BusinessEvent.seq < _seq(cursor))
    found = (await session.scalars(query)).all()
    more = len(found) > limit
    return EventPage(found[:limit], str(found[limit - 1].seq) if more else "")


def event_told(row: BusinessEvent) -> dict[str, Any]:
    """An event as programs have it."""
    return {
        "id": row.id,
        "type": row.type,
        "at": row.at,
        "received": row.received,
        "source": row.source,
        "customer": row.customer_id or None,
        "about": row.key,
        "data": dict(row.data),
        "state": row.state.value,
        "result": dict(row.result),
        "next_at": row.next_at,
        "done_at": row.done_at,
    }


def unknown_names(result: Mapping[str, Any]) -> str:
    """The lines and customers that an event names and nobody knows, for people: the first of them."""
    unknown = result.get("unknown") or {}
    names = [name for kind in ("lines", "customers") for name in unknown.get(kind, ())]
    more = "…" if unknown.get("count", 0) > len(names[:_NAMED]) else ""
    return ", ".join(filter(None, [*names[:_NAMED], more]))


def _seq(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > len(str(2**62)):
        raise BadInputError("is none of ours; leave it out to begin", field="cursor")
    return int(cursor)
