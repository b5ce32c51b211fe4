"""`centralino survey`, as a person at a terminal has it."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

import surveys
from centralino.cli.campaign import desk
from centralino.cli.survey import app
from centralino.rooms import Rooms
from centralino.settings import Settings
from customers.seed import seed
from store import Database
from surveys.interviews import Beginning, Given, Invitation, begin, break_off, finish, invite
from users.models import Deed
from values import BadInputError, SystemClock

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
async def _a_town(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, database_url=database_url)
    monkeypatch.setattr(desk, "own_settings", lambda: settings)
    monkeypatch.setattr(desk, "set_up_logging", lambda _: None)
    async with Rooms.open(settings, SystemClock()) as rooms:
        text = (surveys.FLOWS / "bill_delivered.yaml").read_text("utf-8")
        await rooms.flows.publish([text], by="test")
        async with rooms.db.write() as session:
            await seed(session, 200)


async def _run(*words: str) -> str:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    if done.exception:
        raise done.exception
    # in the tests' own process the log goes where answers go
    return "\n".join(line for line in done.stdout.splitlines() if "[info " not in line)


async def _answered(database_url: str, said: Mapping[str, tuple[int, int]]) -> None:
    """So many more are invited and say yes and no, place by place; one breaks off in each."""
    now = SystemClock().now()
    async with Database(database_url) as db, db.write() as session:
        for place, (yes, no) in said.items():
            asked = [
                Invitation(survey="bill", customer_id=f"{place}-{n}", region=place)
                for n in range(yes + no + 1)
            ]
            ids = await invite(session, asked, now)
            await begin(session, [Beginning(interview=each) for each in ids], now)
            given = [
                Given(interview=each, answers={"arrived": number < yes}) for number, each in enumerate(ids)
            ]
            await finish(session, given[:-1], now)
            await break_off(session, [Given(interview=ids[-1], at_item="arrived")], now)


async def _set_up(plan: Path, name: str = "bill") -> Any:
    words = ["--questionnaire", "surveys.bill_delivered", "--occasion", "poll", "--plan", str(plan)]
    return json.loads(await _run("set-up", name, *words, "--by", "ada"))


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "plan.yaml"
    file.write_text("regions: [Roma, Napoli]\nmargin: 0.15\nresponse: 0.5\n")
    return file


async def test_a_poll_is_set_up_planned_started_and_counted(plan: Path, database_url: str) -> None:
    assert (await _set_up(plan))["plan"]["regions"] == ["Roma", "Napoli"]
    planned = await _run("poll", "plan", "bill")
    assert "Roma" in planned
    assert "points" in planned
    started = json.loads(await _run("poll", "start", "bill", "--by", "ada"))
    assert set(started["invited"]) == {"Roma", "Napoli"}
    assert "too few" in await _run("poll", "results", "bill")
    shown = json.loads(await _run("show", "bill"))
    assert shown["interviews"] == {"invited": sum(started["invited"].values())}
    page = json.loads(await _run("interviews", "bill", "--limit", "1"))
    assert page["interviews"][0]["state"] == "invited"
    assert page["cursor"]
    await _answered(database_url, {"Roma": (24, 6), "Napoli": (20, 9)})
    said = {line.split()[0]: line.split() for line in (await _run("poll", "results", "bill")).splitlines()}
    assert said["Roma"][2:4] == ["30", "1"]
    assert said["Roma"][5:] == ["24", "6", "80.0", "%", "(62.7-90.5)"]
    assert said["Napoli"][5:] == ["–", "–", "too", "few", "answers"]
    async with Database(database_url) as db, db.read() as session:
        deeds = {(row.by, row.did, row.subject) for row in await session.scalars(select(Deed))}
    assert {("ada", "survey.set_up", "bill"), ("ada", "survey.poll_started", "bill")} <= deeds


async def test_a_plan_that_makes_no_sense_is_told_by_its_field(plan: Path) -> None:
    plan.write_text("margin: 7\n")
    with pytest.raises(BadInputError) as told:
        await _set_up(plan)
    assert told.value.field == "margin"
    plan.write_text("margin: 0.1\nregions:\n  - Roma\n  - Npoli\n")
    with pytest.raises(BadInputError) as told:
        await _set_up(plan)
    assert str(told.value).startswith(
        f"{plan}:4: plan.regions.1: there is no place 'Npoli'; did you mean 'Napoli'"
    )
    plan.write_text("regions: [Roma]\nquarantine_day: 3\n")
    with pytest.raises(BadInputError) as told:
        await _set_up(plan)
    assert str(told.value).startswith(f"{plan}:2: plan.quarantine_day: there is no word of a plan")
    for words in ("regions: [Roma]\nuntil: 2026-06-31\n", "\nregions: " + "[" * 900):
        plan.write_text(words)
        with pytest.raises(BadInputError) as told:
            await _set_up(plan)
        assert str(told.value).startswith(f"plan: {plan} cannot be read: line 2: ")
    assert json.loads(await _run("list")) == []


async def test_the_shipped_questionnaires_say_how_long_they_take() -> None:
    told = await _run("questionnaires")
    assert "surveys.four_items" in told
    assert "surveys.bill_delivered" in told
    assert "(it " in told
