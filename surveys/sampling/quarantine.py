"""Nobody is asked too often, whatever the survey."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.models import Interview, InterviewState

QUARANTINE: Final = timedelta(days=90)
SLICE: Final = 500
RESTING: Final = (
    InterviewState.INVITED,
    InterviewState.STARTED,
    InterviewState.COMPLETE,
    InterviewState.PARTIAL,
    InterviewState.REFUSED,
    InterviewState.OTHER,
)
"""Who is to be asked, or was spoken to. Whom nobody reached may be drawn again."""


async def may_ask(
    session: AsyncSession, customers: Collection[str], now: datetime, quarantine: timedelta = QUARANTINE
) -> frozenset[str]:
    """Those who have not been asked within the quarantine, nor are about to be. '' may always be asked."""
    since = func.coalesce(Interview.finished, Interview.started, Interview.invited)
    lately: set[str] = set()
    for part in _slices(sorted(set(customers) - {""})):
        found = await session.scalars(
            select(Interview.customer_id)
            .where(Interview.customer_id.in_(part), Interview.state.in_(RESTING))
            .where(since > now - quarantine)
        )
        lately.update(found)
    return frozenset(set(customers) - lately)


def _slices(people: Sequence[str]) -> Iterator[Sequence[str]]:
    return (people[first : first + SLICE] for first in range(0, len(people), SLICE))
