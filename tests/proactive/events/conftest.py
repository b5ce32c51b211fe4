from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from customers import Customers
from customers.seed import id_of, seed
from dialer.models import Contact
from proactive.desk import ProactiveDesk
from proactive.events import EVENTS, AnyEvent, BusinessEvent, Taken
from store import Database, OutboxEvent
from values.testing import EPOCH, FixedClock


class Town:
    """Sixty customers, and a room that has heard of nothing yet."""

    def __init__(self, db: Database, clock: FixedClock, rules: Path | None = None) -> None:
        self.db, self.clock = db, clock
        self.customers = Customers(db)
        self.desk = ProactiveDesk(db, self.customers, clock, rules)

    async def tell(self, *events: dict[str, Any]) -> Taken:
        """Another system sends these, and hears what was taken."""
        read: list[AnyEvent] = EVENTS.validate_python([event(**each) for each in events], strict=False)
        async with self.db.write() as session:
            return await self.desk.intake.take(session, read, self.clock.now())

    async def work(self) -> int:
        return await self.desk.worker.drain()

    async def all(self, table: type[Any], order: Any = None) -> Sequence[Any]:
        async with self.db.read() as session:
            return (await session.scalars(select(table).order_by(order))).all()

    async def events(self) -> dict[str, BusinessEvent]:
        return {row.id: row for row in await self.all(BusinessEvent)}

    async def states(self) -> dict[str, str]:
        return {row.id: row.state.value for row in (await self.events()).values()}

    async def contacts(self) -> list[tuple[str, str, str]]:
        return [
            (row.event_id, row.state.value, row.outcome) for row in await self.all(Contact, Contact.created)
        ]

    async def told(self) -> list[dict[str, Any]]:
        """What the outbox says of events that are done."""
        rows = await self.all(OutboxEvent, OutboxEvent.seq)
        return [row.payload for row in rows if row.kind == "proactive.event_done"]


def event(**fields: Any) -> dict[str, Any]:
    """An event of customer 3, now, unless told otherwise."""
    whole = {"id": "e1", "type": "order.cancelled", "at": EPOCH, **fields}
    if not {"customer", "number"} & whole.keys() and not whole["type"].startswith(("outage", "fault.")):
        whole["customer"] = id_of(3)
    if whole["type"].startswith("order.") and "order" not in whole:
        whole["order"] = "o1"
    return whole


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        async with db.write() as session:
            await seed(session, 60, day=EPOCH.date())
        yield Town(db, clock, tmp_path / "rules.yaml")
