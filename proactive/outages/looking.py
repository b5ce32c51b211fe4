"""Outages that are not over, as callers hear of them and people of the house see them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.assurance import Policy
from proactive.outages.models import Outage, OutageLine


async def touching(
    session: AsyncSession, customer_id: str, now: datetime, policy: Policy, *, most: int = 3
) -> Sequence[Outage]:
    """Those that touch a customer and are not over, as far as one may still believe so; the latest first.

    Their end may have been forgotten: nobody believes in one `policy.overdue` after its expected end, or,
    when it has none, `policy.unending` after it began.
    """
    believed = or_(
        Outage.expected_end > now - policy.overdue,
        and_(Outage.expected_end.is_(None), Outage.opened > now - policy.unending),
    )
    query = (
        select(Outage)
        .join(OutageLine, OutageLine.outage_id == Outage.id)
        .where(
            OutageLine.customer_id == customer_id,
            Outage.restored.is_(None),
            believed,
        )
        .distinct()
        .order_by(Outage.opened.desc(), Outage.id)
        .limit(most)
    )
    return (await session.scalars(query)).all()
