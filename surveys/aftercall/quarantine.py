"""Whom to leave in peace: who was asked a while ago, whatever they said."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.models import Interview, InterviewState

QUARANTINE: Final = timedelta(days=90)
_ASKED: Final = (
    InterviewState.STARTED,
    InterviewState.COMPLETE,
    InterviewState.PARTIAL,
    InterviewState.REFUSED,
)


async def left_in_peace(session: AsyncSession, customers: Sequence[str], now: datetime) -> frozenset[str]:
    """Which of these customers were asked nothing for 90 days."""
    query = select(Interview.customer_id).where(
        Interview.customer_id.in_(list(customers)),
        Interview.state.in_(_ASKED),
        Interview.invited > now - QUARANTINE,
    )
    return frozenset(customers) - frozenset(await session.scalars(query))
