"""What many write in the same moment is one transaction, and nobody pays for another's mistake."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.contextvars import bound_contextvars, get_contextvars

from store import Database, StoreUnavailableError, Together
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


class _DeadlockError(Exception):
    sqlstate = "40P01"


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


async def test_what_nobody_waits_for_any_more_is_not_kept(shelved: Database) -> None:
    clerk = _Clerk()
    together = Together(shelved, clerk.put)
    given_up = asyncio.create_task(together.do("a"))
    patient = asyncio.create_task(together.do("b"))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await patient == "B"
    assert clerk.groups == [1]
    assert await _shelf(shelved) == ["b"]


async def test_what_was_given_up_while_others_wrote_is_not_kept(shelved: Database) -> None:
    """The customer has heard that it cannot be noted."""
    if not shelved.is_sqlite:
        pytest.skip("elsewhere nobody waits for a turn")
    clerk = _Clerk()
    together = Together(shelved, clerk.put)
    async with shelved.write():
        for name in "ab":
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(together.do(name), 0.05)
    assert await together.do("c") == "C"
    assert (clerk.groups, await _shelf(shelved)) == ([1], ["c"])


async def test_one_bad_one_among_many_costs_few_transactions(shelved: Database) -> None:
    tries: list[int] = []
    clerk = _Clerk()

    async def put(session: AsyncSession, names: Sequence[str]) -> Sequence[str]:
        tries.append(len(names))
        return await clerk.put(session, names)

    names = [*(str(each) for each in range(63)), "bad"]
    together = Together(shelved, put)
    said = await asyncio.gather(*(together.do(name) for name in names), return_exceptions=True)
    assert [isinstance(each, ValueError) for each in said] == [name == "bad" for name in names]
    assert len(tries) == 1 + 2 * 6
    assert len(await _shelf(shelved)) == 63


async def test_who_lost_against_another_is_tried_again(shelved: Database) -> None:
    clerk = _Clerk()
    refusals = 1

    async def put(session: AsyncSession, names: Sequence[str]) -> Sequence[str]:
        nonlocal refusals
        refusals -= 1
        if refusals >= 0:
            raise DBAPIError("UPDATE", None, _DeadlockError())
        return await clerk.put(session, names)

    together = Together(shelved, put)
    assert await asyncio.gather(*(together.do(name) for name in "ab")) == ["A", "B"]
    assert clerk.groups == [2]
    refusals = 3  # the whole group twice, and its first half once
    assert await asyncio.gather(*(together.do(name) for name in "cd")) == ["C", "D"]
    refusals = 100
    with pytest.raises(StoreUnavailableError):
        await together.do("e")
    assert await _shelf(shelved) == ["a", "b", "c", "d"]


async def test_a_database_that_is_away_is_not_asked_again_for_each(shelved: Database) -> None:
    asked: list[int] = []

    async def put(session: AsyncSession, names: Sequence[str]) -> Sequence[str]:
        asked.append(len(names))
        raise StoreUnavailableError("away")

    together = Together(shelved, put)
    said = await asyncio.gather(*(together.do(name) for name in "abc"), return_exceptions=True)
    assert {type(each) for each in said} == {StoreUnavailableError}
    assert asked == [3]


async def test_answers_that_do_not_match_are_nobodys_and_nothing_is_kept(shelved: Database) -> None:
    async def put(session: AsyncSession, names: Sequence[str]) -> Sequence[str]:
        session.add_all(Shelf(name=name) for name in names)
        return []

    with pytest.raises(RuntimeError, match="0 came of 1"):
        await asyncio.wait_for(Together(shelved, put).do("a"), 10)
    assert await _shelf(shelved) == []


async def test_a_group_does_not_speak_in_the_name_of_who_came_first(shelved: Database) -> None:
    seen: list[object] = []

    async def put(session: AsyncSession, names: Sequence[str]) -> Sequence[str]:
        seen.append(get_contextvars().get("call"))
        return names

    together = Together(shelved, put)
    with bound_contextvars(call="call-1"):
        await together.do("a")
    assert seen == [None]


async def test_a_full_group_does_not_wait(shelved: Database) -> None:
    clerk = _Clerk()
    together = Together(shelved, clerk.put, seconds=3600, most=2)
    assert await asyncio.gather(*(together.do(name) for name in "abcd")) == ["A", "B", "C", "D"]
    assert clerk.groups == [2, 2]
