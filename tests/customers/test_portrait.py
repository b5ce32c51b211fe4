"""What an agent sees of a customer at a glance, and how a customer is found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from customers import Channel, ContactDirection, ContactNote, Customers, portrait, search
from customers.models import Customer, Line
from customers.portrait import months_between
from customers.seed import DAY, id_of, landline_of, number_of
from store import Database
from values import BadInputError, CustomerId

NOW = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("end", "months"),
    [
        (date(2026, 11, 19), 0),
        (date(2026, 11, 20), 0),
        (date(2026, 12, 4), 0),
        (date(2026, 12, 10), 1),
        (date(2027, 11, 20), 12),
        (date(2027, 12, 9), 13),
        (date(2027, 1, 4), 1),
    ],
)
def test_months_left_are_rounded(end: date, months: int) -> None:
    assert months_between(date(2026, 11, 20), end) == months


@pytest.mark.database
async def test_a_portrait_has_all_that_an_agent_needs_in_one_look(
    town: Database, customers: Customers
) -> None:
    who = id_of(3)
    notes = [
        ContactNote(who, NOW - timedelta(days=age), Channel.VOICE, ContactDirection.INBOUND, f"reason {age}")
        for age in (9, 1, 4)
    ]
    async with town.write() as session:
        await customers.note_contacts(session, notes)
        await session.execute(
            update(Line).where(Line.customer_id == who).values(contract_until=date(2027, 5, 20))
        )
    async with town.read() as session:
        seen = await portrait(customers, session, who, NOW)
    assert seen is not None
    assert (seen.card.id, seen.months_left(DAY)) == (who, 6)
    assert seen.numbers[0].number == number_of(3)
    assert [each.reason for each in seen.contacts] == ["reason 1", "reason 4", "reason 9"]
    assert len(seen.invoices) == 3
    assert seen.spend[0].minor == sum(each.amount.minor for each in seen.invoices)
    assert seen.lines[0].service in {"fibre", "mobile"}


@pytest.mark.database
async def test_of_nobody_there_is_no_portrait(town: Database, customers: Customers) -> None:
    async with town.read() as session:
        assert await portrait(customers, session, CustomerId("nobody"), NOW) is None


async def found(town: Database, text: str) -> list[str]:
    async with town.read() as session:
        return [each.card.id for each in await search(session, text, country="IT", now=NOW)]


@pytest.mark.database
async def test_a_customer_is_found_by_number_name_invoice_and_id(town: Database) -> None:
    async with town.write() as session:
        await session.execute(
            update(Customer).where(Customer.id == id_of(5)).values(name="Жанна Д'Арк 100%_")
        )
    assert await found(town, number_of(5)) == [id_of(5)]
    assert await found(town, "329 0000005") == [id_of(5)]
    assert await found(town, "0000005") == [id_of(5)]
    assert await found(town, "жанна") == [id_of(5)]
    assert await found(town, "арк  Жанна") == [id_of(5)]
    assert await found(town, "100%_") == [id_of(5)]
    assert await found(town, "i0000005-1") == [id_of(5)]
    assert await found(town, id_of(5)) == [id_of(5)]
    assert await found(town, landline_of(38)) == [id_of(38), id_of(39)]
    assert await found(town, "%%") == []


@pytest.mark.database
@pytest.mark.parametrize("text", ["", " a ", "x" * 81])
async def test_what_is_too_short_or_long_to_look_for_is_told(town: Database, text: str) -> None:
    with pytest.raises(BadInputError) as told:
        await found(town, text)
    assert told.value.field == "q"
