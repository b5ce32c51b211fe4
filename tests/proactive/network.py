"""A town to which the network talks: events go in as they do from outside, and every process hears."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from customers.models import Line
from customers.seed import seed
from dialer import Gate, load_profiles, set_up
from proactive.desk import ProactiveDesk
from proactive.events import EVENTS, BusinessEvent
from proactive.processes import Processes
from store import Database, Dispatcher
from tests.proactive.town import Town
from values.testing import EPOCH, FixedClock


class Network(Town):
    """The town, its desk, and what the network says."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        super().__init__(db, clock)
        self.desk = ProactiveDesk(db, self.customers, clock)
        self.processes = Processes(db, self.customers, clock, self.desk)
        self.closure = self.processes.closure
        self.dispatcher = Dispatcher(db, clock, self.processes.subscriptions())
        self._sent = 0

    async def says(self, *events: dict[str, Any]) -> list[str]:
        """The network tells these; gives each one's state once all have been worked."""
        whole = []
        for each in events:
            self._sent += 1
            whole.append({"id": f"n{self._sent}", "at": self.clock.now(), **each})
        async with self.db.write() as session:
            read = EVENTS.validate_python(whole, strict=False)
            taken = await self.desk.intake.take(session, read, self.clock.now())
            assert not taken.refused, taken.refused
        await self.desk.worker.drain()
        await self.processes.outages.ending.once()
        await self.dispatcher.drain()
        rows = {row.id: row for row in await self.all(BusinessEvent)}
        return [rows[each["id"]].state.value for each in whole]

    async def why(self) -> str:
        """Why the latest event was refused, or waits."""
        row = max(await self.all(BusinessEvent), key=lambda row: row.seq)
        return str(row.result.get("refused") or row.result.get("waits") or "")

    async def lines(self, customer: str) -> list[str]:
        """A customer's lines."""
        return sorted(row.id for row in await self.all(Line) if row.customer_id == customer)


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[Network]:
    """A town on one of the databases, with all its processes."""
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        network = Network(db, clock)
        async with db.write() as session:
            await seed(session, 60, day=EPOCH.date())
            for plan in network.processes.campaigns(profile="it", caller_id="+390650000611"):
                await set_up(session, Gate(load_profiles(), country="IT"), plan)
        yield network
