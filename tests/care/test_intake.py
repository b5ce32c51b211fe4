"""What the fallback script took is brought in once, and only numbers that may be rung."""

from pathlib import Path

import pytest
from sqlalchemy import select

from care import CallbackRequest, take_in
from store import Database, OutboxEvent, StoreUnavailableError
from tests.care.test_spool import leave
from values.testing import EPOCH

pytestmark = pytest.mark.database


async def taken(db: Database) -> list[tuple[str, str, str]]:
    async with db.read() as session:
        found = await session.scalars(select(CallbackRequest).order_by(CallbackRequest.call_id))
        return [(row.call_id, row.number, row.source) for row in found]


async def told(db: Database) -> list[str]:
    async with db.read() as session:
        return sorted(await session.scalars(select(OutboxEvent.id)))


async def test_requests_come_in_once_and_their_files_go(database: Database, tmp_path: Path) -> None:
    first = leave(tmp_path, "a.json", call_id="node1-1.1", number="3290000017")
    leave(tmp_path, "b.json", call_id="node1-1.2", number="0612345678", caller="")
    assert await take_in(database, tmp_path, "IT", EPOCH) == 2
    assert not list(tmp_path.glob("*.json"))
    wanted = [("node1-1.1", "+393290000017", "fallback"), ("node1-1.2", "+390612345678", "fallback")]
    assert await taken(database) == wanted
    # we died after the commit and before the file was gone
    leave(tmp_path, first.name, call_id="node1-1.1", number="3290000017")
    assert await take_in(database, tmp_path, "IT", EPOCH) == 1
    assert await taken(database) == wanted
    assert await told(database) == ["callback-node1-1.1", "callback-node1-1.2"]
    assert await take_in(database, tmp_path, "IT", EPOCH) == 0


async def test_numbers_that_may_not_be_rung_go_no_further(database: Database, tmp_path: Path) -> None:
    for place, number in enumerate(("112", "899123456", "+79161234567", "00", "1", "3290000017")):
        leave(tmp_path, f"{place}.json", call_id=f"node1-1.{place}", number=number)
    assert await take_in(database, tmp_path, "IT", EPOCH) == 1
    assert [number for _, number, _ in await taken(database)] == ["+393290000017"]
    assert not list(tmp_path.glob("*.json"))


async def test_while_the_database_is_away_the_files_stay(tmp_path: Path) -> None:
    left = leave(tmp_path, "a.json")
    async with Database("sqlite+aiosqlite:////nowhere/at/all.db") as gone:
        with pytest.raises(StoreUnavailableError):
            await take_in(gone, tmp_path, "IT", EPOCH)
    assert left.exists()
