"""Asking about customers, and noting what they did: whole batches, in the caller's session."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hmac import compare_digest
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from customers import queries
from customers.cards import Balance, ContactNote, CustomerCard, FaultCard, InvoiceCard, NumberCard, OrderCard
from customers.faults import TIMES, FaultChangeError, FaultStatus, check_change
from customers.models import Channel, ContactHistory, Customer, Fault
from customers.queries import padded
from store import Batcher, Database, Event, emit, upsert
from values import CustomerId, Money, PhoneNumber

T = TypeVar("T")


class Customers:
    """The people of the house. Results leave out the keys of which there is nothing to say.

    All methods raise `StoreUnavailableError` when the database is away.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._ringing: Batcher[PhoneNumber, Sequence[CustomerCard]] = Batcher(self._who_rings)

    async def who_rings(self, number: PhoneNumber) -> Sequence[CustomerCard]:
        """Who has this number now; asked together with the other calls of the moment, in an own session."""
        return await self._ringing.get(number) or ()

    async def _who_rings(
        self, numbers: Sequence[PhoneNumber]
    ) -> Mapping[PhoneNumber, Sequence[CustomerCard]]:
        asked = {"numbers": padded(numbers), "at": self._db.clock.now()}
        return _by_number(await self._db.rows(queries.CARDS_BY_NUMBER, asked))

    async def find_by_numbers(
        self, session: AsyncSession, numbers: Sequence[PhoneNumber], at: datetime
    ) -> Mapping[PhoneNumber, Sequence[CustomerCard]]:
        """Who has these numbers at that time; a household's number has several owners, the eldest first."""
        return _by_number(await _rows(session, queries.CARDS_BY_NUMBER, numbers=padded(numbers), at=at))

    async def find_by_ids(
        self, session: AsyncSession, ids: Sequence[CustomerId]
    ) -> Mapping[CustomerId, CustomerCard]:
        """Customers by their ids."""
        rows = await _rows(session, queries.CARDS_BY_ID, ids=padded(ids))
        return {row[0]: CustomerCard(*row) for row in rows}

    async def known(self, session: AsyncSession, ids: Sequence[CustomerId]) -> frozenset[CustomerId]:
        """Which of these ids are customers' ids."""
        rows = await _rows(session, queries.KNOWN_IDS, ids=padded(ids))
        return frozenset(row[0] for row in rows)

    async def numbers_of(
        self, session: AsyncSession, ids: Sequence[CustomerId], at: datetime
    ) -> Mapping[CustomerId, Sequence[NumberCard]]:
        """The numbers customers have at that time, mobiles first."""
        rows = await _rows(session, queries.NUMBERS_BY_ID, ids=padded(ids), at=at)
        return _by_customer(rows, lambda row: NumberCard(*row[1:]))

    async def whose_code(
        self, session: AsyncSession, ids: Sequence[CustomerId], code: str
    ) -> CustomerId | None:
        """Which of these customers has this code on the bill; nobody when it stands on two bills.

        A wrong one takes as long as the right one.
        """
        rows = await session.execute(select(Customer.id, Customer.code).where(Customer.id.in_(padded(ids))))
        same = [row.id for row in rows if compare_digest(row.code.encode(), code.encode())]
        return same[0] if len(same) == 1 and code else None

    async def open_balances(
        self, session: AsyncSession, ids: Sequence[CustomerId]
    ) -> Mapping[CustomerId, Balance]:
        """What customers owe; those who owe nothing are left out."""
        sums = _by_customer(await _rows(session, queries.BALANCES, ids=padded(ids)), lambda row: row)
        return {customer_id: _balance(rows) for customer_id, rows in sums.items()}

    async def latest_invoices(
        self, session: AsyncSession, ids: Sequence[CustomerId], *, most: int = 3
    ) -> Mapping[CustomerId, Sequence[InvoiceCard]]:
        """The newest invoices of each customer, newest first."""
        rows = await _rows(session, queries.LATEST_INVOICES, ids=padded(ids), most=most)
        return _by_customer(rows, _invoice)

    async def open_orders(
        self, session: AsyncSession, ids: Sequence[CustomerId]
    ) -> Mapping[CustomerId, Sequence[OrderCard]]:
        """Orders neither done nor cancelled, newest first."""
        return _by_customer(
            await _rows(session, queries.OPEN_ORDERS, ids=padded(ids)), lambda row: OrderCard(*row)
        )

    async def open_faults(
        self, session: AsyncSession, ids: Sequence[CustomerId]
    ) -> Mapping[CustomerId, Sequence[FaultCard]]:
        """Faults that are not closed, the latest first."""
        return _by_customer(
            await _rows(session, queries.OPEN_FAULTS, ids=padded(ids)), lambda row: FaultCard(*row)
        )

    async def faults(self, session: AsyncSession, fault_ids: Sequence[str]) -> Mapping[str, FaultCard]:
        """Faults by their ids."""
        rows = await _rows(session, queries.FAULTS_BY_ID, ids=padded(fault_ids))
        return {row[0]: FaultCard(*row) for row in rows}

    async def faults_with_status(
        self, session: AsyncSession, status: FaultStatus, *, most: int = 100
    ) -> Sequence[FaultCard]:
        """Faults in one state, the oldest first."""
        rows = await _rows(session, queries.FAULTS_BY_STATUS, status=status, most=most)
        return [FaultCard(*row) for row in rows]

    async def consents(
        self, session: AsyncSession, ids: Sequence[CustomerId], purpose: str, channel: Channel, at: datetime
    ) -> Mapping[CustomerId, bool]:
        """Each customer's last word, as of that time, on being contacted so; who said none is left out."""
        words: dict[CustomerId, bool] = {}
        asked = await _rows(session, queries.CONSENTS, ids=padded(ids), purpose=purpose, channel=channel)
        for customer_id, given_at, withdrawn_at in asked:
            if withdrawn_at is not None and withdrawn_at <= at:
                words[customer_id] = False
            elif given_at is not None and given_at <= at:
                words[customer_id] = True
        return words

    async def set_fault_status(
        self,
        session: AsyncSession,
        fault_ids: Sequence[str],
        status: FaultStatus,
        *,
        at: datetime | Mapping[str, datetime],
        call_id: str | Mapping[str, str] = "",
        reason: str = "",
        owner: bool = False,
    ) -> Sequence[str]:
        """Bring faults into a state; the ids of those that were not in it yet.

        `at`: since when, or by fault; `call_id`: in which call that was said, or by fault.

        `owner`: the system that owns faults says so, which may close one that was never restored.

        Each change is told as `customers.fault_<status>` with fault_id, customer_id, line_id, call_id and
        reason: `customer`, `network` or `by_rule` as its caller says, '' when nobody said. One that is
        reopened comes before others: `priority` is `high`.
        Raises `FaultChangeError`, before anything is written, when one is unknown or cannot go there.
        """
        wanted = _FAULT_STATES.where(_FAULTS.c.id.in_(fault_ids))
        found = {row.id: row for row in await session.execute(wanted)}
        if unknown := [fault_id for fault_id in fault_ids if fault_id not in found]:
            raise FaultChangeError(f"there is no fault {unknown[0]}")
        changed = [row for row in found.values() if check_change(row.id, row.status, status, owner=owner)]
        if changed:
            since = dict.fromkeys((row.id for row in changed), at) if isinstance(at, datetime) else at
            new = update(_FAULTS).where(_FAULTS.c.id == bindparam("which"))
            new = new.values({"status": status, TIMES[status]: bindparam("since")})
            await session.execute(new, [{"which": row.id, "since": since[row.id]} for row in changed])
            calls = dict.fromkeys(since, call_id) if isinstance(call_id, str) else call_id
            events = [
                _fault_event(row, status, since[row.id], calls.get(row.id, ""), reason) for row in changed
            ]
            await emit(session, events)
        return [row.id for row in changed]

    async def note_contacts(self, session: AsyncSession, contacts: Sequence[ContactNote]) -> None:
        """Remember contacts. One noted before under the same id takes the new words."""
        await upsert(session, ContactHistory, [asdict(contact) for contact in contacts], key=["id"])


