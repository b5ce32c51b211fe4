"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from proactive.outages.models import Outage, OutageFault, OutageLine
from store.lifetime import MONTH, Rule, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    old = now - 24 * MONTH
    return [Rule(model, model.opened < old) for model in (OutageLine, OutageFault, Outage)]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """The outages that touched one customer."""
    return {
        model.__tablename__: await rows_of(session, model, model.customer_id == trail.customer_id)
        for model in (OutageLine, OutageFault)
    }


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete whom they touched, as far as it is this customer."""
    for model in (OutageLine, OutageFault):
        await session.execute(delete(model).where(model.customer_id == trail.customer_id))
