"""From the repaired line to the remembered answer: one contact a repair, whatever happens twice."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from customers import Customers, FaultStatus
from customers.faults import FaultChangeError
from customers.models import ContactHistory, Customer, CustomerNumber, Fault
from customers.seed import id_of, number_of, seed
from dialer import CONTACT_DONE, Gate, NewContact, enqueue, load_profiles, set_up, withdraw
from dialer.models import Contact, ContactState
from ivr.actions import ActionContext, Actions
from proactive import CAMPAIGN, FaultClosure
from store import Database, Dispatcher, Event, OutboxDelivery, OutboxEvent
from values import CallId, PhoneNumber, local_day
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database


class Town:
    """Sixty customers, one with an open fault, and the room that asks them."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db, self.clock = db, clock
        self.customers = Customers(db)
        self.closure = FaultClosure(db, self.customers, clock)
        self.dispatcher = Dispatcher(db, clock, self.closure.subscriptions())
        self.fault = ""
        self.customer = id_of(0)

    async def set(self, status: FaultStatus) -> None:
        async with self.db.write() as session:
            await self.customers.set_fault_status(session, [self.fault], status, at=self.clock.now())

    async def happens(self, status: FaultStatus) -> None:
        """The network says so, and everybody has heard."""
        await self.set(status)
        await self.dispatcher.drain()

    async def all(self, table: type[Any]) -> Sequence[Any]:
        async with self.db.read() as session:
            return (await session.scalars(select(table))).all()

    async def contacts(self) -> list[tuple[str, str]]:
        return [(row.state.value, row.outcome) for row in await self.all(Contact)]

    async def status(self) -> FaultStatus:
        (found,) = [row for row in await self.all(Fault) if row.id == self.fault]
        return FaultStatus(found.status)


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        town = Town(db, clock)
        async with db.write() as session:
            await seed(session, 60, day=EPOCH.date())
            await set_up(
                session,
                Gate(load_profiles(), country="IT"),
                FaultClosure.campaign(profile="it", caller_id="+390650000611"),
            )
            (fault,) = await town.customers.faults_with_status(session, FaultStatus.OPEN, most=1)
            town.fault, town.customer = fault.id, fault.customer_id
        yield town


def asked(call: str = "a1") -> ActionContext:
    return ActionContext(CallId(call), EPOCH, "it", "+393290000017")


async def test_a_repair_becomes_one_contact_with_all_that_the_flow_needs(town: Town) -> None:
    await town.happens(FaultStatus.RESTORED)
    (contact,) = await town.all(Contact)
    (customer,) = [row for row in await town.all(Customer) if row.id == town.customer]
    (fault,) = [row for row in await town.all(Fault) if row.id == town.fault]
    assert contact.campaign == CAMPAIGN
    assert contact.number == number_of(int(town.customer[1:]))
    assert contact.zone == customer.zone
    assert contact.fields == {
        "customer_name": customer.name,
        "fault_id": town.fault,
        "ask": contact.event_id,
        "several": False,
        "opened": {"$date": local_day(fault.opened_at, "Europe/Rome").isoformat()},
        "language": customer.language,
        "slow": customer.slow_speech,
    }
    assert contact.expires == EPOCH + timedelta(days=7)


async def test_a_fault_of_the_night_is_told_with_the_day_it_was_where_the_customer_lives(town: Town) -> None:
    for zone in ("Europe/Rome", "America/New_York"):
        async with town.db.write() as session:
            opened = datetime(2026, 2, 27, 23, 30, tzinfo=UTC)
            await session.execute(update(Fault).where(Fault.id == town.fault).values(opened_at=opened))
            await session.execute(update(Customer).where(Customer.id == town.customer).values(zone=zone))
        await town.happens(FaultStatus.RESTORED)
        await town.happens(FaultStatus.REOPENED)
        town.clock.move(3600)
    told = [contact.fields["opened"]["$date"] for contact in await town.all(Contact)]
    assert sorted(told) == ["2026-02-27", "2026-02-28"]


async def test_the_same_event_twice_is_one_contact(town: Town) -> None:
    await town.happens(FaultStatus.RESTORED)
    (row,) = await town.all(OutboxEvent)
    event = Event(id=row.id, kind=row.kind, at=row.at, key=row.key, payload=row.payload)
    again = Event(kind=row.kind, at=row.at, key=row.key, payload=row.payload)
    async with town.db.write() as session:
        await town.closure.on_restored(session, [event, again])
    assert await town.contacts() == [("ready", "")]


async def test_each_repair_of_one_fault_is_asked_about(town: Town) -> None:
    await town.happens(FaultStatus.RESTORED)
    await town.happens(FaultStatus.REOPENED)
    town.clock.move(3600)
    await town.happens(FaultStatus.RESTORED)
    assert sorted(await town.contacts()) == [("done", "settled_elsewhere"), ("ready", "")]


