"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from proactive.traffic.models import TrafficAlarm
from store.lifetime import MONTH, Rule, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [Rule(TrafficAlarm, TrafficAlarm.raised < now - 24 * MONTH)]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Every warning of one customer."""
    whose = TrafficAlarm.customer_id == trail.customer_id
    return {"traffic_alarms": await rows_of(session, TrafficAlarm, whose)}


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete one customer's warnings."""
    await session.execute(delete(TrafficAlarm).where(TrafficAlarm.customer_id == trail.customer_id))
