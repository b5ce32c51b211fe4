from collections.abc import Sequence

import pytest
from sqlalchemy import select

from customers import Customers, FaultChangeError, FaultStatus
from customers.faults import check_change
from customers.models import Customer, Fault, Line, LineStatus, Tier
from store import Database, OutboxEvent
from values import CustomerId
from values.testing import EPOCH

pytestmark = pytest.mark.database

ANNA = CustomerId("anna")


async def _faults(db: Database, **statuses: FaultStatus) -> None:
    async with db.write() as session:
        session.add(
            Customer(
                id=ANNA,
                name="Anna",
                code="4711",
                tier=Tier.GOLD,
                language="it",
                slow_speech=False,
                zone="Europe/Rome",
            )
        )
        await session.flush()
        session.add(
            Line(id="l1", customer_id=ANNA, service="fibre", status=LineStatus.ACTIVE, activated=None)
        )
        await session.flush()
        session.add_all(
            Fault(id=name, customer_id=ANNA, line_id="l1", symptom="slow", status=status, opened_at=EPOCH)
            for name, status in statuses.items()
        )


async def _set(db: Database, ids: Sequence[str], status: FaultStatus) -> Sequence[str]:
    async with db.write() as session:
        return await Customers(db).set_fault_status(session, ids, status, at=EPOCH, call_id="node1-1.1")


async def _told(db: Database) -> list[tuple[str, object]]:
    async with db.read() as session:
        rows = await session.execute(select(OutboxEvent.kind, OutboxEvent.payload).order_by(OutboxEvent.seq))
        return [(kind, payload) for kind, payload in rows]


async def _states(db: Database) -> dict[str, FaultStatus]:
    async with db.read() as session:
        return {row.id: row.status for row in await session.execute(select(Fault.id, Fault.status))}


async def test_a_customer_who_says_it_works_closes_the_fault_and_the_network_hears(
    database: Database,
) -> None:
    await _faults(database, f1=FaultStatus.RESTORED)
    assert await _set(database, ["f1"], FaultStatus.CLOSED) == ["f1"]
    async with database.read() as session:
        card = (await Customers(database).faults(session, ["f1"]))["f1"]
        assert await Customers(database).open_faults(session, [ANNA]) == {}
    assert (card.status, card.closed_at, card.reopened_at) == (FaultStatus.CLOSED, EPOCH, None)
    about = {"fault_id": "f1", "customer_id": "anna", "line_id": "l1", "call_id": "node1-1.1", "reason": ""}
    assert await _told(database) == [("customers.fault_closed", about)]


async def test_a_customer_who_says_it_does_not_reopens_it(database: Database) -> None:
    await _faults(database, f1=FaultStatus.RESTORED)
    await _set(database, ["f1"], FaultStatus.REOPENED)
    async with database.read() as session:
        open_ones = await Customers(database).open_faults(session, [ANNA])
    assert [(card.id, card.status, card.reopened_at) for card in open_ones[ANNA]] == [
        ("f1", FaultStatus.REOPENED, EPOCH)
    ]
    about = {
        "fault_id": "f1", "customer_id": "anna", "line_id": "l1", "call_id": "node1-1.1", "reason": "",
        "priority": "high",
    }  # fmt: skip
    assert await _told(database) == [("customers.fault_reopened", about)]


async def test_saying_it_twice_is_saying_it_once(database: Database) -> None:
    await _faults(database, f1=FaultStatus.RESTORED)
    assert await _set(database, ["f1"], FaultStatus.CLOSED) == ["f1"]
    assert await _set(database, ["f1"], FaultStatus.CLOSED) == []
    assert len(await _told(database)) == 1


async def test_one_impossible_change_leaves_the_whole_batch_as_it_was(database: Database) -> None:
    await _faults(database, f1=FaultStatus.RESTORED, f2=FaultStatus.OPEN)
    with pytest.raises(FaultChangeError, match="f2 is open and cannot become closed"):
        await _set(database, ["f1", "f2"], FaultStatus.CLOSED)
    with pytest.raises(FaultChangeError, match="no fault f9"):
        await _set(database, ["f1", "f9"], FaultStatus.CLOSED)
    assert await _states(database) == {"f1": FaultStatus.RESTORED, "f2": FaultStatus.OPEN}
    assert await _told(database) == []


async def test_restored_faults_can_be_asked_for_oldest_first(database: Database) -> None:
    await _faults(database, f1=FaultStatus.RESTORED, f2=FaultStatus.OPEN, f3=FaultStatus.RESTORED)
    async with database.read() as session:
        found = await Customers(database).faults_with_status(session, FaultStatus.RESTORED, most=1)
    assert [card.id for card in found] == ["f1"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FaultStatus.OPEN, FaultStatus.CLOSED),
        (FaultStatus.OPEN, FaultStatus.REOPENED),
        (FaultStatus.RESTORED, FaultStatus.OPEN),
        (FaultStatus.CLOSED, FaultStatus.RESTORED),
        (FaultStatus.CLOSED, FaultStatus.OPEN),
        (FaultStatus.REOPENED, FaultStatus.CLOSED),
        (FaultStatus.REOPENED, FaultStatus.OPEN),
    ],
)
def test_a_fault_makes_no_leaps(before: FaultStatus, after: FaultStatus) -> None:
    with pytest.raises(FaultChangeError):
        check_change("f1", before, after)


@pytest.mark.parametrize("before", [FaultStatus.OPEN, FaultStatus.REOPENED, FaultStatus.RESTORED])
def test_whose_system_it_is_may_close_a_fault_that_was_never_restored(before: FaultStatus) -> None:
    assert check_change("f1", before, FaultStatus.CLOSED, owner=True)
    with pytest.raises(FaultChangeError):
        check_change("f1", FaultStatus.CLOSED, FaultStatus.RESTORED, owner=True)
