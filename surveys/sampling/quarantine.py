"""Nobody is asked too often, whatever the survey."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from customers.models import Customer
from surveys.models import CUT, Interview, InterviewState

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
"""Who is to be asked, or was spoken to. Whom nobody reached may be drawn again, and whom their agent cut.

Beside them rests who agreed when enough had been heard, or was through by then: they were spoken to.
"""


async def may_ask(
    session: AsyncSession, customers: Collection[str], now: datetime, quarantine: timedelta = QUARANTINE
) -> frozenset[str]:
    """Those who have not been asked within the quarantine, nor are about to be. '' may always be asked."""
    lately: set[str] = set()
    for part in _slices(sorted(set(customers) - {""})):
        asked = select(Interview.customer_id).where(Interview.customer_id.in_(part))
        lately.update(await session.scalars(asked.where(*asked_lately(now, quarantine))))
    return frozenset(set(customers) - lately)


def asked_lately(now: datetime, quarantine: timedelta) -> Sequence[ColumnElement[bool]]:
    """The interviews whose customers rest, for a query."""
    since = func.coalesce(Interview.finished, Interview.started, Interview.invited)
    too_late = and_(Interview.state == InterviewState.INELIGIBLE, Interview.started.is_not(None))
    rest = or_(Interview.state.in_(RESTING), too_late)
    return rest, since > now - quarantine, Interview.last_item != CUT


async def hold(session: AsyncSession, customers: Collection[str]) -> None:
    """Let nobody else invite these until the transaction ends.

    Whoever invites holds them, and asks `may_ask` afterwards: two that invite the same customer at once
    would both find that they had not been asked.
    """
    for part in _slices(sorted(set(customers) - {""})):
        # a lock that leaves alone whoever writes rows which only name a customer
        theirs = select(Customer.id).where(Customer.id.in_(part)).order_by(Customer.id)
        await session.execute(theirs.with_for_update(key_share=True))


def _slices(people: Sequence[str]) -> Iterator[Sequence[str]]:
    return (people[first : first + SLICE] for first in range(0, len(people), SLICE))
