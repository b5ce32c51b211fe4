"""`centralino customer show|erase`, as a person at a terminal has it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

import centralino.cli.customer as command
from centralino.migrate import migrate
from centralino.settings import Settings
from customers.models import Customer
from customers.seed import code_of, id_of, number_of, seed
from store import AuditEntry, Database
from values import BadInputError

pytestmark = pytest.mark.database

CUSTOMER = 17


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    found = Settings(home=tmp_path)
    await migrate(found.database)
    async with Database(found.database) as db, db.write() as session:
        await seed(session, 20)
    return found


@pytest.fixture(autouse=True)
def _at_the_terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "own_settings", lambda: settings)
    monkeypatch.setattr(command, "set_up_logging", lambda _: None)
    monkeypatch.setenv("SUDO_USER", "mara")


async def _left(settings: Settings) -> tuple[list[str], list[tuple[str, str]]]:
    async with Database(settings.database) as db, db.read() as session:
        names = list(await session.scalars(select(Customer.id).where(Customer.id == id_of(CUSTOMER))))
        audit = [(row.by, row.what) for row in await session.execute(select(AuditEntry.by, AuditEntry.what))]
    return names, audit


async def _run(*words: str) -> tuple[int, str, str]:
    """In a thread: the command has an event loop of its own."""
    import asyncio

    done = await asyncio.to_thread(CliRunner().invoke, command.app, list(words))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


async def test_show_prints_everything_but_the_code_and_is_written_down(settings: Settings) -> None:
    code, said, _ = await _run("show", number_of(CUSTOMER))
    shown = json.loads(said)
    assert code == 0
    assert shown["customers"][0]["id"] == id_of(CUSTOMER)
    assert code_of(CUSTOMER) not in said
    assert await _left(settings) == ([id_of(CUSTOMER)], [("mara", "shown")])


async def test_erase_asks_for_yes_first(settings: Settings) -> None:
    code, said, complaint = await _run("erase", id_of(CUSTOMER))
    assert (code, json.loads(said)["erased"]) == (command.UNSURE, False)
    assert "--yes" in complaint
    assert await _left(settings) == ([id_of(CUSTOMER)], [])
    code, said, _ = await _run("erase", id_of(CUSTOMER), "--yes")
    answer = json.loads(said)
    assert (code, answer["erased"], answer["rows"]["customers"]) == (0, True, 1)
    assert await _left(settings) == ([], [("mara", "erase.begun"), ("mara", "erased")])


async def test_an_unknown_number_is_told_masked() -> None:
    with pytest.raises(BadInputError, match=r"\D999 now") as told:
        await _run("show", "+393299999999")
    assert "+39329999" not in str(told.value)
