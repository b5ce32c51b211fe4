import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event, insert

from customers import Customers, LineType, OrderStatus
from customers.models import Customer, CustomerNumber, Invoice, InvoiceState, Order, Tier
from customers.seed import code_of, id_of, landline_of, number_of
from store import Database
from values import CustomerId, Money, PhoneNumber
from values.testing import EPOCH

pytestmark = pytest.mark.database

ANNA, BRUNO = CustomerId("anna"), CustomerId("bruno")


async def _add(db: Database, *rows: Any) -> None:
    async with db.write() as session:
        for row in rows:
            session.add(row)
            await session.flush()


def _customer(name: CustomerId) -> Customer:
    return Customer(
        id=name,
        name=name.title(),
        code="4711",
        tier=Tier.GOLD,
        language="it",
        slow_speech=True,
        zone="Europe/Rome",
    )


def _invoice(i: int, minor: int, due: date, *, owner: str = ANNA, currency: str = "EUR") -> Invoice:
    state = InvoiceState.OPEN if minor else InvoiceState.PAID
    return Invoice(
        id=f"i{i}", customer_id=owner, issued=date(2026, i, 1), due=due, currency=currency,
        amount_minor=5000, open_minor=minor, state=state,
    )  # fmt: skip


async def test_a_caller_is_known_by_number_and_a_household_has_several_owners(
    town: Database, customers: Customers
) -> None:
    stranger = PhoneNumber("+390612345678")
    asked = [number_of(17), landline_of(38), stranger, number_of(17)]
    async with town.read() as session:
        found = await customers.find_by_numbers(session, asked, EPOCH)
    assert {number: [card.id for card in cards] for number, cards in found.items()} == {
        number_of(17): [id_of(17)],
        landline_of(38): [id_of(38), id_of(39)],
    }
    card = found[number_of(17)][0]
    assert card.language in {"it", "en", "ru"}
    assert isinstance(card.tier, Tier)


async def test_a_number_belongs_to_whom_it_belonged_then(town: Database, customers: Customers) -> None:
    async with town.read() as session:
        then = await customers.find_by_numbers(session, [number_of(39)], datetime(2009, 1, 1, tzinfo=UTC))
        now = await customers.find_by_numbers(session, [number_of(39)], EPOCH)
        of_then = await customers.numbers_of(session, [id_of(40)], datetime(2009, 1, 1, tzinfo=UTC))
    assert [card.id for card in then[number_of(39)]] == [id_of(40)]
    assert [card.id for card in now[number_of(39)]] == [id_of(39)]
    assert [card.number for card in of_then[id_of(40)]] == [number_of(39)]


async def test_the_last_instant_of_a_number_is_no_longer_its_owners(database: Database) -> None:
    until = datetime(2026, 3, 1, tzinfo=UTC)
    number = PhoneNumber("+393331234567")
    await _add(
        database,
        _customer(ANNA),
        CustomerNumber(
            number=number, customer_id=ANNA, valid_from=datetime(2020, 1, 1, tzinfo=UTC), valid_to=until,
            zone="Europe/Rome", line_type=LineType.MOBILE,
        ),
    )  # fmt: skip
    customers = Customers(database)
    async with database.read() as session:
        assert await customers.find_by_numbers(session, [number], until.replace(day=1)) == {}
        assert number in await customers.find_by_numbers(session, [number], datetime(2026, 2, 28, tzinfo=UTC))


async def test_mobiles_are_offered_first(town: Database, customers: Customers) -> None:
    async with town.read() as session:
        numbers = await customers.numbers_of(session, [id_of(38)], EPOCH)
    assert [(card.number, card.line_type) for card in numbers[id_of(38)]] == [
        (number_of(38), LineType.MOBILE),
        (landline_of(38), LineType.LANDLINE),
    ]


async def test_calls_of_one_moment_share_one_statement(town: Database, customers: Customers) -> None:
    engine = town._lookups or town._reading.sync_engine
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    answers = await asyncio.gather(*(customers.who_rings(number_of(i)) for i in range(150)))
    assert [cards[0].id for cards in answers] == [id_of(i) for i in range(150)]
    assert len(statements) == 1
    assert await customers.who_rings(PhoneNumber("+390612345678")) == ()


async def test_hostile_numbers_find_nobody_and_do_no_harm(town: Database, customers: Customers) -> None:
    for words in ("' OR 1=1 --", "", "+39\n329", "x" * 5000, "☎", "+39\0329", "\udce9"):
        assert await customers.who_rings(PhoneNumber(words)) == ()
    assert await customers.who_rings(number_of(1))


async def test_a_code_proves_only_its_own_customer(town: Database, customers: Customers) -> None:
    async with town.read() as session:
        assert await customers.whose_code(session, [id_of(5)], code_of(5)) == id_of(5)
        assert await customers.whose_code(session, [id_of(4), id_of(5), id_of(6)], code_of(5)) == id_of(5)
        for ids, code in (
            ([id_of(6)], code_of(5)), ([], code_of(5)), ([CustomerId("nobody")], ""), ([id_of(5)], "")
        ):  # fmt: skip
            assert await customers.whose_code(session, ids, code) is None


async def test_cards_come_by_id_and_unknown_ones_are_left_out(town: Database, customers: Customers) -> None:
    async with town.read() as session:
        cards = await customers.find_by_ids(session, [id_of(3), CustomerId("nobody")])
        assert list(cards) == [id_of(3)]
        assert await customers.find_by_ids(session, []) == {}


async def test_a_balance_is_what_is_still_open_and_its_earliest_due_date(database: Database) -> None:
    await _add(
        database,
        _customer(ANNA),
        _customer(BRUNO),
        _invoice(1, 0, date(2026, 1, 25)),
        _invoice(2, 1250, date(2026, 2, 25)),
        _invoice(3, 5000, date(2026, 3, 25)),
        _invoice(4, 900, date(2026, 4, 25), currency="CHF"),
        _invoice(5, 0, date(2026, 1, 1), owner=BRUNO),
    )
    customers = Customers(database)
    async with database.read() as session:
        owed = await customers.open_balances(session, [ANNA, BRUNO])
        latest = await customers.latest_invoices(session, [ANNA, BRUNO], most=2)
    assert list(owed) == [ANNA]
    assert owed[ANNA].amounts == (Money(6250), Money(900, "CHF"))
    assert owed[ANNA].amount == Money(6250)
    assert (owed[ANNA].due, owed[ANNA].invoices) == (date(2026, 2, 25), 3)
    assert [card.id for card in latest[ANNA]] == ["i4", "i3"]
    assert (latest[ANNA][1].amount, latest[ANNA][1].open) == (Money(5000), Money(5000))
    assert [card.id for card in latest[BRUNO]] == ["i5"]


async def test_only_orders_under_way_are_open(database: Database) -> None:
    async with database.write() as session:
        session.add(_customer(ANNA))
        await session.flush()
        await session.execute(
            insert(Order),
            [
                {
                    "id": f"o{i}",
                    "customer_id": ANNA,
                    "kind": "move",
                    "status": status,
                    "placed": EPOCH,
                    "planned": None,
                }
                for i, status in enumerate(OrderStatus)
            ],
        )
    async with database.read() as session:
        orders = await Customers(database).open_orders(session, [ANNA])
    assert {order.status for order in orders[ANNA]} == {
        OrderStatus.RECEIVED,
        OrderStatus.IN_PROGRESS,
        OrderStatus.PLANNED,
    }
