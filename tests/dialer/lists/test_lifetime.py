"""What a list has brought in goes with its customer, and in time."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from customers import Trail
from customers.trail import NumberHeld
from dialer import CampaignPlan, Gate, Purpose, load_profiles, set_up
from dialer.contacts import withdraw
from dialer.lifetime import erase, forget, show
from dialer.lists import ImportPlan, import_file
from dialer.models import Contact, Turn
from store import Database
from store.lifetime import MONTH
from values import CustomerId

pytestmark = pytest.mark.database

FILE = (
    "customer_id,number,number2,name\nK1,3290000017,3290000018,Anna\n"
    "K2,3290000019,,Berta\n,3290000018,,Anna\n"
)


@pytest.fixture
async def filled(database: Database, tmp_path: Path) -> Database:
    async with database.write() as session:
        plan = CampaignPlan(
            name="spring", flow="f", purpose=Purpose.SERVICE, profile="none", caller_id="+390650000611"
        )
        await set_up(session, Gate(load_profiles(), country="IT"), plan)
    path = tmp_path / "list.csv"
    path.write_text(FILE)
    await import_file(
        database, path, ImportPlan(list="l", campaign="spring"), reports=tmp_path / "reports", by="anna"
    )
    return database


def anna(db: Database) -> Trail:
    since = db.clock.now() - timedelta(days=9)
    numbers = ("+393290000017", "+393290000018")
    return Trail(
        CustomerId("K1"),
        tuple(NumberHeld(number, since, None, shared=False) for number in numbers),  # type: ignore[arg-type]
    )


async def test_a_customer_is_shown_with_what_came_by_customer_and_by_number(filled: Database) -> None:
    async with filled.read() as session:
        found = await show(session, anna(filled))
    assert len(found["contacts"]) == len(found["turns"]) == 2


async def test_an_erased_customer_is_in_nothing_that_a_list_has_left(filled: Database) -> None:
    async with filled.write() as session:
        await erase(session, anna(filled), filled.clock.now())
    async with filled.read() as session:
        rows = [dict(row) for row in (await session.execute(select(Contact.__table__))).mappings()]
        left = (await session.scalars(select(Turn.contact_id))).all()
    assert len(left) == 1
    whole = "".join(str(row) for row in rows)
    assert not any(word in whole for word in ("K1", "3290000017", "3290000018", "Anna"))
    assert "Berta" in whole


async def test_after_two_years_nobody_is_named_any_more(filled: Database) -> None:
    now = filled.clock.now()
    async with filled.write() as session:
        events = (await session.scalars(select(Contact.event_id))).all()
        await withdraw(session, events, "over", now)
        await session.execute(update(Contact).values(created=now - 25 * MONTH))
    async with filled.write() as session:
        await forget(session, now)
    async with filled.read() as session:
        people = (await session.scalars(select(Contact))).all()
    assert [(each.number, list(each.numbers), each.fields) for each in people] == [("", [], {})] * 3
    assert all(each.event_id.startswith("erased:") for each in people)
