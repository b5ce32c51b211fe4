"""Which events are to be worked now. Asked twice a second, so each question has a small index of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.events.models import BusinessEvent

# written out, as a database uses a partial index only where it reads the index's own condition
_PENDING: Final = text("business_events.state = 'pending'")
_PARKED: Final = text("business_events.state = 'parked'")


async def anything_due(session: AsyncSession, now: datetime) -> bool:
    """Whether there is any work."""
    seq = select(BusinessEvent.seq).limit(1)
    if await session.scalar(seq.where(_PENDING)) is not None:
        return True
    return await session.scalar(seq.where(_PARKED, BusinessEvent.next_at <= now)) is not None


async def due(session: AsyncSession, now: datetime, most: int) -> list[BusinessEvent]:
    """New events and parked ones whose time has come, so many of each at most, in the order they came."""
    events = select(BusinessEvent)
    fresh = await session.scalars(events.where(_PENDING).order_by(BusinessEvent.seq).limit(most))
    waiting = events.where(_PARKED, BusinessEvent.next_at <= now).order_by(BusinessEvent.next_at).limit(most)
    return sorted([*fresh, *await session.scalars(waiting)], key=lambda row: row.seq)


async def still_open(session: AsyncSession, seq: int) -> list[BusinessEvent]:
    """One event, unless somebody has worked it by now."""
    here = select(BusinessEvent).where(BusinessEvent.seq == seq, BusinessEvent.done_at.is_(None))
    return list(await session.scalars(here))


async def parked_beside(session: AsyncSession, batch: Sequence[BusinessEvent]) -> list[BusinessEvent]:
    """Parked events about the same things, which may have waited for one of these."""
    if await session.scalar(select(BusinessEvent.seq).where(_PARKED).limit(1)) is None:
        return []
    have = {row.seq for row in batch}
    same = select(BusinessEvent).where(_PARKED, BusinessEvent.key.in_({row.key for row in batch}))
    return [row for row in await session.scalars(same) if row.seq not in have]
