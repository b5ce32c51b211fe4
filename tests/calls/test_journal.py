"""The journal: nobody waits for it, nothing is lost, writing twice changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from calls import CallEnd, CallState, Journal, queries
from calls.models import Call, TraceRow
from store import Database, StoreUnavailableError
from tests.calls.samples import end, later, start, step, whole_call
from values import CallId, Money, SystemClock

pytestmark = pytest.mark.database


class Cut:
    """A database whose wire can be cut: what the journal sees of one that is away."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.cut = False
        self.tries = 0

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        self.tries += 1
        if self.cut:
            raise StoreUnavailableError("cut by the test")
        async with self.db.write() as session:
            yield session


@pytest.fixture
def spill(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calls.journal.AWAY_SECONDS", (0.01,))


async def rows(db: Database, table: type) -> int:
    async with db.read() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_a_call_is_read_back_as_it_was_told(database: Database, spill: Path) -> None:
    async with Journal(database, SystemClock(), spill) as journal:
        whole_call(journal, "n1-1.1")
        await journal.flush()
    async with database.read() as session:
        story = await queries.story(session, CallId("n1-1.1"))
    assert story is not None
    assert (story.call.state, story.call.outcome, story.call.goal) == (CallState.ENDED, "done", True)
    assert [each.path for each in story.trace] == ["welcome", "menu"]
    assert story.trace[0] == step("n1-1.1", 0, "welcome")
    assert story.trace[0].values["balance"] == Money(7250)
    (leg,) = story.legs
    assert leg.one_way
    (stretch,) = story.segments
    assert stretch.ended == later(60)
    assert story.recordings[0].expires == later(86400)


async def test_writing_everything_twice_changes_nothing(database: Database, spill: Path) -> None:
    async with Journal(database, SystemClock(), spill) as journal:
        whole_call(journal, "n1-1.1")
        await journal.flush()
        whole_call(journal, "n1-1.1")
        journal.call_started(start("n1-1.1", at=500))
        journal.step(step("n1-1.1", 1, "elsewhere"))
        await journal.flush()
    async with database.read() as session:
        story = await queries.story(session, CallId("n1-1.1"))
    assert story is not None
    assert story.call.began == later(0)
    assert story.call.state is CallState.ENDED
    assert [each.path for each in story.trace] == ["welcome", "menu"]
    assert len(story.legs) == len(story.segments) == len(story.recordings) == 1
    assert story.segments[0].ended == later(60)


async def test_records_share_transactions(database: Database, spill: Path) -> None:
    wire = Cut(database)
    async with Journal(wire, SystemClock(), spill) as journal:  # type: ignore[arg-type]
        for call in range(100):
            whole_call(journal, f"n1-1.{call}")
        await journal.flush()
    assert await rows(database, Call) == 100
    assert wire.tries <= 3  # 800 records, 500 a group


async def test_a_database_that_goes_away_loses_nothing_and_no_restart_is_needed(
    database: Database, spill: Path
) -> None:
    wire = Cut(database)
    async with Journal(wire, SystemClock(), spill, kept=40) as journal:  # type: ignore[arg-type]
        whole_call(journal, "n1-1.0")
        await journal.flush()
        wire.cut = True
        for call in range(1, 31):
            whole_call(journal, f"n1-1.{call}")
        while not (journal.away and spill.exists()):  # noqa: ASYNC110  (a file has no event)
            await asyncio.sleep(0.01)
        assert journal.waiting <= 40
        assert spill.stat().st_mode & 0o777 == 0o600
        whole_call(journal, "n1-1.31")
        assert await rows(database, Call) == 1
        wire.cut = False
        await journal.flush()
        assert not journal.away
    assert await rows(database, Call) == 32
    assert await rows(database, TraceRow) == 64
    assert not spill.exists()
    async with database.read() as session:
        page = await queries.latest(session)
    assert {call.state for call in page.calls} == {CallState.ENDED}


async def test_what_is_spilled_at_the_end_is_read_back_at_the_next_start(
    database: Database, spill: Path
) -> None:
    wire = Cut(database)
    journal = Journal(wire, SystemClock(), spill)  # type: ignore[arg-type]
    journal.start()
    wire.cut = True
    whole_call(journal, "n1-1.1")
    await journal.close(seconds=0.1)
    assert spill.exists()
    with spill.open("ab") as file:  # the process was killed in the middle of another line
        file.write(b'{"record": "TraceStep", "call')
    async with Journal(database, SystemClock(), spill) as journal:
        await journal.flush()
        assert await rows(database, Call) == 1
    assert not spill.exists()


async def test_an_absent_database_is_not_waited_for_at_the_end(database: Database, spill: Path) -> None:
    wire = Cut(database)
    journal = Journal(wire, SystemClock(), spill)  # type: ignore[arg-type]
    journal.start()
    wire.cut = True
    whole_call(journal, "n1-1.1")
    while not journal.away:  # noqa: ASYNC110  (the journal tells nobody)
        await asyncio.sleep(0.01)
    tries, waiting = wire.tries, journal.waiting
    await journal.close()
    assert wire.tries == tries
    assert len(spill.read_bytes().splitlines()) == waiting


async def test_a_record_no_database_takes_is_set_aside_and_the_rest_goes_on(
    database: Database, spill: Path
) -> None:
    async with Journal(database, SystemClock(), spill) as journal:
        whole_call(journal, "n1-1.1")
        journal.call_started(start("n1-1.2", caller='"; DROP TABLE calls; -- \0 \ud800 \n'))
        journal.call_started(start(None))  # type: ignore[arg-type]
        whole_call(journal, "n1-1.3")
        await journal.flush()
    async with database.read() as session:
        page = await queries.latest(session)
    assert {call.call_id for call in page.calls} == {"n1-1.1", "n1-1.2", "n1-1.3"}
    hostile = next(call for call in page.calls if call.call_id == "n1-1.2")
    assert hostile.caller.startswith('"; DROP TABLE calls; -- ')
    assert len(spill.with_name("journal.jsonl.refused").read_bytes().splitlines()) == 1


async def test_a_real_end_replaces_a_noticed_interruption_and_not_the_other_way_round(
    database: Database, spill: Path
) -> None:
    async with Journal(database, SystemClock(), spill) as journal:
        for name in ("n1-1.1", "n1-1.2"):
            journal.call_started(start(name))
        await journal.flush()
        async with database.read() as session:
            assert [call.call_id for call in await queries.still_up(session, "node1")] == ["n1-1.1", "n1-1.2"]
            assert await queries.still_up(session, "node2") == []
        async with database.write() as session:
            ids = [CallId("n1-1.1"), CallId("n1-1.2"), CallId("n1-1.3")]
            assert await queries.close_interrupted(session, ids, later(99)) == 2
        journal.call_ended(end("n1-1.1"))
        journal.call_ended(CallEnd(CallId("n1-1.1"), later(200), 0, state=CallState.INTERRUPTED))
        await journal.flush()
    async with database.read() as session:
        first = await session.get(Call, "n1-1.1")
        second = await session.get(Call, "n1-1.2")
    assert first is not None
    assert (first.state, first.ended) == (CallState.ENDED, later(60))
    assert second is not None
    assert (second.state, second.ended) == (CallState.INTERRUPTED, later(99))


async def test_one_look_up_sees_one_statement_a_table(database: Database, spill: Path) -> None:
    """Many rows of one kind travel as one statement: that is where the rate comes from."""
    said: list[bool] = []
    engine = database._writing.sync_engine
    listen = event.listens_for(engine, "before_cursor_execute")
    listen(lambda _c, _cursor, words, _p, _ctx, many: said.append(many) if "call" in words else None)
    async with Journal(database, SystemClock(), spill) as journal:
        for call in range(30):
            whole_call(journal, f"n1-1.{call}")
        await journal.flush()
    assert said == [True] * 6