@pytest.mark.parametrize("status", [FaultStatus.CLOSED, FaultStatus.REOPENED])
async def test_settled_elsewhere_the_customer_is_left_alone(town: Town, status: FaultStatus) -> None:
    await town.happens(FaultStatus.RESTORED)
    await town.happens(status)
    assert await town.contacts() == [("done", "settled_elsewhere")]
    await town.dispatcher.drain()
    assert [row.outcome for row in await town.all(ContactHistory)] == ["settled_elsewhere"]


async def test_settled_before_anybody_heard_of_the_repair_is_not_asked(town: Town) -> None:
    await town.set(FaultStatus.RESTORED)
    await town.set(FaultStatus.CLOSED)
    await town.dispatcher.drain()
    assert await town.contacts() == []


async def test_a_late_word_of_the_reopening_does_not_hide_the_next_repair(town: Town) -> None:
    await town.happens(FaultStatus.RESTORED)
    await town.set(FaultStatus.REOPENED)
    town.clock.move(60)
    await town.set(FaultStatus.RESTORED)
    rows = {row.seq: row for row in await town.all(OutboxEvent)}
    _, reopened, restored = (
        Event(id=row.id, kind=row.kind, at=row.at, key=row.key, payload=row.payload)
        for _, row in sorted(rows.items())
    )
    async with town.db.write() as session:  # two handlers, each at its own pace
        await town.closure.on_restored(session, [restored])
        await town.closure.on_settled(session, [reopened])
    newest = max(await town.all(Contact), key=lambda contact: contact.event_id)
    assert newest.state is ContactState.READY


async def test_a_customer_without_a_number_is_passed_over_and_others_are_not(town: Town) -> None:
    async with town.db.write() as session:
        for number in await session.scalars(
            select(CustomerNumber).where(CustomerNumber.customer_id == town.customer)
        ):
            number.valid_to = EPOCH - timedelta(days=1)
    await town.happens(FaultStatus.RESTORED)
    assert await town.contacts() == []
    assert await town.all(OutboxDelivery) == []


async def test_facts_about_faults_that_are_gone_do_no_harm(town: Town) -> None:
    event = Event(kind="customers.fault_restored", at=EPOCH, payload={"fault_id": "gone"})
    bare = Event(kind="customers.fault_restored", at=EPOCH)
    async with town.db.write() as session:
        await town.closure.on_restored(session, [event, bare])
        await town.closure.on_settled(session, [event, bare])
    assert await town.contacts() == []


async def test_a_contact_that_is_over_is_remembered_once_with_the_customer(town: Town) -> None:
    await town.happens(FaultStatus.RESTORED)
    (contact,) = await town.all(Contact)
    async with town.db.write() as session:
        await withdraw(session, [contact.event_id], "unreached", EPOCH)
    await town.dispatcher.drain()
    done = next(row for row in await town.all(OutboxEvent) if row.kind == CONTACT_DONE)
    async with town.db.write() as session:
        event = Event(id=done.id, kind=done.kind, at=done.at, key=done.key, payload=done.payload)
        await town.closure.on_done(session, [event, event])
    (note,) = await town.all(ContactHistory)
    assert (note.customer_id, note.reason, note.outcome) == (town.customer, CAMPAIGN, "unreached")
    assert (note.channel, note.direction, note.id) == ("voice", "outbound", f"h-{contact.id}")


async def test_contacts_of_other_campaigns_and_of_erased_customers_are_not_ours(town: Town) -> None:
    async with town.db.write() as session:
        strangers = [
            NewContact(
                campaign=campaign, event_id=campaign, customer_id=who, number=PhoneNumber("+393290000001")
            )
            for campaign, who in (("by_hand", ""), (CAMPAIGN, "c9999999"))
        ]
        await enqueue(session, strangers, EPOCH)
        await withdraw(session, ["by_hand", CAMPAIGN], "withdrawn", EPOCH)
    await town.dispatcher.drain()
    assert await town.all(ContactHistory) == []
    assert await town.all(OutboxDelivery) == []


async def test_the_answer_closes_or_reopens_once(town: Town) -> None:
    await town.set(FaultStatus.RESTORED)
    assert await town.closure.answers.close_fault(asked(), town.fault) == {"settled": True}
    assert await town.closure.answers.close_fault(asked(), town.fault) == {"settled": False}
    assert await town.status() is FaultStatus.CLOSED
    assert await town.closure.answers.reopen_fault(asked(), town.fault) == {"settled": True}
    assert await town.status() is FaultStatus.REOPENED


@pytest.mark.parametrize("fault", ["", "gone", "'; DROP TABLE faults; --"])
async def test_a_fault_nobody_knows_cannot_be_settled(town: Town, fault: str) -> None:
    with pytest.raises(FaultChangeError):
        await town.closure.answers.close_fault(asked(), fault)


async def test_its_actions_are_on_offer(town: Town) -> None:
    actions = Actions()
    town.closure.register(actions)
    assert actions.names() == ["proactive.call_me", "proactive.close_fault", "proactive.reopen_fault"]
