"""`centralino agents add`, as a person at a terminal has it."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

import centralino.cli.agents as command
from agents import AgentCard, agent_cards
from centralino.migrate import migrate
from centralino.settings import Settings
from store import Database

pytestmark = pytest.mark.database


@pytest.fixture
async def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    found = Settings(home=tmp_path)
    await migrate(found.database)
    monkeypatch.setattr(command, "own_settings", lambda: found)
    monkeypatch.setattr(command, "set_up_logging", lambda _: None)
    return found


async def _add(*words: str) -> None:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, command.app, ["add", *words])
    assert done.exit_code == 0, done.output


async def _cards(settings: Settings) -> dict[str, AgentCard]:
    async with Database(settings.database) as db, db.read() as session:
        return {card.name: card for card in await agent_cards(session, inactive=True)}


async def test_team_site_and_partner_stay_unless_they_are_given(settings: Settings) -> None:
    await _add("gino", "--team", "evening", "--site", "bari", "--partner", "levante", "--skills", "fibre")
    await _add("gino", "anna", "--site", "lecce")
    cards = await _cards(settings)
    gino, anna = cards["gino"], cards["anna"]
    assert (gino.team, gino.site, gino.partner, gino.skills) == ("evening", "lecce", "levante", frozenset())
    assert (anna.team, anna.site, anna.partner) == ("", "lecce", "")
    await _add("gino", "--gone", "--partner", "")
    gino = (await _cards(settings))["gino"]
    assert (gino.team, gino.site, gino.partner, gino.active) == ("evening", "lecce", "", False)
