"""What a customer is told about a bill, a fault and an order."""

from datetime import UTC, date, datetime

import pytest

from care.rules import bill, fault_to_tell, order_to_tell
from customers import Balance, FaultCard, FaultStatus, OrderCard, OrderStatus
from values import CustomerId, Money

pytestmark = pytest.mark.unit

TODAY = date(2026, 3, 2)
OPENED = datetime(2026, 2, 27, 23, 30, tzinfo=UTC)
WHO = CustomerId("c0000017")


def owing(due: date) -> Balance:
    return Balance((Money(7250),), due, 2)


def fault(status: FaultStatus) -> FaultCard:
    return FaultCard("f1", WHO, "l1", "no dial tone", status, OPENED, None, None, None)


def test_who_owes_nothing_is_told_so() -> None:
    assert bill(None, TODAY) == {"invoices": 0, "owed": Money(0), "due": None, "overdue": False}


@pytest.mark.parametrize(("due", "overdue"), [(date(2026, 3, 1), True), (TODAY, False)])
def test_a_bill_is_overdue_from_the_day_after(due: date, overdue: bool) -> None:
    told = bill(owing(due), TODAY)
    assert told == {"invoices": 2, "owed": Money(7250), "due": due, "overdue": overdue}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (FaultStatus.OPEN, "open"),
        (FaultStatus.REOPENED, "open"),
        (FaultStatus.RESTORED, "restored"),
    ],
)
def test_the_latest_fault_is_told(status: FaultStatus, state: str) -> None:
    told = fault_to_tell([fault(status), fault(FaultStatus.OPEN)], "UTC")
    assert told == {"fault_state": state, "opened": date(2026, 2, 27)}


@pytest.mark.parametrize(("zone", "day"), [("Europe/Rome", 28), ("America/New_York", 27)])
def test_a_fault_was_reported_on_the_day_it_then_was_where_the_customer_lives(zone: str, day: int) -> None:
    assert fault_to_tell([fault(FaultStatus.OPEN)], zone)["opened"] == date(2026, 2, day)


def test_without_faults_there_is_none() -> None:
    assert fault_to_tell([], "Europe/Rome") == {"fault_state": "none", "opened": None}


@pytest.mark.parametrize(("planned", "state"), [(date(2026, 3, 9), "planned"), (None, "open")])
def test_an_order_is_planned_when_it_has_a_day(planned: date | None, state: str) -> None:
    order = OrderCard("o1", WHO, "activation", OrderStatus.PLANNED, OPENED, planned)
    assert order_to_tell([order]) == {"order_state": state, "planned": planned}
    assert order_to_tell([]) == {"order_state": "none", "planned": None}
