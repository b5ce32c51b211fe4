"""One customer in one look, for whoever is about to speak with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from customers.cards import Balance, CustomerCard, FaultCard, InvoiceCard, NumberCard, OrderCard
from customers.models import (
    Channel,
    Consent,
    ContactDirection,
    ContactHistory,
    Invoice,
    InvoiceState,
    Line,
    LineStatus,
)
from customers.service import Customers
from values import CustomerId, Money

YEAR: int = 365
INVOICES = 6
CONTACTS = 20
_MONTH = 365.25 / 12
"""Days."""


@dataclass(frozen=True, slots=True)
class LineCard:
    """A service a customer has or had with us."""

    id: str
    service: str
    status: LineStatus
    activated: datetime | None
    contract_until: date | None
    """The last day of the present contract; None when nothing binds them."""


@dataclass(frozen=True, slots=True)
class ContactSeen:
    """One contact, as the timeline shows it."""

    at: datetime
    channel: Channel
    direction: ContactDirection
    reason: str
    outcome: str
    call_id: str


@dataclass(frozen=True, slots=True)
class ConsentSeen:
    """A customer's last word on a purpose and a channel."""

    purpose: str
    channel: Channel
    given: bool


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that an agent has to know at a glance. Lists are the latest first."""

    card: CustomerCard
    numbers: Sequence[NumberCard]
    lines: Sequence[LineCard]
    balance: Balance | None
    """What they owe; None when nothing."""
    spend: Sequence[Money]
    """What was invoiced in the last year, one amount a currency, the largest first."""
    invoices: Sequence[InvoiceCard]
    faults: Sequence[FaultCard]
    """Those that are not closed."""
    orders: Sequence[OrderCard]
    """Those neither done nor cancelled."""
    contacts: Sequence[ContactSeen]
    consents: Sequence[ConsentSeen]

    def months_left(self, today: date) -> int | None:
        """Months until the last contract of an active service ends; None when nothing binds them."""
        ends = [
            line.contract_until
            for line in self.lines
            if line.contract_until and line.status is not LineStatus.CEASED
        ]
        return months_between(today, max(ends)) if ends else None


def months_between(today: date, end: date) -> int:
    """Months from one day to another, rounded; 0 when the day is past."""
    return max(0, round((end - today).days / _MONTH))


async def portrait(
    customers: Customers, session: AsyncSession, customer_id: CustomerId, now: datetime
) -> Portrait | None:
    """One customer with all of it, in nine small questions; None when there is no such customer."""
    ids = [customer_id]
    card = (await customers.find_by_ids(session, ids)).get(customer_id)
    if card is None:
        return None
    return Portrait(
        card=card,
        numbers=(await customers.numbers_of(session, ids, now)).get(customer_id, ()),
        lines=await _lines(session, customer_id),
        balance=(await customers.open_balances(session, ids)).get(customer_id),
        spend=await _spend(session, customer_id, now.date()),
        invoices=(await customers.latest_invoices(session, ids, most=INVOICES)).get(customer_id, ()),
        faults=(await customers.open_faults(session, ids)).get(customer_id, ()),
        orders=(await customers.open_orders(session, ids)).get(customer_id, ()),
        contacts=await _contacts(session, customer_id),
        consents=await _consents(session, customer_id, now),
    )


async def _lines(session: AsyncSession, customer_id: CustomerId) -> list[LineCard]:
    query = (
        select(Line.id, Line.service, Line.status, Line.activated, Line.contract_until)
        .where(Line.customer_id == customer_id)
        .order_by(Line.id)
    )
    return [LineCard(*row) for row in await session.execute(query)]


async def _spend(session: AsyncSession, customer_id: CustomerId, today: date) -> list[Money]:
    query = (
        select(Invoice.currency, func.sum(Invoice.amount_minor))
        .where(
            Invoice.customer_id == customer_id,
            Invoice.issued > today - timedelta(days=YEAR),
            Invoice.state != InvoiceState.CANCELLED,
        )
        .group_by(Invoice.currency)
    )
    found = [Money(int(minor), currency) for currency, minor in await session.execute(query)]
    return sorted(found, key=lambda money: -money.minor)


async def _contacts(session: AsyncSession, customer_id: CustomerId) -> list[ContactSeen]:
    seen = ContactHistory
    query = (
        select(seen.at, seen.channel, seen.direction, seen.reason, seen.outcome, seen.call_id)
        .where(seen.customer_id == customer_id)
        .order_by(seen.at.desc(), seen.id)
        .limit(CONTACTS)
    )
    return [ContactSeen(*row) for row in await session.execute(query)]


async def _consents(session: AsyncSession, customer_id: CustomerId, now: datetime) -> list[ConsentSeen]:
    said = func.coalesce(Consent.withdrawn_at, Consent.given_at)
    query = (
        select(Consent.purpose, Consent.channel, Consent.given_at, Consent.withdrawn_at)
        .where(Consent.customer_id == customer_id)
        .order_by(said, Consent.id)
    )
    last: dict[tuple[str, Channel], ConsentSeen] = {}
    for row in await session.execute(query):
        last[row.purpose, row.channel] = ConsentSeen(row.purpose, row.channel, _holds(row, now))
    return sorted(last.values(), key=lambda each: (each.purpose, each.channel))


def _holds(row: Any, now: datetime) -> bool:
    withdrawn = row.withdrawn_at is not None and row.withdrawn_at <= now
    return not withdrawn and row.given_at is not None and row.given_at <= now
