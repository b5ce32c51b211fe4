"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from proactive.provisioning.models import OrderPin, ToldPin
from store.lifetime import Rule, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [
        Rule(OrderPin, OrderPin.made < now - timedelta(days=90)),
        Rule(ToldPin, ToldPin.told < now - timedelta(days=7)),
    ]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """That there are PINs, and how often they were tried; their hashes come as dots."""
    kept = await rows_of(session, OrderPin, OrderPin.customer_id == trail.customer_id)
    told = await rows_of(session, ToldPin, ToldPin.customer_id == trail.customer_id)
    return {
        "order_pins": [row | {"hash": "•"} for row in kept],
        "told_pins": [row | {"hash": "•"} for row in told],
    }


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete one customer's PINs."""
    for table in (OrderPin, ToldPin):
        await session.execute(delete(table).where(table.customer_id == trail.customer_id))
