"""Looking at visits: one page after another, and what is still to come for one customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.appointments.models import Appointment, AppointmentState
from values import cursor_of, read_cursor

MOST: Final = 200
"""How many one page has at most."""
STRANGE: Final = "is none of ours; leave it out to begin"
_AGREED: Final = (AppointmentState.CONFIRMED, AppointmentState.MOVED, AppointmentState.SET)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFilter:
    """Which visits are wanted; all of it holds together."""

    state: AppointmentState | None = None
    customer_id: str = ""
    since: datetime | None = None
    """Those whose time is then or later; where none is agreed, those last heard of then."""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitPage:
    """Some visits, the latest offered first; `cursor` asks for those before them, '' when there are none."""

    visits: Sequence[Appointment]
    cursor: str


async def visit_page(
    session: AsyncSession, wanted: VisitFilter, *, limit: int = 50, cursor: str = ""
) -> VisitPage:
    """The latest visits. Raises `BadInputError` for a cursor that is not ours."""
    limit = max(1, min(limit, MOST))
    key = (Appointment.offered, Appointment.id)
    when = func.coalesce(Appointment.begins, Appointment.changed)
    query = select(Appointment)
    if wanted.state is not None:
        query = query.where(Appointment.state == wanted.state)
    if wanted.customer_id:
        query = query.where(Appointment.customer_id == wanted.customer_id)
    if wanted.since is not None:
        query = query.where(when >= wanted.since)
    if wanted.until is not None:
        query = query.where(when < wanted.until)
    if cursor:
        query = query.where(tuple_(*key) < read_cursor(cursor, STRANGE))
    query = query.order_by(*(column.desc() for column in key)).limit(limit + 1)
    found = (await session.scalars(query)).all()
    last = found[limit - 1] if len(found) > limit else None
    return VisitPage(found[:limit], cursor_of(last.offered, last.id) if last else "")


async def to_come(
    session: AsyncSession, customer_id: str, now: datetime, *, most: int = 3
) -> Sequence[Appointment]:
    """A customer's visits that are agreed and not over, or still to be agreed; the next first."""
    agreed = and_(Appointment.state.in_(_AGREED), Appointment.ends > now)
    offered = and_(Appointment.state == AppointmentState.OFFERED, Appointment.until > now)
    query = select(Appointment).where(Appointment.customer_id == customer_id, or_(agreed, offered))
    when = func.coalesce(Appointment.begins, Appointment.until)
    return (await session.scalars(query.order_by(when, Appointment.id).limit(most))).all()
