"""What is told about a bill, a fault, an order. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from customers import Balance, FaultCard, FaultStatus, OrderCard
from values import Money, Scalar, local_day

NOTHING_OWED: Mapping[str, Scalar] = {"invoices": 0, "owed": Money(0), "due": None, "overdue": False}


def bill(balance: Balance | None, today: date) -> Mapping[str, Scalar]:
    """What is owed, from when on it is due, and whether that day is past."""
    if balance is None:
        return NOTHING_OWED
    return {
        "invoices": balance.invoices,
        "owed": balance.amount,
        "due": balance.due,
        "overdue": balance.due < today,
    }


def fault_to_tell(faults: Sequence[FaultCard], zone: str) -> Mapping[str, Scalar]:
    """The latest fault that is not closed: `open` (a reopened one too), `restored` or `none`.

    It was opened on the day that it was then in the customer's zone.
    """
    if not faults:
        return {"fault_state": "none", "opened": None}
    latest = faults[0]
    state = "restored" if latest.status is FaultStatus.RESTORED else "open"
    return {"fault_state": state, "opened": local_day(latest.opened_at, zone)}


def order_to_tell(orders: Sequence[OrderCard]) -> Mapping[str, Scalar]:
    """The newest open order: `planned` when it has a date, `open` while it has none, `none`."""
    if not orders:
        return {"order_state": "none", "planned": None}
    planned = orders[0].planned
    return {"order_state": "planned" if planned else "open", "planned": planned}
