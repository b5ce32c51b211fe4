"""Every action of 0611: what it answers, and that asking twice does no harm."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from care import CallbackRequest, CareDesk, ContactReason
from care.desk import NobodyError
from customers import Customers, FaultStatus, InvoiceState, OrderStatus
from customers.models import ContactHistory, Customer, CustomerNumber, Fault, Invoice, Line, Order
from customers.seed import code_of, id_of, number_of
from store import Database, OutboxEvent
from tests.care.conftest import asked
from values import Money, PhoneNumber
from values.testing import EPOCH

pytestmark = pytest.mark.database

ANNA = id_of(17)
TODAY = EPOCH.date()


async def rows(db: Database, table: type[Any]) -> Sequence[Any]:
    async with db.read() as session:
        return (await session.scalars(select(table))).all()


async def count(db: Database, table: type[Any]) -> int:
    async with db.read() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_a_keyed_number_finds_its_owner_however_it_is_written(desk: CareDesk) -> None:
    for written in (number_of(21), number_of(21).removeprefix("+39"), "0039" + number_of(21)[3:]):
        found = await desk.recognise(asked(), written, code_of(21))
        assert (found["found"], found["candidate_id"]) == (True, id_of(21)), written
        assert found["candidate_name"]


@pytest.mark.parametrize("written", ["3299999999", "", "0", "12", "x' OR 1=1 --", "9" * 200])
async def test_a_number_of_nobody_is_answered_like_any_other(desk: CareDesk, written: str) -> None:
    assert await desk.verify(asked(), code_of(17), written) == {"ok": False}
    assert await desk.recognise(asked(), written, code_of(17)) == {
        "found": False, "candidate_id": "", "candidate_name": ""
    }  # fmt: skip


async def test_the_code_tells_who_of_a_household_rings(town: Database, desk: CareDesk) -> None:
    async with town.read() as session:
        shared = select(CustomerNumber.number).group_by(CustomerNumber.number).having(func.count() > 1)
        numbers = {PhoneNumber(number) for number in await session.scalars(shared)}
        owners = [
            await Customers(town).find_by_numbers(session, [number], EPOCH) for number in sorted(numbers)
        ]
    several = [(number, cards) for found in owners for number, cards in found.items() if len(cards) > 1]
    assert several
    for number, cards in several:
        for card in cards:
            code = code_of(int(card.id[1:]))
            assert await desk.verify(asked(), code, number) == {"ok": True}
            assert await desk.recognise(asked(), number, code) == {
                "found": True, "candidate_id": card.id, "candidate_name": card.name
            }  # fmt: skip


async def test_only_the_code_on_the_bill_proves_who_calls(desk: CareDesk) -> None:
    assert await desk.verify(asked(), code_of(17), number_of(17)) == {"ok": True}
    for code in (code_of(18), "", "città", code_of(17) + "0"):
        assert await desk.verify(asked(), code, number_of(17)) == {"ok": False}, code
        assert (await desk.recognise(asked(), number_of(17), code))["found"] is False, code
    # after a crash of the core a private code cannot be read back from the trace
    assert (await desk.recognise(asked(), number_of(17), None))["found"] is False


async def test_the_reason_is_kept_once_a_call_and_remembered_with_the_customer(
    town: Database, desk: CareDesk
) -> None:
    for reason in ("billing", "billing", "fault"):
        assert await desk.save_reason(asked(), reason, ANNA) == {}
    kept = {(row.call_id, row.reason, row.customer_id) for row in await rows(town, ContactReason)}
    assert kept == {("node1-1.1", "billing", ANNA), ("node1-1.1", "fault", ANNA)}
    noted = await rows(town, ContactHistory)
    assert sorted(note.reason for note in noted) == ["billing", "fault"]
    assert {(note.customer_id, note.call_id, note.direction) for note in noted} == {
        (ANNA, "node1-1.1", "inbound")
    }


async def test_a_stranger_s_reason_is_kept_without_a_customer(town: Database, desk: CareDesk) -> None:
    await desk.save_reason(asked(), "billing")
    assert [row.customer_id for row in await rows(town, ContactReason)] == [""]
    assert await count(town, ContactHistory) == 0


async def invoices(db: Database, **values: Any) -> None:
    async with db.write() as session:
        await session.execute(update(Invoice).where(Invoice.customer_id == ANNA).values(values))


async def test_the_balance_is_what_is_open_and_when_it_is_due(town: Database, desk: CareDesk) -> None:
    await invoices(town, state=InvoiceState.PAID, open_minor=0)
    assert (await desk.balance(asked(), ANNA))["invoices"] == 0
    await invoices(town, state=InvoiceState.OPEN, open_minor=1250, due=TODAY)
    told = await desk.balance(asked(), ANNA)
    assert told == {"invoices": 3, "owed": Money(3750), "due": TODAY, "overdue": False}
    await invoices(town, due=TODAY - timedelta(days=1))
    assert (await desk.balance(asked(), ANNA))["overdue"] is True
    assert (await desk.balance(asked(), "c9999999"))["invoices"] == 0


async def test_a_bill_is_overdue_from_midnight_where_the_customer_lives(
    town: Database, desk: CareDesk
) -> None:
    await invoices(town, state=InvoiceState.OPEN, open_minor=1250, due=TODAY)
    after_midnight = datetime.combine(TODAY, time(23, 30), UTC)
    for zone, overdue in (("Europe/Rome", True), ("America/New_York", False)):
        async with town.write() as session:
            await session.execute(update(Customer).where(Customer.id == ANNA).values(zone=zone))
        told = await desk.balance(replace(asked(), now=after_midnight), ANNA)
        assert told["overdue"] is overdue, zone


async def faults(db: Database, *statuses: FaultStatus) -> list[str]:
    """The customer's faults are these, the latest last."""
    async with db.write() as session:
        for old in await session.scalars(select(Fault).where(Fault.customer_id == ANNA)):
            await session.delete(old)
        line = await session.scalar(select(Line.id).where(Line.customer_id == ANNA))
        made = [
            Fault(
                id=f"x{place}", customer_id=ANNA, line_id=line, symptom="slow", status=status,
                opened_at=EPOCH - timedelta(days=9 - place),
                restored_at=EPOCH if status is FaultStatus.RESTORED else None,
            )
            for place, status in enumerate(statuses)
        ]  # fmt: skip
        session.add_all(made)
        return [fault.id for fault in made]


