"""Who lives where: by the province of the address."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from customers.models import Channel, Consent, Customer
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


async def living_how_many(session: AsyncSession, regions: Sequence[str]) -> Mapping[str, int]:
    """How many live in each of these provinces; one in which nobody does is left out."""
    query = select(Customer.region, func.count()).where(Customer.region.in_(regions))
    found = await session.execute(query.group_by(Customer.region))
    return {row[0]: row[1] for row in found}


def consenting_in(regions: Sequence[str], purpose: str, channel: Channel, at: datetime) -> Select[str, str]:
    """Ids and provinces of those there whose last word, as of that time, is that they may be contacted so.

    For counting in the database; `Customers.consents` says the same of some by name.
    """
    said = func.coalesce(Consent.withdrawn_at, Consent.given_at)
    no = Consent.withdrawn_at <= at
    last_yes = func.max(case((or_(Consent.withdrawn_at.is_(None), ~no), said)))
    last_no = func.max(case((no, said)))
    return (
        select(Customer.id, Customer.region)
        .join(Consent, Consent.customer_id == Customer.id)
        .where(Customer.region.in_(regions), Consent.purpose == purpose, Consent.channel == channel)
        .where(or_(no, Consent.given_at <= at))
        .group_by(Customer.id, Customer.region)
        .having(last_yes.is_not(None), or_(last_no.is_(None), last_yes > last_no))
    )
