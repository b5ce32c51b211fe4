"""Sixty customers of whom some have faults, and the room that asks them; time is turned by hand."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from customers import Customers, FaultStatus
from customers.models import Fault, Line
from customers.seed import id_of, number_of, seed
from dialer import Gate, load_profiles, set_up
from dialer.contacts import Closing, close
from dialer.models import Contact, ContactState
from ivr.actions import ActionContext
from proactive.assurance import FaultClosure
from store import Database, Dispatcher
from values import CallId
from values.testing import EPOCH, FixedClock


class Town:
    """The customers, the process, and what comes of it."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db, self.clock = db, clock
        self.customers = Customers(db)
        self.closure = FaultClosure(db, self.customers, clock)
        self.dispatcher = Dispatcher(db, clock, self.closure.subscriptions())

    async def fault(self, customer: int, name: str, *, line: int = 0, days_ago: float = 2) -> str:
        """A customer reports a fault on one of their lines."""
        async with self.db.write() as session:
            wanted = select(Line.id).where(Line.customer_id == id_of(customer)).order_by(Line.id)
            lines = list(await session.scalars(wanted))
            session.add(
                Fault(
                    id=name, customer_id=id_of(customer), line_id=lines[line % len(lines)], symptom="slow",
                    status=FaultStatus.OPEN, opened_at=EPOCH - timedelta(days=days_ago),
                    restored_at=None, closed_at=None, reopened_at=None,
                )
            )  # fmt: skip
        return name

    async def set(self, status: FaultStatus, *faults: str, reason: str = "network") -> None:
        async with self.db.write() as session:
            await self.customers.set_fault_status(session, faults, status, at=self.clock.now(), reason=reason)

    async def happens(self, status: FaultStatus, *faults: str) -> None:
        """The network says so, and everybody has heard."""
        await self.set(status, *faults)
        await self.dispatcher.drain()

    async def call_ends(self, outcome: str, *, campaign: str = "fault_closure", goal: bool = False) -> None:
        """The last call of the only contact that waits is over, and there will be no other."""
        async with self.db.write() as session:
            wanted = Contact.campaign == campaign, Contact.state == ContactState.READY
            (contact,) = (await session.scalars(select(Contact).where(*wanted))).all()
            await close(session, [Closing(contact, outcome, goal)], self.clock.now())
        await self.dispatcher.drain()

    async def all(self, table: type[Any]) -> Sequence[Any]:
        async with self.db.read() as session:
            return (await session.scalars(select(table))).all()

    async def contacts(self, campaign: str = "fault_closure") -> list[Contact]:
        found = [row for row in await self.all(Contact) if row.campaign == campaign]
        return sorted(found, key=lambda row: (row.created, row.event_id))

    async def statuses(self, *faults: str) -> list[str]:
        async with self.db.read() as session:
            found = await self.customers.faults(session, faults)
        return [found[fault].status.value for fault in faults]

    def later(self, **units: float) -> None:
        self.clock.move(timedelta(**units).total_seconds())

    def call(self, customer: int, name: str = "a1") -> ActionContext:
        return ActionContext(CallId(name), self.clock.now(), "it", number_of(customer))


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Town]:
    """A town on one of the databases."""
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        town = Town(db, clock)
        async with db.write() as session:
            await seed(session, 60, day=EPOCH.date())
            for plan in town.closure.campaigns(profile="it", caller_id="+390650000611"):
                await set_up(session, Gate(load_profiles(), country="IT"), plan)
        yield town
