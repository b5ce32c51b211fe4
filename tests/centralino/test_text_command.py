"""`centralino pin` and `centralino text`, as a person at a terminal has them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner

import centralino.cli.pin as pin_command
import centralino.cli.text as text_command
from centralino.settings import Settings
from customers.models import Order
from customers.seed import id_of, seed
from messages.sms import Text, queue_texts
from proactive.provisioning.pins import PinDesk, Tried
from store import Database
from users.models import Deed
from values import BadInputError, PhoneNumber, SystemClock

pytestmark = pytest.mark.database


@pytest.fixture
async def order(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An order of somebody's."""
    settings = Settings(home=tmp_path, database_url=database_url)
    for module in (pin_command, text_command):
        monkeypatch.setattr(module, "settings_here", lambda: settings)
    async with Database(database_url) as db, db.write() as session:
        await seed(session, 200)
    async with Database(database_url) as db, db.read() as session:
        first = (await session.scalars(select(Order.id).order_by(Order.id))).first()
    assert first is not None
    return first


async def _run(app: typer.Typer, *words: str, typed: str = "") -> Any:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words), input=typed)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return json.loads(done.stdout)


async def test_a_pin_goes_in_and_none_comes_out(order: str, database_url: str) -> None:
    done = await _run(pin_command.app, "set", order, "--by", "mara", typed="4711\n")
    assert done["order"] == order
    async with Database(database_url) as db:
        assert await PinDesk(db).tries(order, "4711", call_id="c1", now=SystemClock().now()) is Tried.RIGHT
        await PinDesk(db).tries(order, "1111", call_id="c1", now=SystemClock().now())
        async with db.read() as session:
            (deed,) = (await session.scalars(select(Deed))).all()
    assert (deed.did, deed.subject, deed.by) == ("pin.set", order, "mara")
    seen = await _run(pin_command.app, "show", order)
    assert (seen["pin"], seen["failures"], seen["locked_until"]) == (True, 1, None)
    assert "4711" not in json.dumps(seen)
    assert await _run(pin_command.app, "show", "none") == {"order": "none", "pin": False}


async def test_what_cannot_be_keyed_and_orders_nobody_knows_are_refused(order: str) -> None:
    with pytest.raises(BadInputError, match="4 to 8 digits"):
        await _run(pin_command.app, "set", order, typed="47a1\n")
    with pytest.raises(BadInputError, match="there is no order"):
        await _run(pin_command.app, "set", "none", typed="4711\n")


@pytest.mark.usefixtures("order")
async def test_texts_are_listed_and_counted_without_their_words(database_url: str) -> None:
    number = PhoneNumber("+393290000017")
    async with Database(database_url) as db, db.write() as session:
        new = [
            Text(id=each, to=number, words="La sua linea è attiva", purpose="service", customer_id=id_of(17))
            for each in ("t1", "t2")
        ]
        await queue_texts(session, new, SystemClock().now())
    listed = await _run(text_command.app, "list", "--state", "waiting", "--limit", "1")
    assert len(listed) == 1
    assert "attiva" not in json.dumps(listed)
    assert number not in json.dumps(listed)
    assert await _run(text_command.app, "list", "--customer", "nobody") == []
    assert await _run(text_command.app, "figures") == [
        {"purpose": "service", "state": "waiting", "texts": 2, "segments": 0, "cost": 0.0}
    ]
    assert (await _run(text_command.app, "size", "я" * 71))["segments"] == 2
