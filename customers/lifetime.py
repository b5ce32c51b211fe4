"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from customers.faults import FaultStatus
from customers.models import (
    Consent,
    ContactHistory,
    Customer,
    CustomerNumber,
    Fault,
    Invoice,
    Line,
    Order,
    OrderStatus,
)
from store import Base
from store.lifetime import MONTH, Rule, apply, rows_of
from values import CustomerId

_OWNED: tuple[type[Base], ...] = (CustomerNumber, Line, Consent, Invoice, Order, Fault, ContactHistory)


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete what has been kept for as long as its table says. Customers themselves go only by `erase`."""
    await apply(session, rules(now))


async def show(session: AsyncSession, customer_id: CustomerId) -> dict[str, list[dict[str, Any]]]:
    """Everything this room keeps about one customer: rows by table. Whoever asks notes that they did.

    The code on the bill comes as dots: whoever reads the page must not be able to pass for the customer.
    """
    who = await rows_of(session, Customer, Customer.id == customer_id)
    found = {Customer.__tablename__: [row | {"code": "•" * len(row["code"])} for row in who]}
    for model in _OWNED:
        whose = model.__table__.c.customer_id == customer_id
        found[model.__tablename__] = await rows_of(session, model, whose)
    return found


async def erase(session: AsyncSession, ids: Sequence[CustomerId]) -> None:
    """Erase customers and everything this room keeps about them. Other rooms erase theirs."""
    await session.execute(delete(Customer).where(Customer.id.in_(ids)))


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    year, two_years, five_years = now - 12 * MONTH, now - 24 * MONTH, now - 60 * MONTH
    done = Order.status.in_([OrderStatus.DONE, OrderStatus.CANCELLED])
    settled = (Invoice.open_minor == 0) & (Invoice.due < two_years.date())
    closed = (Fault.status == FaultStatus.CLOSED) & (Fault.closed_at < two_years)
    planned = func.coalesce(Order.planned, date.min) < year.date()
    return [
        Rule(ContactHistory, ContactHistory.at < two_years),
        Rule(CustomerNumber, CustomerNumber.valid_to < two_years),
        Rule(Invoice, settled),
        Rule(Order, done & (Order.placed < year) & planned),
        Rule(Fault, closed),
        Rule(Consent, Consent.withdrawn_at < five_years),
    ]
