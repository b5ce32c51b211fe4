"""Attempts taken out of the house: page by page, as CSV, as Parquet."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dialer.results import (
    AttemptFilter,
    Format,
    NoParquetError,
    attempt_page,
    export,
    stream,
)
from dialer.results.cells import cell
from store import AuditEntry, Database
from tests.dialer.results.samples import CALLED, NINE, add, after, attempt_row
from values import BadInputError
from values.testing import FixedClock

CLOCK = FixedClock(NINE)
FORMULA = '=cmd|"/c calc"!A0'


@pytest.fixture
async def called(database: Database) -> Database:
    """2,500 attempts, several at each instant, one of them with a dangerous word in it."""
    rows = [attempt_row(n, at=n // 7 * 1.0, ringing=1.5, over=30.0) for n in range(2_500)]
    rows[3] |= {"disposition": FORMULA, "agent": "ada", "outcome": "sold"}
    rows[5]["campaign"] = "autumn"
    async with database.write() as session:
        await add(session, *rows)
    return database


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


@pytest.mark.database
async def test_every_attempt_is_in_the_file_once_with_its_times(called: Database, tmp_path: Path) -> None:
    target = tmp_path / "spring.csv"
    written = await export(called, CLOCK, AttemptFilter(campaign="spring"), target)
    rows = read(target)
    assert written == len(rows) == len({row["id"] for row in rows}) == 2_499
    assert rows == sorted(rows, key=lambda row: (row["committed"], row["id"]))
    first = rows[0]
    assert first["committed"] == first["placed"] == "2026-03-03T09:00:00.000Z"
    assert first["ringing"] == "2026-03-03T09:00:01.500Z"
    assert (first["answered"], first["talk_seconds"], first["goal"]) == ("", "", "false")
    assert (first["outcome"], first["ring_seconds"]) == ("no_answer", "30.0")
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.database
async def test_numbers_are_masked_unless_asked_for_and_that_is_noted(
    called: Database, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    await export(called, CLOCK, AttemptFilter(campaign="autumn"), target)
    assert {row["number"] for row in read(target)} == {"•••••••••017"}
    async with called.read() as session:
        assert not (await session.scalars(select(AuditEntry))).all()
    await export(called, CLOCK, AttemptFilter(campaign="autumn"), target, numbers=True, by="maria")
    assert {row["number"] for row in read(target)} == {CALLED}
    async with called.read() as session:
        [note] = (await session.scalars(select(AuditEntry))).all()
    assert (note.by, note.what, note.about) == ("maria", "exported", "attempts of autumn")


@pytest.mark.database
async def test_a_period_is_half_open_and_filters_hold(called: Database, tmp_path: Path) -> None:
    async with called.read() as session:
        wanted = AttemptFilter(since=after(10), until=after(12))
        page = await attempt_page(session, wanted, limit=500)
        assert {each.committed for each in page.attempts} == {after(10), after(11)}
        assert len(page.attempts) == 14
        [sold] = (await attempt_page(session, AttemptFilter(agent="ada"))).attempts
        assert sold.outcome == "sold"


@pytest.mark.database
async def test_pages_go_back_to_the_first_without_gap_or_repetition(called: Database) -> None:
    seen, cursor = [], ""
    async with called.read() as session:
        while True:
            page = await attempt_page(session, AttemptFilter(), limit=333, cursor=cursor)
            seen += [each.id for each in page.attempts]
            if not (cursor := page.cursor):
                break
        for strange in ("x", "%%", "YWJj", "MjAyNi0wMy0wM1QwOTowMDowMHxh"):
            with pytest.raises(BadInputError, match="cursor"):
                await attempt_page(session, AttemptFilter(), cursor=strange)
    assert len(seen) == len(set(seen)) == 2_500
    streamed = [each.id async for part in stream(called, AttemptFilter()) for each in part]
    assert streamed == seen[::-1]


@pytest.mark.unit
@pytest.mark.parametrize("text", [FORMULA, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "+39 329"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("+393290000017", "+393290000017"), ("-5", "-5"), (None, ""), (True, "true"), (0, "0"), (1.5, "1.5"),
        ("ada", "ada"), ("", ""), ("'x", "'x"),
    ],
)  # fmt: skip
def test_what_is_harmless_stays_as_it_is(value: Any, told: str) -> None:
    assert cell(value) == told


@pytest.mark.database
async def test_a_file_that_cannot_be_written_is_named(called: Database, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"nowhere/out\.csv: cannot be written"):
        await export(called, CLOCK, AttemptFilter(), tmp_path / "nowhere" / "out.csv")


@pytest.mark.database
async def test_parquet_has_the_same_rows_or_says_what_is_missing(called: Database, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    try:
        written = await export(called, CLOCK, AttemptFilter(campaign="spring"), target, Format.PARQUET)
    except NoParquetError as problem:
        assert "extra `parquet`" in str(problem)  # noqa: PT017  (either is right, by what is installed)
        assert not list(tmp_path.iterdir())
        return
    from pyarrow import parquet  # type: ignore[import-not-found,unused-ignore]

    table = parquet.read_table(target)
    assert written == table.num_rows == 2_499
    assert table.column("placed")[0].as_py() == NINE
    assert table.column("goal").to_pylist().count(True) == 0
