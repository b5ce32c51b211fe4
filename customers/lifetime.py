"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Delete, Table, delete, func, select
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
from values import CustomerId

_MONTH = timedelta(days=30.44)

_OWNED: tuple[type[Base], ...] = (CustomerNumber, Line, Consent, Invoice, Order, Fault, ContactHistory)


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete what has been kept for as long as its table says. Customers themselves go only by `erase`."""
    for statement in _expired(now):
        await session.execute(statement)


async def show(session: AsyncSession, customer_id: CustomerId) -> dict[str, list[dict[str, Any]]]:
    """Everything this room keeps about one customer: rows by table. Whoever asks notes that they did."""
    found: dict[str, list[dict[str, Any]]] = {}
    models: tuple[type[Base], ...] = (Customer, *_OWNED)
    for model in models:
        table = model.__table__
        assert isinstance(table, Table)  # noqa: S101  (for the type checker)
        whose = table.c.id if model is Customer else table.c.customer_id
        rows = await session.execute(select(table).where(whose == customer_id).order_by(*table.primary_key))
        found[table.name] = [dict(row._mapping) for row in rows]  # noqa: SLF001  (SQLAlchemy's public name)
    return found


async def erase(session: AsyncSession, ids: Sequence[CustomerId]) -> None:
    """Erase customers and everything this room keeps about them. Other rooms erase theirs."""
    await session.execute(delete(Customer).where(Customer.id.in_(ids)))


def _expired(now: datetime) -> list[Delete]:
    year, two_years, five_years = now - 12 * _MONTH, now - 24 * _MONTH, now - 60 * _MONTH
    done = [OrderStatus.DONE, OrderStatus.CANCELLED]
    return [
        delete(ContactHistory).where(ContactHistory.at < two_years),
        delete(CustomerNumber).where(CustomerNumber.valid_to < two_years),
        delete(Invoice).where(Invoice.open_minor == 0, Invoice.due < _day(two_years)),
        delete(Order).where(Order.status.in_(done), Order.placed < year, _planned_before(_day(year))),
        delete(Fault).where(Fault.status == FaultStatus.CLOSED, Fault.closed_at < two_years),
        delete(Consent).where(Consent.withdrawn_at < five_years),
    ]


def _planned_before(day: date) -> Any:
    return func.coalesce(Order.planned, date.min) < day


def _day(instant: datetime) -> date:
    return instant.date()
