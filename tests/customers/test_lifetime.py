from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from customers import Channel, ContactDirection, ContactNote, Customers, erase, forget, show
from customers.models import ContactHistory, Customer, CustomerNumber, Fault, Invoice
from customers.seed import id_of, number_of
from store import Base, Database
from values.testing import EPOCH

pytestmark = pytest.mark.database


async def _count(db: Database, model: type[Base]) -> int:
    async with db.read() as session:
        return (await session.execute(select(func.count()).select_from(model))).scalar_one()


def _note(i: int, at: datetime) -> ContactNote:
    return ContactNote(
        customer_id=id_of(i),
        at=at,
        channel=Channel.SMS,
        direction=ContactDirection.OUTBOUND,
        reason="bill",
        id=f"h{i}",
    )


async def test_what_is_over_is_forgotten_and_the_rest_stays(town: Database, customers: Customers) -> None:
    async with town.write() as session:
        await customers.note_contacts(session, [_note(1, EPOCH), _note(2, EPOCH - timedelta(days=800))])
        await forget(session, EPOCH)
    assert await _count(town, ContactHistory) == 1
    assert await _count(town, Invoice) == 600
    async with town.read() as session:
        former = await session.execute(select(CustomerNumber).where(CustomerNumber.valid_to.is_not(None)))
        assert former.all() == []  # their numbers went to others long ago


async def test_debts_and_open_faults_are_never_over(town: Database, customers: Customers) -> None:
    async with town.read() as session:
        owing = await customers.open_balances(session, [id_of(i) for i in range(200)])
    faults = await _count(town, Fault)
    async with town.write() as session:
        await forget(session, EPOCH + timedelta(days=3650))
    async with town.read() as session:
        assert await customers.open_balances(session, [id_of(i) for i in range(200)]) == owing
        left = (await session.execute(select(Fault.status))).scalars().all()
        oldest = (
            await session.execute(select(func.min(Invoice.due)).where(Invoice.open_minor == 0))
        ).scalar()
    assert 0 < len(left) < faults
    assert oldest is None
    assert await _count(town, Customer) == 200


async def test_one_customer_can_be_shown_whole_and_erased_whole(town: Database) -> None:
    async with town.read() as session:
        shown = await show(session, id_of(38))
    assert shown["customers"][0]["id"] == id_of(38)
    assert number_of(38) in [row["number"] for row in shown["customer_numbers"]]
    assert len(shown["customer_invoices"]) == 3
    async with town.write() as session:
        await erase(session, [id_of(38)])
    async with town.read() as session:
        assert not any((await show(session, id_of(38))).values())
        assert (await show(session, id_of(39)))["customers"]
