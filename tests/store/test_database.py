import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import bindparam, event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from store import Database, StoreAddressError, StoreUnavailableError
from tests.databases import PostgresServer
from tests.store.tables import Shelf
from values.testing import FixedClock

pytestmark = pytest.mark.database


async def _names(db: Database) -> list[str | None]:
    async with db.read() as session:
        return list((await session.execute(select(Shelf.name).order_by(Shelf.id))).scalars())


async def _put(db: Database, name: str) -> None:
    async with db.write() as session:
        session.add(Shelf(name=name))


async def test_what_a_writer_commits_a_reader_sees(shelved: Database) -> None:
    await _put(shelved, "bread")
    assert await _names(shelved) == ["bread"]


async def test_a_failing_block_keeps_nothing(shelved: Database) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012  (the block is the story)
        async with shelved.write() as session:
            session.add(Shelf(name="bread"))
            await session.flush()
            _ = 1 / 0
    assert await _names(shelved) == []


async def test_a_clash_reaches_the_caller_as_what_it_is(shelved: Database) -> None:
    await _put(shelved, "bread")
    with pytest.raises(IntegrityError):
        await _put(shelved, "bread")
    assert await _names(shelved) == ["bread"]


async def test_a_wrong_statement_is_not_mistaken_for_a_missing_database(shelved: Database) -> None:
    with pytest.raises(DBAPIError):
        async with shelved.read() as session:
            await session.execute(text("SELECT * FROM nowhere"))
    assert await shelved.healthy()


async def test_a_look_up_sees_what_is_committed_and_only_that(shelved: Database) -> None:
    query = select(Shelf.name).where(Shelf.name == bindparam("name"))
    async with shelved.write() as session:
        session.add(Shelf(name="bread"))
        await session.flush()
        assert await shelved.rows(query, {"name": "bread"}) == []
    assert [row.name for row in await shelved.rows(query, {"name": "bread"})] == ["bread"]


