"""Taking events in: each once, all that are good in one statement, the others named."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers
from proactive.events.dates import strange_date
from proactive.events.keeping import keep_events
from proactive.events.kinds import AnyEvent, about, said
from proactive.events.models import BusinessEvent
from values import CustomerId, PhoneNumber, mask_number

CHUNK: Final = 1000
"""How many go into one statement."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One event that was not taken, and why."""

    place: int
    """Its place in what was sent, from 0."""
    id: str
    """'' where even that could not be read."""
    field: str
    reason: str
    error: str = "bad-input"
    """A stable name for programs: `bad-input`, `unknown-customer`, `conflict`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of events: ids of the new ones and of those that had come before, and the refused."""

    accepted: Sequence[str] = ()
    repeated: Sequence[str] = ()
    refused: Sequence[Refused] = ()


Keeper = Callable[[AsyncSession, Sequence[tuple[AnyEvent, CustomerId]], datetime], Awaitable[None]]
"""Keeps what new events hold that is not stored with them, their secrets; in the same transaction."""


Preparer = Callable[[Sequence[AnyEvent]], Awaitable[Sequence[AnyEvent]]]
"""Does what takes long with events before the transaction that takes them: the same events, in order."""


class Intake:
    """Takes events in the caller's session: what it calls accepted is kept once that is committed."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers
        self.keepers: list[Keeper] = []
        self.preparers: list[Preparer] = []

    async def prepare(self, events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
        """Make events ready to be taken. Whoever leaves it out has it done while the database is held."""
        for preparer in self.preparers:
            events = await preparer(events)
        return events

    async def take(
        self,
        session: AsyncSession,
        events: Sequence[AnyEvent],
        now: datetime,
        *,
        places: Sequence[int] | None = None,
    ) -> Taken:
        """Take events in, in order. `places`: where they stood in what was sent; None: as they are here."""
        accepted: list[str] = []
        repeated: list[str] = []
        refused: list[Refused] = []
        where = places if places is not None else range(len(events))
        for first in range(0, len(events), CHUNK):
            part, at = events[first : first + CHUNK], where[first : first + CHUNK]
            rows = await self._rows(session, part, at, now, refused, repeated)
            fresh = await keep_events(session, [row for _, row in rows], now)
            accepted += [row["id"] for _, row in rows if row["id"] in fresh]
            await self._keep(session, part, {row["id"]: row for _, row in rows if row["id"] in fresh}, now)
            if len(fresh) < len(rows):
                again = [(place, row) for place, row in rows if row["id"] not in fresh]
                same, conflicts = await _compare(session, again)
                repeated += same
                refused += conflicts
        return Taken(accepted, repeated, sorted(refused, key=lambda each: each.place))

    async def _keep(
        self,
        session: AsyncSession,
        events: Sequence[AnyEvent],
        fresh: Mapping[str, Mapping[str, Any]],
        now: datetime,
    ) -> None:
        if not self.keepers or not fresh:
            return
        first = {event.id: event for event in reversed(events) if event.id in fresh}
        new = [(event, CustomerId(fresh[event_id]["customer_id"])) for event_id, event in first.items()]
        for keeper in self.keepers:
            await keeper(session, new, now)

    async def _rows(
        self,
        session: AsyncSession,
        events: Sequence[AnyEvent],
        places: Sequence[int],
        now: datetime,
        refused: list[Refused],
        repeated: list[str],
    ) -> list[tuple[int, dict[str, Any]]]:
        """What is to be kept of those that can be so; the others are added to `refused` and `repeated`."""
        whose = await self._whose(session, events, now)
        rows: list[tuple[int, dict[str, Any]]] = []
        seen: dict[str, Mapping[str, Any]] = {}
        for place, event in zip(places, events, strict=True):
            strange = strange_date(event, now)
            if strange is not None:
                refused.append(Refused(place, event.id, *strange))
                continue
            owner = whose.owner(event)
            if isinstance(owner, tuple):
                refused.append(Refused(place, event.id, *owner, error="unknown-customer"))
                continue
            row = _row(event, owner)
            before = seen.setdefault(event.id, row)
            if before is row:
                rows.append((place, row))
            elif _same(before, row):
                repeated.append(event.id)
            else:
                refused.append(_conflict(place, event.id))
        return rows

    async def _whose(self, session: AsyncSession, events: Sequence[AnyEvent], now: datetime) -> "_Whose":
        ids = sorted({CustomerId(each.customer) for each in events if each.customer is not None})
        numbers = sorted(
            {PhoneNumber(each.number) for each in events if each.customer is None and each.number}
        )
        known = await self._customers.known(session, ids) if ids else frozenset()
        owners = await self._customers.find_by_numbers(session, numbers, now) if numbers else {}
        return _Whose(known, {number: [card.id for card in cards] for number, cards in owners.items()})


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whom we know."""

    known: frozenset[CustomerId]
    owners: Mapping[PhoneNumber, Sequence[CustomerId]]

    def owner(self, event: AnyEvent) -> str | tuple[str, str]:
        """The customer an event is about ('' nobody alone), or the field that names nobody, and why."""
        if event.customer is not None:
            if event.customer in self.known:
                return event.customer
            return "customer", f"there is no customer {event.customer}"
        if event.number is None:
            return ""
        owners = self.owners.get(PhoneNumber(event.number), ())
        if len(owners) == 1:
            return owners[0]
        masked = mask_number(event.number)
        if owners:
            return "number", f"{masked} is shared by {len(owners)} customers; name the customer by their id"
        return "number", f"nobody has the number {masked} now"


def _row(event: AnyEvent, customer_id: str) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "at": event.at,
        "source": event.source,
        "customer_id": customer_id,
        "key": about(event),
        "data": said(event),
    }


async def _compare(
    session: AsyncSession, again: Sequence[tuple[int, Mapping[str, Any]]]
) -> tuple[list[str], list[Refused]]:
    """Of events whose ids are there: the ids that say the same again, and those that say something else."""
    table = BusinessEvent.__table__
    columns = (table.c.id, table.c.type, table.c.at, table.c.customer_id, table.c.data)
    ids = [row["id"] for _, row in again]
    found = (await session.execute(select(*columns).where(table.c.id.in_(ids)))).mappings()
    kept: dict[str, Mapping[str, Any]] = {row["id"]: dict(row) for row in found}
    same = [row["id"] for _, row in again if _same(kept.get(row["id"], {}), row)]
    alike = frozenset(same)
    return same, [_conflict(place, row["id"]) for place, row in again if row["id"] not in alike]


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two say the same. A customer found since is no difference."""
    if any(one.get(name) != other[name] for name in ("type", "at", "data")):
        return False
    return bool(one["customer_id"] == other["customer_id"] or not other["customer_id"])


def _conflict(place: int, event_id: str) -> Refused:
    words = "another event has come under this id; give each its own, and send the same one unchanged"
    return Refused(place, event_id, "id", words, error="conflict")