async def test_the_fault_told_is_the_latest_that_is_not_closed(town: Database, desk: CareDesk) -> None:
    for statuses, told in (
        ((), "none"),
        ((FaultStatus.CLOSED,), "none"),
        ((FaultStatus.OPEN, FaultStatus.RESTORED), "restored"),
        ((FaultStatus.RESTORED, FaultStatus.REOPENED), "open"),
        ((FaultStatus.OPEN, FaultStatus.CLOSED), "open"),
    ):
        await faults(town, *statuses)
        assert (await desk.fault(asked(), ANNA))["fault_state"] == told, statuses


@pytest.mark.parametrize(
    ("works", "status"),
    [
        (True, FaultStatus.CLOSED), ("true", FaultStatus.CLOSED),
        (False, FaultStatus.REOPENED), ("false", FaultStatus.REOPENED),
    ],
)  # fmt: skip
async def test_the_customer_settles_the_restored_fault_and_no_other(
    town: Database, desk: CareDesk, works: object, status: FaultStatus
) -> None:
    open_one, restored = await faults(town, FaultStatus.OPEN, FaultStatus.RESTORED)
    assert await desk.settle_fault(asked(), ANNA, works) == {"settled": True}
    assert await desk.settle_fault(asked(), ANNA, works) == {"settled": False}
    async with town.read() as session:
        states = {row.id: row.status for row in await session.execute(select(Fault.id, Fault.status))}
        told = [row.payload for row in await rows(town, OutboxEvent)]
    assert (states[open_one], states[restored]) == (FaultStatus.OPEN, status)
    assert [(event["fault_id"], event["call_id"]) for event in told] == [(restored, "node1-1.1")]


async def test_an_order_is_told_with_its_day(town: Database, desk: CareDesk) -> None:
    async with town.write() as session:
        for old in await session.scalars(select(Order).where(Order.customer_id == ANNA)):
            await session.delete(old)
    assert (await desk.order(asked(), ANNA))["order_state"] == "none"
    day = TODAY + timedelta(days=7)
    for status, planned, told in (
        (OrderStatus.RECEIVED, None, "open"),
        (OrderStatus.PLANNED, day, "planned"),
        (OrderStatus.DONE, day, "none"),
    ):
        async with town.write() as session:
            await session.merge(
                Order(id="x", customer_id=ANNA, kind="move", status=status, placed=EPOCH, planned=planned)
            )
        found = await desk.order(asked(), ANNA)
        assert (found["order_state"], found["planned"]) == (told, planned if told == "planned" else None)


async def test_a_call_back_is_noted_once_a_call_and_its_number_can_be_changed(
    town: Database, desk: CareDesk
) -> None:
    assert await desk.ask_call_back(asked(), customer_id=ANNA) == {"noted": True}
    assert await desk.ask_call_back(asked(), "3290000018", ANNA) == {"noted": True}
    (wanted,) = await rows(town, CallbackRequest)
    assert (wanted.call_id, wanted.number, wanted.source) == ("node1-1.1", "+393290000018", "flow")
    assert (wanted.customer_id, wanted.language, wanted.settled) == (ANNA, "it", None)
    assert [event.id for event in await rows(town, OutboxEvent)] == ["callback-node1-1.1"]


@pytest.mark.parametrize("number", ["112", "899123456", "+79161234567", "+442079460000", "12", "abc"])
async def test_numbers_that_we_may_not_ring_are_not_taken(
    town: Database, desk: CareDesk, number: str
) -> None:
    assert await desk.ask_call_back(asked(), number) == {"noted": False}
    assert await count(town, CallbackRequest) == 0
    assert await count(town, OutboxEvent) == 0


async def test_a_withheld_number_cannot_be_called_back(town: Database, desk: CareDesk) -> None:
    assert await desk.ask_call_back(asked(caller="")) == {"noted": False}
    assert await count(town, CallbackRequest) == 0


@pytest.mark.parametrize("nobody", ["", None])
async def test_an_account_that_got_lost_is_an_error_and_never_an_empty_one(
    desk: CareDesk, nobody: str | None
) -> None:
    # after a crash of the core a private customer id cannot be read back from the trace
    for told in (desk.balance, desk.fault, desk.order):
        with pytest.raises(NobodyError):
            await told(asked(), customer_id=nobody)
