"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from proactive.provisioning.models import OrderPin
from store.lifetime import Rule, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [Rule(OrderPin, OrderPin.made < now - timedelta(days=90))]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """That there is a PIN, and how often it was tried; its hash comes as dots."""
    rows = await rows_of(session, OrderPin, OrderPin.customer_id == trail.customer_id)
    return {"order_pins": [row | {"hash": "•"} for row in rows]}


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete one customer's PINs."""
    await session.execute(delete(OrderPin).where(OrderPin.customer_id == trail.customer_id))
