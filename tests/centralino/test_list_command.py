"""`centralino list` and `centralino contact`, as a person at a terminal has them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agents import agent_card, put_agents
from centralino.cli import main
from centralino.cli.campaign import desk
from centralino.cli.contact import app as contact_app
from centralino.cli.lists import app as list_app
from centralino.cli.lists import read_mapping
from centralino.settings import Settings
from dialer import CampaignPlan, Gate, Purpose, UnknownCampaignError, load_profiles, set_up
from dialer.contacts import UnknownContactError
from store import Database
from values import BadInputError

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
async def _one_campaign(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, database_url=database_url)
    monkeypatch.setattr(desk, "own_settings", lambda: settings)
    monkeypatch.setattr(desk, "set_up_logging", lambda _: None)
    async with Database(database_url) as db, db.write() as session:
        plan = CampaignPlan(
            name="spring", flow="f", purpose=Purpose.SERVICE, profile="none", caller_id="+390650000611"
        )
        await set_up(session, Gate(load_profiles(), country="IT"), plan)


async def _run(*words: str, ends: int = 0) -> Any:
    """In a thread: the command has an event loop of its own."""
    app = contact_app if words[0] == "contact" else list_app
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words[1:]))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == ends, done.output
    return json.loads(done.stdout) if done.stdout.strip() else None


async def test_a_file_is_brought_in_shown_held_and_removed(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Codice;Recapito;Importo\nK1;3290000017;1,50\nK2;nobody;2\n")
    words = ["import", str(file), "--list", "l1", "--campaign", "spring", "--map", "money:due=Importo"]
    done = await _run("list", *words, "--by", "anna", ends=3)
    assert (done["added"], done["bad"], done["resumed"]) == (1, 1, False)
    assert "not a phone number" in Path(done["report"]).read_text()
    assert (await _run("list", *words, ends=3))["same"] is True
    shown = await _run("list", "show", "l1")
    assert (shown["ready"], shown["active"]) == (1, True)
    assert [(each["file"], each["by"], each["state"]) for each in shown["imports"]] == [
        ("people.csv", "anna", "done")
    ]
    await _run("list", "pause", "l1")
    assert [each["active"] for each in await _run("list", "show")] == [False]
    await _run("list", "resume", "l1")
    with pytest.raises(BadInputError, match="--yes"):
        await _run("list", "remove", "l1")
    assert await _run("list", "remove", "l1", "--yes") == {"list": "l1", "taken_out": 1}
    assert await _run("list", "show") == []


async def test_lists_and_campaigns_that_do_not_exist_are_named() -> None:
    with pytest.raises(UnknownCampaignError, match="winter"):
        await _run("list", "create", "l1", "--campaign", "winter")
    with pytest.raises(BadInputError, match="small letters"):
        await _run("list", "create", "My List", "--campaign", "spring")
    with pytest.raises(BadInputError, match="no list 'l9'"):
        await _run("list", "pause", "l9")
    with pytest.raises(UnknownCampaignError):
        await _run("contact", "add", "3290000017", "--campaign", "winter")
    with pytest.raises(UnknownContactError):
        await _run("contact", "show", "c9")
    with pytest.raises(BadInputError, match="--expires: write a time of the years"):
        await _run(
            "contact", "add", "3290000017", "--campaign", "spring", "--expires", "9999-12-31T23:59-12:00"
        )


async def test_somebody_is_added_promised_a_call_back_and_withdrawn(database_url: str) -> None:
    words = ["contact", "add", "3290000017", "06 1234567", "--campaign", "spring", "--field", "name=Anna"]
    contact = (await _run(*words, "--event", "e1"))["contact"]
    assert (await _run(*words, "--event", "e1"))["contact"] == contact
    async with Database(database_url) as db, db.write() as session:
        await put_agents(session, [agent_card("elena", endpoint="agent01")], now=db.clock.now())
    at = "2099-12-24T18:30+01:00"
    told = await _run("contact", "callback", contact, "--at", at, "--agent", "elena", "--number", "061234567")
    with pytest.raises(BadInputError, match="--agent: there is no agent 'elen'; did you mean 'elena'"):
        await _run("contact", "callback", contact, "--at", at, "--agent", "elen")
    assert (told["promised"], told["agent"]) == ("2099-12-24T17:30:00+00:00", "elena")
    shown = await _run("contact", "show", contact)
    assert shown["state"] == "ready"
    assert shown["number"].endswith("567")
    assert "1234567" not in json.dumps(shown)
    await _run("contact", "withdraw", contact)
    shown = await _run("contact", "show", contact)
    assert (shown["state"], shown["outcome"]) == ("done", "withdrawn")


def test_a_mapping_is_written_as_what_and_column() -> None:
    assert read_mapping(["number = Telefono", "date:due=A=B"]) == {"number": "Telefono", "date:due": "A=B"}
    with pytest.raises(BadInputError, match="--map"):
        read_mapping(["number"])
    assert {"list", "contact"} <= set(main._MORE)
