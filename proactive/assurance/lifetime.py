"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from proactive.assurance.models import RepairCheck
from store.lifetime import MONTH, Rule, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [Rule(RepairCheck, RepairCheck.restored < now - 24 * MONTH)]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything kept of one customer's repairs."""
    whose = RepairCheck.customer_id == trail.customer_id
    return {"repair_checks": await rows_of(session, RepairCheck, whose)}


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete one customer's repairs; whoever still waits for their word stops."""
    await session.execute(delete(RepairCheck).where(RepairCheck.customer_id == trail.customer_id))
