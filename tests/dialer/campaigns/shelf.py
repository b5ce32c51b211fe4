"""Campaigns as operations have them: a house with two flows, and hands that make and tune."""

from collections.abc import Sequence
from typing import Any

from dialer import Gate, load_profiles
from dialer.campaigns import House, campaign, change, create, told, undo
from dialer.changes import Change, changes_of
from store import Database
from values.testing import FixedClock

FLOWS = frozenset({"offers.fibre", "offers.message", "care.ring_back"})
SHOWN = "+390650000611"
PLAIN: dict[str, Any] = {"flow": "offers.fibre", "purpose": "marketing", "profile": "it", "caller_id": SHOWN}
HOUSE = House(Gate(load_profiles(), country="IT"), lambda: FLOWS)


class Shelf:
    """A shelf of campaigns in one database."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = FixedClock()

    async def create(self, name: str = "fibre", **settings: Any) -> dict[str, Any]:
        async with self.db.write() as session:
            made = await create(session, HOUSE, name, PLAIN | settings, by="ada", at=self.clock.now())
            return told(made)

    async def change(self, name: str = "fibre", *, by: str = "ada", **settings: Any) -> list[str]:
        """Which fields were changed."""
        async with self.db.write() as session:
            changes = await change(session, HOUSE, name, settings, by=by, at=self.clock.now())
        return [each.field for each in changes]

    async def undo(self, name: str = "fibre") -> list[str]:
        async with self.db.write() as session:
            return [each.field for each in await undo(session, HOUSE, name, by="bob", at=self.clock.now())]

    async def shown(self, name: str = "fibre") -> dict[str, Any]:
        async with self.db.read() as session:
            return told(await campaign(session, name))

    async def history(self, name: str = "fibre") -> Sequence[Change]:
        async with self.db.read() as session:
            return await changes_of(session, name)
