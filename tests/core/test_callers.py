"""Who is on the line: E.164 from whatever the network shows, and nobody where it cannot be told."""

import pytest

from centralino.core.callers import Caller, number_of, recognise
from customers import Customers
from customers.seed import landline_of, seed
from customers.seed import number_of as mobile_of
from store import Database
from values import CallId

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("+393290000017", "+393290000017"),
        ("3290000017", "+393290000017"),
        ("00393290000017", "+393290000017"),
        ("", None),
        ("0611", None),
        ("999999999999999999999", None),
    ],
)
def test_a_shown_number_is_read_by_the_rules_of_the_country(shown: str, number: str | None) -> None:
    assert number_of(shown, "IT") == number


async def asked(database: Database, shown: str) -> Caller:
    async with database.write() as session:
        await seed(session, 60)
    return await recognise(Customers(database), shown, "IT", CallId("node1-1.1"))


async def test_a_customer_is_recognised(database: Database) -> None:
    caller = await asked(database, "3290000017")
    assert caller.variables["known"] is True
    assert caller.variables["customer_id"] == "c0000017"
    assert caller.number == mobile_of(17)


async def test_a_shared_landline_is_nobody_in_particular(database: Database) -> None:
    caller = await asked(database, landline_of(38))
    assert caller.variables == {
        "caller": landline_of(38),
        "known": False,
        "customer_id": "",
        "customer_name": "",
    }


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite:////nowhere/at/all.db", "postgresql+asyncpg:///x?host=/nowhere"]
)
async def test_with_the_database_away_everybody_is_a_stranger(url: str) -> None:
    async with Database(url) as away:
        caller = await recognise(Customers(away), "+393290000017", "IT", CallId("node1-1.1"))
    assert caller.card is None
    assert caller.number == "+393290000017"
