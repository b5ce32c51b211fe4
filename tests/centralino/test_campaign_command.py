"""`centralino campaign list|pause|resume`, as a person at a terminal has it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import centralino.cli.campaign as command
from centralino.settings import Settings
from dialer import CampaignPlan, Gate, Purpose, UnknownCampaignError, load_profiles, set_up
from store import Database

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
async def _two_campaigns(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, database_url=database_url)
    monkeypatch.setattr(command, "own_settings", lambda: settings)
    monkeypatch.setattr(command, "set_up_logging", lambda _: None)
    gate = Gate(load_profiles(), country="IT")
    async with Database(database_url) as db, db.write() as session:
        for name, priority in (("faults", 0), ("outages", 5)):
            plan = CampaignPlan(
                name=name, flow="proactive.fault_closure", purpose=Purpose.SERVICE,
                profile="none", caller_id="", priority=priority,
            )  # fmt: skip
            await set_up(session, gate, plan)


async def _run(*words: str) -> str:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, command.app, list(words))
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
