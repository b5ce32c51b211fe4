"""What the page and the API ask about calls."""

from pathlib import Path

import pytest

from calls import CallFilter, CallState, Journal, StepCount, queries
from store import Database
from tests.calls.samples import end, later, start, step
from values import BadInputError, CallId, SystemClock

pytestmark = pytest.mark.database


@pytest.fixture
async def some_calls(database: Database, tmp_path: Path) -> Database:
    async with Journal(database, SystemClock(), tmp_path / "spill") as journal:
        for number in range(7):  # two began in the same instant
            journal.call_started(
                start(f"n1-1.{number}", at=min(number, 5), caller=f"+39329000000{number % 2}")
            )
        for number in range(5):
            journal.call_ended(end(f"n1-1.{number}", outcome="done" if number else "operator"))
        journal.step(step("n1-1.0", 0, "welcome", "done", at=10))
        journal.step(step("n1-1.1", 0, "welcome", "done", at=20))
        journal.step(step("n1-1.1", 1, "menu", "hangup", at=30))
        journal.step(step("n1-1.0", 1, "menu", "key", at=4000))
        await journal.flush()
    return database


async def test_pages_run_through_all_calls_latest_first(some_calls: Database) -> None:
    seen: list[str] = []
    cursor = ""
    async with some_calls.read() as session:
        while True:
            page = await queries.latest(session, limit=2, cursor=cursor)
            seen += [call.call_id for call in page.calls]
            cursor = page.cursor
            if not cursor:
                break
    assert seen == [f"n1-1.{number}" for number in (6, 5, 4, 3, 2, 1, 0)]


async def test_calls_are_found_by_what_is_known_of_them(some_calls: Database) -> None:
    async with some_calls.read() as session:

        async def found(**wanted: object) -> list[str]:
            page = await queries.latest(session, CallFilter(**wanted))  # type: ignore[arg-type]
            return [call.call_id[-1] for call in page.calls]

        assert await found(state=CallState.UP) == ["6", "5"]
        assert await found(number="+393290000001") == ["5", "3", "1"]
        assert await found(outcome="operator") == ["0"]
        assert await found(since=later(3), until=later(5)) == ["4", "3"]
        assert await found(flow="other") == []


@pytest.mark.parametrize("cursor", ["x", "nonsense", "MjAyNi0wMy0wMlQwOTowMDowMHxh", "é"])
async def test_a_cursor_from_elsewhere_is_refused(database: Database, cursor: str) -> None:
    async with database.read() as session:
        with pytest.raises(BadInputError, match="cursor"):
            await queries.latest(session, cursor=cursor)


async def test_a_drawing_knows_how_often_each_step_was_left_lately(some_calls: Database) -> None:
    async with some_calls.read() as session:
        assert await queries.step_counts(session, "care.main", later(600), minutes=15) == [
            StepCount("menu", 2, 1), StepCount("welcome", 2, 0),
        ]  # fmt: skip
        assert await queries.step_counts(session, "care.main", later(4100), minutes=15) == [
            StepCount("menu", 1, 0)
        ]
        assert await queries.step_counts(session, "care.main", later(600), version="v2") == []


async def test_a_call_that_never_was_has_no_story(database: Database) -> None:
    async with database.read() as session:
        assert await queries.story(session, CallId("n1-9.9")) is None
