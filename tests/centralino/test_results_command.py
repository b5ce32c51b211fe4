"""`centralino results NAME` and `export`, as a person at a terminal has them."""

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

import centralino.cli.results as command
from centralino.settings import Settings
from dialer import UnknownCampaignError
from dialer.models import Contact, Mode
from dialer.results import count
from store import AuditEntry, Database
from tests.dialer.results.samples import CALLED, NINE, add, attempt_row, contact_row, ended, spring
from values import BadInputError, SystemClock

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
async def _called(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, database_url=database_url)
    monkeypatch.setattr(command, "own_settings", lambda: settings)
    monkeypatch.setattr(command, "set_up_logging", lambda _: None)
    monkeypatch.setenv("SUDO_USER", "maria")
    monkeypatch.setenv("COLUMNS", "120")
    async with Database(database_url) as db, db.write() as session:
        await spring(session)
        await add(session, *(attempt_row(n, at=n * 3600.0, over=30.0) for n in range(6)))
        await count(session, [ended(at=n * 3600.0, over=30, outcome="no_answer") for n in range(6)])


async def _run(*words: str) -> str:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, command.app, list(words))
    if done.exception:
        raise done.exception
    return done.stdout


async def test_figures_are_a_table_for_people_and_json_for_programs() -> None:
    table = await _run("spring", "--period", "all")
    assert "connects (persons reached) of attempts" in table
    assert "0.0%" in table  # six attempts, nobody reached
    assert table.count("n/a") >= 5  # no connects, no agents, no contacts: nothing to divide by
    told = json.loads(await _run("spring", "--json", "--period", "all"))
    assert (told["attempts"], told["outcomes"], told["hit_rate"]) == (6, {"no_answer": 6}, None)
    assert json.loads(await _run("show", "spring", "--json"))["attempts"] == 0  # today


async def test_attempts_are_taken_out_for_a_period_and_masked(tmp_path: Path, database_url: str) -> None:
    target = tmp_path / "out.csv"
    await _run(
        "export", "spring", "--from", "2026-03-03T11:00", "--until", "2026-03-03T13:00", "--to", str(target)
    )
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"), newline="")))
    assert [row["id"] for row in rows] == ["a000001", "a000002"]  # eleven in Rome is ten in the file
    assert {row["number"] for row in rows} == {"•••••••••017"}
    told = await _run("export", "spring", "--to", "-", "--numbers")
    assert {row["number"] for row in csv.DictReader(io.StringIO(told, newline=""))} == {CALLED}
    async with Database(database_url) as db, db.read() as session:
        [note] = (await session.scalars(select(AuditEntry))).all()
    assert (note.by, note.what) == ("maria", "exported")


async def test_a_changed_setting_is_forecast_before_it_is_made(database_url: str) -> None:
    with pytest.raises(BadInputError, match="mode: agentless campaigns are not paced"):
        await _run("what-if", "spring", "--set", "agents=5")
    now = (SystemClock().now() - NINE).total_seconds()
    async with Database(database_url) as db, db.write() as session:
        await spring(session, mode=Mode.PREDICTIVE, lines=40)
        talks = [
            attempt_row(
                100 + n, at=now - 900 + n, answered=9, joined=9.1, released=69 + n, over=100,
                outcome="talked", agent="ada",
            )
            for n in range(20)
        ]  # fmt: skip
        silent = [attempt_row(200 + n, at=now - 900 + n, over=24.0 + n % 6) for n in range(60)]
        await add(session, *talks, *silent)
        await add(session, *(contact_row(n) for n in range(500)), model=Contact)
    with pytest.raises(BadInputError, match="colour: there are: agents, lines"):
        await _run("what-if", "spring", "--set", "colour=red")
    with pytest.raises(BadInputError, match="ratio"):
        await _run("what-if", "spring", "--set", "ratio=0")
    with pytest.raises(BadInputError, match="--set: write FIELD=VALUE"):
        await _run("what-if", "spring", "--set", "agents")
    told = json.loads(
        await _run(
            "what-if", "spring", "--json", "--hours", "2", "--set", "agents=12", "--set", "max_abandon=0.01"
        )
    )
    assert told["estimates"]["answered"] == 0.25
    assert told["contacts_left"] == 500
    assert (told["now"]["settings"]["agents"], told["changed"]["settings"]["agents"]) == (None, 12)
    assert told["changed"]["calls_per_hour"] > 0
    assert 0 < told["changed"]["utilisation"]["mean"] <= 1
    table = await _run("what-if", "spring", "--hours", "2", "--set", "agents=12")
    assert "the list ends in hours" in table


async def test_what_makes_no_sense_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownCampaignError, match="'sprung'"):
        await _run("sprung")
    with pytest.raises(UnknownCampaignError, match="'sprung'"):
        await _run("export", "sprung", "--to", str(tmp_path / "x.csv"))
    with pytest.raises(BadInputError, match="--from"):
        await _run("export", "spring", "--from", "yesterday", "--to", str(tmp_path / "x.csv"))
    with pytest.raises(BadInputError, match="--to"):
        await _run("export", "spring", "--format", "parquet", "--to", "-")
    assert not list(tmp_path.glob("*x.csv*"))