# the table and not the model: one call closes one fault, and has no use for a unit of work
_FAULTS = cast("Table", Fault.__table__)
_FAULT_STATES = (
    select(_FAULTS.c.id, _FAULTS.c.customer_id, _FAULTS.c.line_id, _FAULTS.c.status)
    .order_by(_FAULTS.c.id)
    .with_for_update()
)


async def _rows(session: AsyncSession, query: Executable, **parameters: Any) -> Sequence[Any]:
    # straight to the connection: no unit of work, no identity map, and rows stay tuples
    connection = await session.connection()
    return (await connection.execute(query, parameters)).all()


def _by_number(rows: Sequence[Any]) -> dict[PhoneNumber, list[CustomerCard]]:
    found: dict[PhoneNumber, list[CustomerCard]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(CustomerCard(*row[1:]))
    return found


def _by_customer(rows: Sequence[Any], card: Callable[[Any], T]) -> dict[CustomerId, list[T]]:
    found: dict[CustomerId, list[T]] = {}
    for row in rows:
        found.setdefault(row.customer_id, []).append(card(row))
    return found


def _balance(rows: Sequence[Any]) -> Balance:
    amounts = sorted(
        (Money(int(row.open_minor), row.currency) for row in rows), key=lambda money: -money.minor
    )
    return Balance(tuple(amounts), min(row.due for row in rows), sum(row.invoices for row in rows))


def _invoice(row: Any) -> InvoiceCard:
    amount, still_open = (Money(minor, row.currency) for minor in (row.amount_minor, row.open_minor))
    return InvoiceCard(row.id, row.issued, row.due, amount, still_open, row.state)


def _fault_event(fault: Any, status: FaultStatus, at: datetime, call_id: str, reason: str) -> Event:
    about = {
        "fault_id": fault.id,
        "customer_id": fault.customer_id,
        "line_id": fault.line_id,
        "call_id": call_id,
        "reason": reason,
    }
    if status is FaultStatus.REOPENED:
        about["priority"] = "high"  # the customer is told so, and who repairs must know it
    return Event(kind=f"customers.fault_{status}", at=at, key=fault.id, payload=about)
