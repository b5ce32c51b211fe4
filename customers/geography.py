"""Who lives where: by the province of the address."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from customers.models import Customer
from values import CustomerId


async def living_in(session: AsyncSession, regions: Sequence[str]) -> Mapping[CustomerId, str]:
    """Everybody who lives in these provinces, with theirs; in the order of their ids."""
    query = select(Customer.id, Customer.region).where(Customer.region.in_(regions)).order_by(Customer.id)
    return {CustomerId(row.id): row.region for row in await session.execute(query)}


async def regions(session: AsyncSession) -> Mapping[str, int]:
    """The provinces we know of, and how many customers live in each."""
    query = select(Customer.region, func.count()).where(Customer.region != "").group_by(Customer.region)
    found = await session.execute(query.order_by(Customer.region))
    return {row[0]: row[1] for row in found}
