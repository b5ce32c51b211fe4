"""An outage that is known by its area alone: it touches the lines at the addresses of a province.

A mobile is not where its owner lives, and a line that is not active can be missed by nobody: neither counts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import exists, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import LineStatus, NewFault, regions
from customers.models import Customer, Fault, Line
from ivr.language.problems import did_you_mean, listing
from proactive.outages.ending import BROKEN
from proactive.outages.models import OutageLine
from values import CustomerId

MOBILE: Final = "mobile"


async def province(session: AsyncSession, area: str) -> Sequence[str]:
    """The province of this name in all the letters, small and large, in which addresses write it.

    The one that was asked for stands first, then the commonest; () when nobody we know lives in one.
    """
    there = await regions(session)
    found = [name for name in there if name.casefold() == area.casefold()]
    return sorted(found, key=lambda name: (name != area, -there[name], name))


async def is_province(session: AsyncSession, area: str) -> bool:
    """Whether somebody we know lives in a province of exactly this name."""
    exact = select(Customer.region).where(Customer.region == area).limit(1)
    return bool(area) and await session.scalar(exact) is not None


async def no_province(session: AsyncSession, area: str) -> str:
    """Why an area names nobody, for the network."""
    there = await regions(session)
    like = did_you_mean(area, there)
    return (
        f"area: no customer lives in a province {area!r}{like}; there are {listing(there)}."
        " Write one of them, or name lines or customers"
    )


async def touch(session: AsyncSession, outage_id: str, province: Sequence[str], opened: datetime) -> None:
    """Let an outage touch every line at an address in a province, however written; those it touches stay."""
    there = exists().where(
        OutageLine.outage_id == outage_id,
        OutageLine.customer_id == Line.customer_id,
        OutageLine.line_id == Line.id,
    )
    lines = (
        select(literal(outage_id), Line.customer_id, Line.id, literal(opened, OutageLine.opened.type))
        .join(Customer, Customer.id == Line.customer_id)
        .where(
            Customer.region.in_(province), Line.status == LineStatus.ACTIVE, Line.service != MOBILE, ~there
        )
    )
    columns = ["outage_id", "customer_id", "line_id", "opened"]
    await session.execute(insert(OutageLine).from_select(columns, lines, include_defaults=False))


async def broken_there(session: AsyncSession, outage_id: str) -> Sequence[NewFault]:
    """The faults that are open on what an outage touches line by line."""
    query = (
        select(Fault)
        .join(
            OutageLine,
            (OutageLine.customer_id == Fault.customer_id) & (OutageLine.line_id == Fault.line_id),
        )
        .where(OutageLine.outage_id == outage_id, Fault.status.in_(BROKEN))
        .order_by(Fault.id)
    )
    return [
        NewFault(each.id, each.line_id, CustomerId(each.customer_id), each.symptom, each.opened_at)
        for each in await session.scalars(query)
    ]
