from typing import Any

import pytest
from sqlalchemy import func, select

from customers import FaultStatus
from customers.models import Consent, Customer, CustomerNumber, Fault, Invoice, Line, Order
from customers.seed import id_of, number_of, seed
from store import Base, Database
from values import parse_phone

pytestmark = pytest.mark.database

TABLES: tuple[type[Base], ...] = (Customer, CustomerNumber, Line, Consent, Invoice, Order, Fault)


async def _everything(db: Database) -> dict[str, list[Any]]:
    found = {}
    async with db.read() as session:
        for table in TABLES:
            columns = table.__table__.columns
            rows = await session.execute(select(*columns).order_by(*table.__table__.primary_key.columns))
            found[table.__tablename__] = [tuple(row) for row in rows]
    return found


async def test_seeding_twice_changes_nothing(database: Database) -> None:
    async with database.write() as session:
        assert await seed(session, 300) == 300
    before = await _everything(database)
    async with database.write() as session:
        assert await seed(session, 300) == 0
    assert await _everything(database) == before


async def test_what_people_did_since_is_left_alone(town: Database) -> None:
    async with town.write() as session:
        (
            await session.execute(select(Customer).where(Customer.id == id_of(7)))
        ).scalar_one().name = "Nuova Vita"
    async with town.write() as session:
        assert await seed(session, 300) == 100
    async with town.read() as session:
        assert (
            await session.execute(select(Customer.name).where(Customer.id == id_of(7)))
        ).scalar_one() == "Nuova Vita"


async def test_a_smaller_town_is_the_beginning_of_a_larger_one(database: Database) -> None:
    async with database.write() as session:
        await seed(session, 50)
    small = await _everything(database)
    async with database.write() as session:
        await seed(session, 120)
    large = await _everything(database)
    for table, rows in small.items():
        assert set(rows) <= set(large[table])


async def test_the_town_is_plausible(database: Database) -> None:
    """Shares of a thousand people; the seed is fixed, so these are facts and not chances."""
    async with database.write() as session:
        await seed(session, 1000)
    async with database.read() as session:

        async def shares(column: Any) -> dict[Any, int]:
            rows = await session.execute(select(column, func.count()).group_by(column))
            return {row[0]: row[1] for row in rows}

        languages = await shares(Customer.language)
        faults = await shares(Fault.status)
        owing = (
            await session.execute(
                select(func.count(func.distinct(Invoice.customer_id))).where(Invoice.open_minor > 0)
            )
        ).scalar_one()
    assert 760 <= languages["it"] <= 840
    assert 90 <= languages["en"] <= 150
    assert 55 <= languages["ru"] <= 105
    assert 150 <= owing <= 250
    assert set(faults) == {FaultStatus.OPEN, FaultStatus.RESTORED, FaultStatus.CLOSED}
    assert 30 <= sum(faults.values()) <= 90


def test_every_number_is_a_real_italian_mobile() -> None:
    for i in (0, 17, 9_999, 9_999_999):
        assert parse_phone(number_of(i), "IT") == number_of(i)
    with pytest.raises(ValueError, match="9999999"):
        number_of(10_000_000)
