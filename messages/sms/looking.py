"""Looking at texts: one page after another, and what they came to and cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from messages.sms.models import TextMessage, TextState
from values import cursor_of, read_cursor

MOST: Final = 200
"""How many one page has at most."""
STRANGE: Final = "is none of ours; leave it out to begin"


@dataclass(frozen=True, slots=True)
class TextPage:
    """Some texts, the latest first; `cursor` asks for those before them, '' when there are none."""

    texts: Sequence[TextMessage]
    cursor: str


@dataclass(frozen=True, slots=True)
class TextFigures:
    """What texts of one purpose came to."""

    purpose: str
    state: TextState
    texts: int
    segments: int
    """Of those that were sent."""
    cost_micros: int


async def text_page(
    session: AsyncSession,
    *,
    state: TextState | None = None,
    customer_id: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    cursor: str = "",
) -> TextPage:
    """The latest texts; `since` and `until` say when they were written.

    Raises `BadInputError` for a cursor that is not ours.
    """
    limit = max(1, min(limit, MOST))
    key = (TextMessage.queued, TextMessage.id)
    query = select(TextMessage)
    if state is not None:
        query = query.where(TextMessage.state == state)
    if customer_id:
        query = query.where(TextMessage.customer_id == customer_id)
    if since is not None:
        query = query.where(TextMessage.queued >= since)
    if until is not None:
        query = query.where(TextMessage.queued < until)
    if cursor:
        query = query.where(tuple_(*key) < read_cursor(cursor, STRANGE))
    query = query.order_by(*(column.desc() for column in key)).limit(limit + 1)
    found = (await session.scalars(query)).all()
    last = found[limit - 1] if len(found) > limit else None
    return TextPage(found[:limit], cursor_of(last.queued, last.id) if last else "")


async def text_figures(session: AsyncSession, since: datetime, until: datetime) -> Sequence[TextFigures]:
    """What became of the texts that were queued in that time, by purpose and state."""
    went = func.sum(TextMessage.segments).filter(TextMessage.sent.is_not(None))
    query = (
        select(
            TextMessage.purpose,
            TextMessage.state,
            func.count(),
            func.coalesce(went, 0),
            func.coalesce(func.sum(TextMessage.cost_micros), 0),
        )
        .where(TextMessage.queued >= since, TextMessage.queued < until)
        .group_by(TextMessage.purpose, TextMessage.state)
        .order_by(TextMessage.purpose, TextMessage.state)
    )
    return [
        TextFigures(purpose, state, count, int(segments), int(cost))
        for purpose, state, count, segments, cost in await session.execute(query)
    ]
