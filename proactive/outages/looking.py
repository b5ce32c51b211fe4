"""Outages as people of the house look them up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.outages.models import Outage, OutageLine

FORGOTTEN: Final = timedelta(days=30)
"""An outage that began before this was hardly left open on purpose."""


async def touching(
    session: AsyncSession, customer_id: str, now: datetime, *, most: int = 3
) -> Sequence[Outage]:
    """Those that touch a customer and are not over, the latest first."""
    query = (
        select(Outage)
        .join(OutageLine, OutageLine.outage_id == Outage.id)
        .where(
            OutageLine.customer_id == customer_id,
            Outage.restored.is_(None),
            Outage.opened > now - FORGOTTEN,
        )
        .distinct()
        .order_by(Outage.opened.desc(), Outage.id)
        .limit(most)
    )
    return (await session.scalars(query)).all()
