"""For how long what is kept about queues' callers is kept; showing and erasing one customer's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from agents.queues.models import QueueCallBack, QueueEvent, QueueVisit
from customers import Trail
from store.lifetime import MONTH, Rule, rows_of, slices

_BLANK = {"call_id": "", "customer_id": ""}
_FORGOTTEN = {"number": "", "customer_id": "", "call_id": ""}


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    two_years = now - 24 * MONTH
    named = or_(QueueVisit.call_id != "", QueueVisit.customer_id != "")
    return [
        Rule(QueueEvent, QueueEvent.at < now - 13 * MONTH),
        Rule(QueueVisit, (QueueVisit.entered < two_years) & named, _BLANK),
        Rule(QueueCallBack, QueueCallBack.settled < now - 6 * MONTH),
    ]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything this room keeps about the calls of a trail: rows by table."""
    found: dict[str, list[dict[str, Any]]] = {
        model.__tablename__: [] for model in (QueueVisit, QueueEvent, QueueCallBack)
    }
    for part in slices(sorted(trail.calls)):
        for model in (QueueVisit, QueueEvent, QueueCallBack):
            found[model.__tablename__] += await rows_of(session, model, model.__table__.c.call_id.in_(part))
    return found


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Blank who they were; that somebody waited stays, since figures stand on it."""
    for part in slices(sorted(trail.calls)):
        await _blank(session, part)
    visits = update(QueueVisit).where(QueueVisit.customer_id == trail.customer_id)
    await session.execute(visits.values(customer_id=""))
    backs = update(QueueCallBack).where(QueueCallBack.customer_id == trail.customer_id)
    await session.execute(backs.values(_FORGOTTEN))


async def _blank(session: AsyncSession, calls: Sequence[str]) -> None:
    theirs = select(QueueVisit.visit_id).where(QueueVisit.call_id.in_(calls))
    events = update(QueueEvent).where(QueueEvent.visit_id.in_(theirs))
    await session.execute(events.values(call_id="", detail={}))
    await session.execute(update(QueueVisit).where(QueueVisit.call_id.in_(calls)).values(_BLANK))
    await session.execute(update(QueueCallBack).where(QueueCallBack.call_id.in_(calls)).values(_FORGOTTEN))
