"""Personal data has a lifetime: the rules by which rows go or are blanked, and what events and audit keep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from store.audit import AuditEntry
from store.base import Base
from store.outbox import OutboxDelivery, OutboxEvent

MONTH = timedelta(days=30.44)
"""A twelfth of a year, for the periods that tables are kept."""
SLICE = 500
"""How many rows one statement touches at most: on SQLite nobody else writes meanwhile."""

NumberAt = tuple[str, datetime, datetime | None]
"""A number, and from when until when it was somebody's."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows of a table have been kept for as long as its docstring says, and what becomes of them."""

    model: type[Base]
    over: ColumnElement[bool]
    blanked: Mapping[str, Any] | None = None
    """Columns and their new values; None: the row is deleted. Blanked rows must not match `over` again."""


async def find_over(session: AsyncSession, rule: Rule, most: int) -> list[tuple[Any, ...]]:
    """The primary keys of rows whose time is over; reading them needs no lock."""
    found = await session.execute(select(*_key(rule.model)).where(rule.over).limit(most))
    return [tuple(row) for row in found]


async def let_go(session: AsyncSession, rule: Rule, keys: Sequence[tuple[Any, ...]]) -> int:
    """Delete or blank these rows, so far as their time is still over; how many that were."""
    columns = _key(rule.model)
    gone = 0
    for part in slices(keys):
        one = columns[0].in_([key[0] for key in part]) if len(columns) == 1 else tuple_(*columns).in_(part)
        table = _table(rule.model)
        if rule.blanked is None:
            done = await session.execute(delete(table).where(one, rule.over).returning(*columns))
        else:
            changed = update(table).where(one, rule.over).values(dict(rule.blanked))
            done = await session.execute(changed.returning(*columns))
        gone += len(done.all())
    return gone


async def apply(session: AsyncSession, rules: Sequence[Rule]) -> None:
    """Let go of all that is over, in this one transaction; `centralino.core.upkeep` does it in small ones."""
    for rule in rules:
        while keys := await find_over(session, rule, SLICE):
            await let_go(session, rule, keys)


async def rows_of(
    session: AsyncSession, model: type[Base], *whose: ColumnElement[bool]
) -> list[dict[str, Any]]:
    """Whole rows of a table, to be shown."""
    table = _table(model)
    rows = await session.execute(select(table).where(*whose).order_by(*table.primary_key))
    return [dict(row) for row in rows.mappings()]


def slices(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Things in portions that a statement can take."""
    return (things[first : first + SLICE] for first in range(0, len(things), SLICE))


def rules(now: datetime) -> list[Rule]:
    """What events and the audit keep."""
    return [
        Rule(OutboxEvent, OutboxEvent.done_at < now - timedelta(days=30)),
        Rule(AuditEntry, AuditEntry.at < now - 60 * MONTH),
    ]


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete what has been kept for as long as its table says."""
    await apply(session, rules(now))


async def show(
    session: AsyncSession, customer_id: str, numbers: Sequence[NumberAt]
) -> dict[str, list[dict[str, Any]]]:
    """The events that name a customer or one of these numbers, and who has looked at that customer."""
    return {
        "outbox_events": await rows_of(session, OutboxEvent, _naming(customer_id, numbers)),
        "audit": await rows_of(session, AuditEntry, AuditEntry.customer_id == customer_id),
    }


async def erase(session: AsyncSession, customer_id: str, numbers: Sequence[NumberAt], now: datetime) -> None:
    """Empty the events that name a customer or one of these numbers; those still on their way have arrived.

    The audit stays: it is the proof, and holds nothing but the customer's id.
    """
    seqs = (await session.scalars(select(OutboxEvent.seq).where(_naming(customer_id, numbers)))).all()
    for part in slices(seqs):
        # the rows stay, so that a handler at work on one still finds what its mark refers to
        emptied = {"payload": {}, "key": "", "done_at": func.coalesce(OutboxEvent.done_at, now)}
        await session.execute(update(OutboxEvent).where(OutboxEvent.seq.in_(part)).values(emptied))
        # a mark that could be taken up again would hand the emptied event to its handler
        await session.execute(delete(OutboxDelivery).where(OutboxDelivery.event_seq.in_(part)))


def _naming(customer_id: str, numbers: Sequence[NumberAt]) -> ColumnElement[bool]:
    """By customer; by number where the event names no customer."""
    said = cast(OutboxEvent.payload, Text)
    unknown = or_(said.contains('"customer_id":""'), ~said.contains('"customer_id":"'))
    by_number = (
        and_(
            said.contains(f'"{number}"', autoescape=True),
            unknown,
            OutboxEvent.at >= since,
            OutboxEvent.at < until if until else true(),
        )
        for number, since, until in numbers
    )
    named = said.contains(f'"{customer_id}"', autoescape=True)
    return or_(OutboxEvent.key == customer_id, named, *by_number)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  (for the type checker)
    return table


def _key(model: type[Base]) -> list[ColumnElement[Any]]:
    return list(_table(model).primary_key)
