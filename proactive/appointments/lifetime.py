"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from proactive.appointments.booking import release
from proactive.appointments.models import Appointment, AppointmentSlot
from store.lifetime import MONTH, Rule, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [
        Rule(Appointment, Appointment.offered < now - 24 * MONTH),
        Rule(AppointmentSlot, AppointmentSlot.ends < now - 3 * MONTH),
    ]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything kept of one customer's visits."""
    whose = Appointment.customer_id == trail.customer_id
    return {"appointments": await rows_of(session, Appointment, whose)}


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete one customer's visits; the slots they held are free again."""
    whose = Appointment.customer_id == trail.customer_id
    for visit in await session.scalars(select(Appointment).where(whose).order_by(Appointment.id)):
        await release(session, visit)
    await session.flush()
    await session.execute(delete(Appointment).where(whose))
