"""What many write in the same moment is one transaction, and nobody pays for another's mistake."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store import Database, Together
from tests.store.tables import Shelf

pytestmark = pytest.mark.database


class _Clerk:
    """Puts names on the shelf; cannot stand some."""

    def __init__(self) -> None:
        self.groups: list[int] = []

    async def put(self, session: AsyncSession, names: Sequence[str]) -> Sequence[str]:
        session.add_all(Shelf(name=name) for name in names)
        await session.flush()
        if "bad" in names:
            raise ValueError("cannot stand bad")
        self.groups.append(len(names))
        return [name.upper() for name in names]


async def _shelf(db: Database) -> list[str]:
    async with db.read() as session:
        return sorted((await session.execute(select(Shelf.name))).scalars())


async def test_who_comes_in_the_same_moment_shares_a_transaction(shelved: Database) -> None:
    clerk = _Clerk()
    together = Together(shelved, clerk.put)
    assert await asyncio.gather(*(together.do(name) for name in "abc")) == ["A", "B", "C"]
    assert clerk.groups == [3]
    assert await _shelf(shelved) == ["a", "b", "c"]


async def test_one_that_fails_fails_alone(shelved: Database) -> None:
    clerk = _Clerk()
    together = Together(shelved, clerk.put)
    said = await asyncio.gather(*(together.do(name) for name in ("a", "bad", "c")), return_exceptions=True)
    assert [said[0], said[2]] == ["A", "C"]
    assert isinstance(said[1], ValueError)
    assert await _shelf(shelved) == ["a", "c"]


async def test_who_waits_no_longer_does_not_undo_it(shelved: Database) -> None:
    clerk = _Clerk()
    together = Together(shelved, clerk.put)
    impatient = asyncio.create_task(together.do("a"))
    patient = asyncio.create_task(together.do("b"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == "B"
    assert await _shelf(shelved) == ["a", "b"]


async def test_a_full_group_does_not_wait(shelved: Database) -> None:
    clerk = _Clerk()
    together = Together(shelved, clerk.put, seconds=3600, most=2)
    assert await asyncio.gather(*(together.do(name) for name in "abcd")) == ["A", "B", "C", "D"]
    assert clerk.groups == [2, 2]
