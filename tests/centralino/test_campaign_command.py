"""`centralino campaign` and `centralino trunk`, as a person at a terminal has them."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from centralino.cli.campaign import app, desk
from centralino.cli.trunk import app as trunk_app
from centralino.rooms import Rooms
from centralino.settings import Settings
from dialer import CampaignPlan, Gate, Purpose, UnknownCampaignError, load_profiles, set_up
from dialer.models import Mode
from dialer.trunks import Trunk, seed_trunks
from store import Database
from values import BadInputError, SystemClock

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
async def _two_campaigns(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, database_url=database_url)
    monkeypatch.setattr(desk, "own_settings", lambda: settings)
    monkeypatch.setattr(desk, "set_up_logging", lambda _: None)
    gate = Gate(load_profiles(), country="IT")
    async with Database(database_url) as db, db.write() as session:
        for name, priority in (("faults", 0), ("outages", 5)):
            plan = CampaignPlan(
                name=name, flow="proactive.fault_closure", purpose=Purpose.SERVICE,
                profile="none", caller_id="", priority=priority,
            )  # fmt: skip
            await set_up(session, gate, plan)


FLOW = """
flow: try.asking
title: Asking
languages: [en]
start: bye
give_up: bye
steps:
  bye: {end: bye, say: {en: "Bye."}}
"""


@pytest.fixture
async def published_flow(database_url: str, tmp_path: Path) -> str:
    settings = Settings(home=tmp_path, database_url=database_url)
    async with Rooms.open(settings, SystemClock()) as rooms:
        await rooms.flows.publish([FLOW], by="test")
    return "try.asking"


async def _run(*words: str) -> str:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    if done.exception:
        raise done.exception
    return done.stdout


async def _paused() -> list[tuple[str, bool]]:
    shown: list[dict[str, Any]] = json.loads(await _run("list"))
    return [(each["name"], each["paused"]) for each in shown]


async def test_a_campaign_is_held_and_let_go_by_its_name() -> None:
    assert await _paused() == [("outages", False), ("faults", False)]
    await _run("pause", "faults")
    assert await _paused() == [("outages", False), ("faults", True)]
    await _run("resume", "faults")
    assert await _paused() == [("outages", False), ("faults", False)]


async def test_an_unknown_campaign_is_named() -> None:
    with pytest.raises(UnknownCampaignError, match="'fualts'"):
        await _run("pause", "fualts")


async def _told(*words: str) -> Any:
    said = await _run(*words)
    return json.loads(said[re.search(r"^[\[{]$", said, re.MULTILINE).start() :])  # behind what was logged


async def test_a_campaign_is_tuned_and_the_history_tells_who_did_it() -> None:
    changed = await _told(
        "set", "faults", "lines=30", "max-abandon=0.01", "--set", "ends=none", "--by", "ada"
    )
    assert [(each["field"], each["before"], each["after"]) for each in changed] == [
        ("lines", 50, 30),
        ("max_abandon", None, 0.01),
    ]
    await _run("pause", "faults", "--by", "bob")
    told = [(each["field"], each["by"]) for each in await _told("history", "faults")]
    assert told == [("paused", "bob"), ("max_abandon", "ada"), ("lines", "ada")]
    await _run("undo", "faults")
    shown = await _told("show", "faults")
    assert (shown["lines"], shown["max_abandon"], shown["paused"]) == (50, None, True)


async def test_a_campaign_is_made_cloned_and_put_away(published_flow: str) -> None:
    made = await _told(
        "create", "fibre", "--flow", published_flow, "--purpose", "survey", "--mode", "predictive",
        "--set", "caller_ids=+390650000611,+390650000612", "--set", "hours={weekday: ['10:00-12:00']}",
        "--set", "profile=none", "--paused",
    )  # fmt: skip
    assert (made["mode"], made["paused"]) == ("predictive", True)
    assert made["caller_ids"] == ["+390650000611", "+390650000612"]
    assert made["hours"] == {"weekday": ["10:00-12:00"]}
    assert (await _told("clone", "fibre", "fibre.two"))["name"] == "fibre.two"
    await _run("archive", "fibre")
    assert {each["name"] for each in await _told("list")} == {"outages", "faults", "fibre.two"}
    assert [each["name"] for each in await _told("list", "--archived")] == ["fibre"]
    await _run("unarchive", "fibre")
    assert [each["name"] for each in await _told("list", "--match", "FIBRE")] == ["fibre", "fibre.two"]


async def test_a_campaign_comes_from_a_file_and_what_is_typed_wins(
    published_flow: str, tmp_path: Path
) -> None:
    file = tmp_path / "campaign.yaml"
    file.write_text(
        f"flow: {published_flow}\npurpose: survey\nprofile: none\nlines: 5\nratio: 3\n"
        "retry: {max_attempts: 2}\nstarts: 2026-12-01T09:00:00+01:00\n"
    )
    made = await _told("create", "asked", "--file", str(file), "--set", "lines=7")
    assert (made["lines"], made["ratio"], made["retry"]) == (7, 3.0, {"max_attempts": 2})
    assert made["starts"].startswith("2026-12-01T08:00:00")


WRONG_WORDS = [
    (["set", "faults", "lines=0"], "lines: "),
    (["set", "faults", "lines=many"], "lines: "),
    (["set", "faults", "colour=blue"], "colour: "),
    (["set", "faults", "lines"], "--set: "),
    (["set", "faults", "hours={weekday"], "hours: "),
    (["set", "faults", "record=perhaps"], "record: "),
    (["set", "faults", "mode=loud"], "mode: "),
    (["create", "x", "--purpose", "survey"], "flow: "),
    (["create", "x", "--flow", "gone", "--purpose", "survey"], "flow: "),
    (["create", "a/b", "--flow", "gone"], "name: "),
    (["create", "x", "--file", "/nowhere/at/all.yaml"], "/nowhere/at/all.yaml: "),
    (["undo", "faults"], "campaign: "),
    (["history", "fualts"], "campaign: "),
    (["clone", "faults", "outages"], "name: "),
]


@pytest.mark.parametrize(("words", "field"), WRONG_WORDS)
async def test_a_wrong_word_is_told_by_its_field(words: list[str], field: str) -> None:
    with pytest.raises(BadInputError) as told:
        await _run(*words)
    assert str(told.value).startswith(field)


async def test_a_number_without_quotes_in_a_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "campaign.yaml"
    file.write_text("caller_ids: [+390650000611]\n")
    with pytest.raises(BadInputError, match="caller_ids: put the number in quotes"):
        await _run("set", "faults", "--file", str(file))


async def test_the_modes_are_told() -> None:
    assert set(await _told("modes")) == set(Mode)


async def test_trunks_are_listed_and_changed(database_url: str) -> None:
    async with Database(database_url) as db, db.write() as session:
        await seed_trunks(session, [Trunk("carrier", 200, 50.0), Trunk("reserve", 30, 5.0)])

    async def trunk(*words: str) -> Any:
        done = await asyncio.to_thread(CliRunner().invoke, trunk_app, list(words))
        if done.exception:
            raise done.exception
        return json.loads(done.stdout)

    told = await trunk("set", "reserve", "--lines", "40", "--calls-per-second", "2.5", "--disable")
    assert (told["lines"], told["calls_per_second"], told["enabled"]) == (40, 2.5, False)
    assert [(each["name"], each["lines"]) for each in await trunk("list")] == [
        ("carrier", 200),
        ("reserve", 40),
    ]
    with pytest.raises(BadInputError, match=r"^lines: "):
        await trunk("set", "reserve", "--lines", "0")
