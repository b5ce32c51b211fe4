"""Sixty customers whose orders another system tells us of; everything runs but the telephone."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from customers import Customers
from customers.models import Customer
from customers.seed import id_of, seed
from dialer import Gate, load_profiles, set_up
from dialer.contacts import Closing, close
from dialer.models import Contact, ContactState
from messages.sms import TextMessage
from proactive.desk import ProactiveDesk
from proactive.events import EVENTS, AnyEvent, BusinessEvent, Taken
from proactive.processes import Processes
from store import Database, Dispatcher
from values.testing import EPOCH, FixedClock

WHO = 3
"""The customer whom all of it is about."""


class Town:
    """What other systems say, what calls come to, and what is left of it."""

    def __init__(self, db: Database, clock: FixedClock, home: Path) -> None:
        self.db, self.clock = db, clock
        self.customers = Customers(db)
        self.desk = ProactiveDesk(db, self.customers, clock)
        self.processes = Processes(db, self.customers, clock, self.desk, home)
        self.dispatcher = Dispatcher(db, clock, self.processes.subscriptions())

    async def tell(self, type: str, **more: Any) -> Taken:  # noqa: A002
        """Another system says so, and it is worked; a minute passes."""
        self.clock.move(60)
        whole = {
            "id": f"e{self.clock.now():%d%H%M%S}", "type": type, "at": self.clock.now(),
            "customer": id_of(WHO), **more,
        }  # fmt: skip
        if type.startswith("order."):
            whole = {"order": "o-1", **whole}
        read: list[AnyEvent] = EVENTS.validate_python([whole], strict=False)
        async with self.db.write() as session:
            taken = await self.desk.intake.take(session, read, self.clock.now())
        await self.desk.worker.drain()
        await self.dispatcher.drain()
        return taken

    async def call_ends(self, outcome: str, *, goal: bool = False) -> None:
        """The last call of the only contact that waits is over, and there will be no other."""
        async with self.db.write() as session:
            waiting = select(Contact).where(Contact.state == ContactState.READY)
            (contact,) = (await session.scalars(waiting)).all()
            await close(session, [Closing(contact, outcome, goal)], self.clock.now())
        await self.dispatcher.drain()

    async def all(self, table: type[Any], order: Any = None) -> Sequence[Any]:
        async with self.db.read() as session:
            return (await session.scalars(select(table).order_by(order))).all()

    async def contacts(self) -> list[tuple[str, str, str]]:
        found = await self.all(Contact, Contact.created)
        return [(row.campaign, row.state.value, row.outcome) for row in found]

    async def texts(self) -> list[tuple[str, str]]:
        found = await self.all(TextMessage, TextMessage.queued)
        return [(row.words, row.state.value) for row in found]

    async def last(self) -> BusinessEvent:
        found: BusinessEvent = (await self.all(BusinessEvent, BusinessEvent.seq))[-1]
        return found


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    clock = FixedClock(EPOCH - timedelta(days=3))
    async with Database(database_url, clock=clock) as db:
        town = Town(db, clock, tmp_path)
        async with db.write() as session:
            await seed(session, 60, day=EPOCH.date())
            who = update(Customer).where(Customer.id == id_of(WHO))
            await session.execute(who.values(language="it", zone="Europe/Rome"))
            for plan in town.processes.campaigns(profile="it", caller_id="+390650000611"):
                await set_up(session, Gate(load_profiles(), country="IT"), plan)
        yield town
