from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from customers import Channel, ContactDirection, ContactNote, Customers
from customers.models import Consent, ContactHistory, Customer, CustomerNumber, Fault, Invoice, Line, Order
from customers.seed import id_of
from store import Base, Database
from values import CustomerId
from values.testing import EPOCH

pytestmark = pytest.mark.database


def _note(i: int) -> ContactNote:
    return ContactNote(
        customer_id=id_of(i),
        at=EPOCH,
        channel=Channel.VOICE,
        direction=ContactDirection.INBOUND,
        reason="bill",
        call_id=f"node1-{i}.1",
        id=f"h{i}",
    )


async def test_a_contact_is_noted_at_once_and_its_outcome_later(town: Database, customers: Customers) -> None:
    async with town.write() as session:
        await customers.note_contacts(session, [_note(1), _note(2)])
    async with town.write() as session:
        await customers.note_contacts(session, [replace(_note(1), outcome="answered")])
    async with town.read() as session:
        rows = await session.execute(
            select(ContactHistory.id, ContactHistory.outcome, ContactHistory.at).order_by(ContactHistory.id)
        )
        assert [tuple(row) for row in rows] == [("h1", "answered", EPOCH), ("h2", "", EPOCH)]


async def test_the_last_word_on_consent_counts(town: Database, customers: Customers) -> None:
    day = timedelta(days=1)
    anna, bruno, carla, dora = (id_of(i) for i in range(4))

    def word(i: int, owner: CustomerId, given: int | None, withdrawn: int | None) -> Consent:
        return Consent(
            id=f"w{i}", customer_id=owner, purpose="offers", channel=Channel.VOICE, source="web",
            given_at=None if given is None else EPOCH + given * day,
            withdrawn_at=None if withdrawn is None else EPOCH + withdrawn * day,
        )  # fmt: skip

    async with town.write() as session:
        session.add_all(
            [
                word(1, anna, -9, -5), word(2, anna, -2, None),  # changed her mind twice
                word(3, bruno, -9, -1),
                word(4, carla, None, -3),  # refused outright
                word(5, dora, 1, None),  # says so tomorrow
            ]
        )  # fmt: skip
    everybody = [anna, bruno, carla, dora, id_of(5)]
    async with town.read() as session:
        words = await customers.consents(session, everybody, "offers", Channel.VOICE, EPOCH)
        by_sms = await customers.consents(session, everybody, "offers", Channel.SMS, EPOCH)
    assert words == {anna: True, bruno: False, carla: False}
    assert by_sms == {}


async def test_erasing_a_customer_takes_along_everything_of_theirs(
    town: Database, customers: Customers
) -> None:
    tables: tuple[type[Base], ...] = (CustomerNumber, Line, Consent, Invoice, Order, Fault, ContactHistory)
    async with town.write() as session:
        await customers.note_contacts(session, [_note(i) for i in range(200)])
        await session.execute(delete(Customer))
    async with town.read() as session:
        left = [
            (await session.execute(select(func.count()).select_from(table))).scalar_one() for table in tables
        ]
    assert left == [0] * len(tables)