async def test_errors_show_no_values(shelved: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with shelved.read() as session:
            await session.execute(
                text("SELECT * FROM nowhere WHERE number = :number"), {"number": "+393290000017"}
            )
    assert "0000017" not in str(caught.value)


async def test_counting_up_in_many_tasks_loses_nothing(shelved: Database) -> None:
    """Read, then write: without the write lock from the start two of them would read the same count."""

    async def add() -> None:
        async with shelved.write() as session:
            if not shelved.is_sqlite:
                await session.execute(text("LOCK TABLE test_shelf"))
            there = (await session.execute(select(func.count()).select_from(Shelf))).scalar_one()
            await asyncio.sleep(0)
            session.add(Shelf(name=f"thing {there}"))

    await asyncio.gather(*(add() for _ in range(20)))
    assert sorted(await _names(shelved)) == sorted(f"thing {i}" for i in range(20))


async def test_readers_do_not_wait_for_a_writer(shelved: Database) -> None:
    await _put(shelved, "bread")
    async with shelved.write() as session:
        session.add(Shelf(name="salt"))
        await session.flush()
        assert await _names(shelved) == ["bread"]
    assert await _names(shelved) == ["bread", "salt"]


async def test_a_cancelled_writer_leaves_the_line_free(shelved: Database) -> None:
    started = asyncio.Event()

    async def stuck() -> None:
        async with shelved.write() as session:
            session.add(Shelf(name="bread"))
            await session.flush()
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _put(shelved, "salt")
    assert await _names(shelved) == ["salt"]


async def test_a_writer_cancelled_inside_a_statement_leaves_the_line_free(shelved: Database) -> None:
    for turns in range(12):

        async def write() -> None:
            async with shelved.write() as session:
                await session.execute(insert(Shelf), [{"name": f"{turns} {i}"} for i in range(50)])  # noqa: B023
                await session.rollback()

        task = asyncio.create_task(write())
        for _ in range(turns * 3):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await _put(shelved, "salt")
    assert await _names(shelved) == ["salt"]


async def test_what_is_kept_of_a_cancelled_writer_does_not_keep_the_line(shelved: Database) -> None:
    begun = asyncio.Event()
    event.listen(shelved._writing.sync_engine, "before_cursor_execute", lambda *_: begun.set())

    async def write() -> None:
        async with shelved.write() as session:
            await session.execute(insert(Shelf), [{"name": f"flour {i}"} for i in range(5000)])

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as kept:
        await task
    await _put(shelved, "salt")
    assert await _names(shelved) == ["salt"]
    assert kept.traceback, "in which the statement is kept too"


async def test_values_that_are_no_database_are_refused_in_words() -> None:
    for url in ("mysql://host/name", "no url at all", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(StoreAddressError, match="database_url"):
            Database(url)


async def test_the_driver_may_be_left_out(tmp_path: Path) -> None:
    async with Database(f"sqlite:///{tmp_path / 'a.db'}") as db:
        assert await db.healthy()


async def test_a_reader_cannot_write(shelved: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with shelved.read() as session:
            await session.execute(insert(Shelf), [{"name": "bread"}])


async def test_a_write_within_a_write_says_so_instead_of_waiting_for_itself(shelved: Database) -> None:
    if not shelved.is_sqlite:
        return
    async with shelved.write():
        with pytest.raises(RuntimeError, match="writing already"):
            async with shelved.write():
                pass


async def test_sqlite_is_set_up_as_the_house_wants_it(shelved: Database) -> None:
    if not shelved.is_sqlite:
        return
    async with shelved.write() as session:
        found = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


async def test_a_folder_that_is_not_there_is_an_absent_database(tmp_path: Path) -> None:
    async with Database(f"sqlite:///{tmp_path / 'nowhere' / 'a.db'}", clock=FixedClock()) as db:
        with pytest.raises(StoreUnavailableError):
            await _put(db, "bread")
        with pytest.raises(StoreUnavailableError):
            await db.rows(select(Shelf.name), {})
        assert not await db.healthy()


async def test_a_file_that_is_no_database_is_an_absent_database(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("a shopping list, much too long to be taken for an empty file" * 20)
    async with Database(f"sqlite:///{tmp_path / 'a.db'}", clock=FixedClock()) as db:
        assert not await db.healthy()


async def test_a_sqlite_file_locked_by_a_stranger_is_an_absent_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engines.BUSY_SECONDS", 0.05)
    path = tmp_path / "a.db"
    async with Database(f"sqlite:///{path}") as db:
        assert await db.healthy()
        stranger = sqlite3.connect(path, isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="locked"):
            async with db.write():
                pass
        stranger.execute("ROLLBACK")
        stranger.close()
        async with db.write() as session:
            await session.execute(text("CREATE TABLE works (again INTEGER)"))


async def test_who_is_picked_to_end_a_deadlock_may_try_again(shelved: Database) -> None:
    if shelved.is_sqlite:
        pytest.skip("one writer at a time cannot lock itself out")
    await _put(shelved, "bread")
    await _put(shelved, "milk")
    both = asyncio.Barrier(2)

    async def take(*names: str) -> None:
        async with shelved.write() as session:
            await session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
            for name in names:
                await session.execute(select(Shelf).where(Shelf.name == name).with_for_update())
                if name == names[0]:
                    await both.wait()

    ends = await asyncio.gather(take("bread", "milk"), take("milk", "bread"), return_exceptions=True)
    assert [type(end) for end in ends if end] == [StoreUnavailableError]


async def test_a_stopped_postgresql_is_said_to_be_away_and_works_again_when_started() -> None:
    server = PostgresServer()
    try:
        server.start()
        async with Database(server.url("postgres")) as db:
            async with db.write() as session:
                await session.execute(text("CREATE TABLE kept (word VARCHAR)"))
            with pytest.raises(StoreUnavailableError):  # noqa: PT012  (the block is the story)
                async with db.write() as session:
                    await session.execute(text("INSERT INTO kept VALUES ('lost')"))
                    server.halt()
                    await session.execute(text("INSERT INTO kept VALUES ('lost')"))
            with pytest.raises(StoreUnavailableError):
                async with db.read():
                    pass
            with pytest.raises(StoreUnavailableError):
                await db.rows(select(Shelf.name), {})
            assert not await db.healthy(seconds=1)
            server.launch()
            assert await db.healthy()
            server.halt()
            server.launch()  # while nobody asked: the next who asks must not notice
            assert await db.rows(text("SELECT word FROM kept"), {}) == []
            server.halt()
            server.launch()
            async with db.read() as session:
                assert (await session.execute(text("SELECT word FROM kept"))).all() == []
    finally:
        server.stop()
