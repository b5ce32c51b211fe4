"""Personal data of all rooms together: showing one customer, erasing them, and the rules by which data go."""

import asyncio
import glob
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

import agents.lifetime
import agents.queues.lifetime
import calls.lifetime
import care.lifetime
import customers.lifetime
import dialer.lifetime
import ivr.scripts.lifetime
import messages.lifetime
import proactive.events.lifetime
import proactive.lifetime
import reports.lifetime
import store.lifetime
import surveys.contracts.lifetime
import surveys.lifetime
import users.lifetime
from customers import Customers, Trail, trail_of
from store import AuditNote, Database, note_audit
from store.lifetime import Rule
from values import BadInputError, CentralinoError, CustomerId, mask_number, parse_phone

LONGEST_CALL = timedelta(hours=6)
"""A call that has been up for longer is taken for one whose end nobody wrote down."""

Shown = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table."""


class UnknownCustomerError(BadInputError):
    """Nobody is known by that."""

    error_id = "unknown-customer"


class OnTheLineError(CentralinoError):
    """The customer is on the line, and what is said there would be written down after the erasing."""

    error_id = "on-the-line"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: how many rows were there, by table, and which recordings a court wants kept."""

    customer_id: CustomerId
    rows: Mapping[str, int]
    files: int
    held: tuple[str, ...]


class PersonalData:
    """One customer's data, wherever they are. `by` is who asks; the audit keeps it."""

    def __init__(self, db: Database, recordings: Path, *, country: str) -> None:
        self._db = db
        self._recordings = recordings
        self._country = country

    async def find(self, who: str) -> CustomerId:
        """The customer with this id, or whose number this is now.

        Raises `UnknownCustomerError`, also when a number has several owners; the words then name their ids.
        """
        customer_id = CustomerId(who)
        async with self._db.read() as session:
            customers_room = Customers(self._db)
            if who and await customers_room.find_by_ids(session, [customer_id]):
                return customer_id
            try:
                number = parse_phone(who, self._country)
            except BadInputError:
                return await self._left_behind(session, customer_id)
            found = await customers_room.find_by_numbers(session, [number], self._db.clock.now())
        owners = [card.id for card in found.get(number, ())]
        if len(owners) == 1:
            return owners[0]
        if owners:
            raise UnknownCustomerError(f"{mask_number(number)} is shared; name one of {', '.join(owners)}")
        raise UnknownCustomerError(f"nobody has the number {mask_number(number)} now; name a customer's id")

    async def show(self, customer_id: CustomerId, *, by: str) -> Shown:
        """All that is kept about a customer. That it was shown is written down first."""
        async with self._db.write() as session:
            note = AuditNote(at=self._db.clock.now(), by=by, what="shown", customer_id=customer_id)
            await note_audit(session, [note])
        return await self.look(customer_id)

    async def look(self, customer_id: CustomerId) -> Shown:
        """The same for counting only: what this finds may not be shown to anybody."""
        async with self._db.read() as session:
            return await _everything(session, await _follow(session, customer_id))

    async def erase(self, customer_id: CustomerId, *, by: str) -> Erased:
        """Erase a customer from every room, each in its own transaction, the customers' room last.

        Whatever breaks it off, it can be asked for again. Raises `OnTheLineError` during a call of theirs.
        """
        async with self._db.read() as session:
            trail = await _follow(session, customer_id)
            await self._refuse_on_the_line(session, trail)
            rows = {table: len(found) for table, found in (await _everything(session, trail)).items()}
            recordings = await calls.lifetime.recordings_of(session, sorted(trail.calls))
        begun = AuditNote(at=self._db.clock.now(), by=by, what="erase.begun", customer_id=customer_id)
        async with self._db.write() as session:
            await note_audit(session, [begun])
        held = tuple(kept.path for kept in recordings if kept.legal_hold)
        files = await asyncio.to_thread(self._remove_files, trail, {Path(path).name for path in held})
        now = self._db.clock.now()
        async with self._db.write() as session:
            await dialer.lifetime.erase(session, trail, now)
        async with self._db.write() as session:
            await agents.queues.lifetime.erase(session, trail)
            await agents.lifetime.erase(session, trail)
        async with self._db.write() as session:
            await care.lifetime.erase(session, trail)
            await messages.lifetime.erase(session, trail)
            await proactive.events.lifetime.erase(session, trail, now)
            await proactive.lifetime.erase(session, trail)
            await surveys.lifetime.erase(session, trail)
        async with self._db.write() as session:
            await ivr.scripts.lifetime.erase(session, trail)
            await calls.lifetime.erase(session, trail)
        async with self._db.write() as session:
            await store.lifetime.erase(session, customer_id, _numbers(trail), now)
        async with self._db.write() as session:
            await customers.lifetime.erase(session, [customer_id])
            done = AuditNote(at=now, by=by, what="erased", customer_id=customer_id, about=_told(rows))
            await note_audit(session, [done])
        return Erased(customer_id, rows, files, held)

    async def _left_behind(self, session: AsyncSession, customer_id: CustomerId) -> CustomerId:
        """An id that the customers' room no longer knows, but another still does."""
        trail = await _follow(session, customer_id) if customer_id else None
        found = await _everything(session, trail) if trail else {}
        if not any(rows for table, rows in found.items() if table != "audit"):
            raise UnknownCustomerError(f"there is no customer {customer_id}")
        return customer_id

    async def _refuse_on_the_line(self, session: AsyncSession, trail: Trail) -> None:
        since = self._db.clock.now() - LONGEST_CALL
        talking = await calls.lifetime.still_talking(session, trail, since)
        if talking or await dialer.lifetime.being_called(session, trail, since):
            raise OnTheLineError(f"{trail.customer_id} is on the line just now; erase them after the call")

    def _remove_files(self, trail: Trail, held: Collection[str]) -> int:
        """What they said, also what a hang-up cut short: every recording's name begins with its call."""
        gone = 0
        for call in trail.calls:
            for file in self._recordings.glob(f"{glob.escape(call)}-*.wav"):
                if file.name not in held:
                    file.unlink(missing_ok=True)
                    gone += 1
        return gone


def rules(now: datetime) -> list[Rule]:
    """What is over by now, in every room; recordings have a rule of their own (`calls.lifetime`)."""
    return [
        *store.lifetime.rules(now),
        *users.lifetime.rules(now),
        *customers.lifetime.rules(now),
        *calls.lifetime.rules(now),
        *ivr.scripts.lifetime.rules(now),
        *agents.lifetime.rules(now),
        *agents.queues.lifetime.rules(now),
        *dialer.lifetime.rules(now),
        *care.lifetime.rules(now),
        *messages.lifetime.rules(now),
        *proactive.events.lifetime.rules(now),
        *proactive.lifetime.rules(now),
        *reports.lifetime.rules(now),
        *surveys.contracts.lifetime.rules(now),
        *surveys.lifetime.rules(now),
    ]


async def _follow(session: AsyncSession, customer_id: CustomerId) -> Trail:
    trail = await trail_of(session, customer_id)
    return await calls.lifetime.follow(session, await care.lifetime.follow(session, trail))


async def _everything(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    return {
        **await customers.lifetime.show(session, trail.customer_id),
        **await calls.lifetime.show(session, trail),
        **await ivr.scripts.lifetime.show(session, trail),
        **await dialer.lifetime.show(session, trail),
        **await agents.queues.lifetime.show(session, trail),
        **await agents.lifetime.show(session, trail),
        **await care.lifetime.show(session, trail),
        **await messages.lifetime.show(session, trail),
        **await proactive.events.lifetime.show(session, trail),
        **await proactive.lifetime.show(session, trail),
        **await surveys.lifetime.show(session, trail),
        **await store.lifetime.show(session, trail.customer_id, _numbers(trail)),
    }


def _numbers(trail: Trail) -> list[store.lifetime.NumberAt]:
    return [(held.number, held.since, held.until) for held in trail.own]


def _told(rows: Mapping[str, int]) -> str:
    return " ".join(f"{table}={count}" for table, count in rows.items() if count)
