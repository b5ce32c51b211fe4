"""The first day's people, and `centralino users` as a person at a terminal has it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import centralino.cli.users as command
from agents import agent_card, agent_cards, put_agents
from centralino.migrate import migrate
from centralino.people import FILE, first_people, how_to_sign_in
from centralino.settings import Settings
from store import Database, LiveStore
from tests.redis_server import RedisServer, redis_server
from users import DeedFilter, Door, LockedError, Role, Sessions, deeds, holder_of, user_named, users
from values import BadInputError, SystemClock

__all__ = ["redis_server"]
pytestmark = pytest.mark.database


@pytest.fixture
async def settings(tmp_path: Path, redis_server: RedisServer) -> Settings:
    await redis_server.start()
    found = Settings(home=tmp_path, city="on", redis_url=redis_server.url)
    await migrate(found.database)
    return found


@pytest.fixture
def at_the_terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "own_settings", lambda: settings)
    monkeypatch.setattr(command, "set_up_logging", lambda _: None)
    monkeypatch.setenv("SUDO_USER", "mara")


async def run(*words: str) -> Any:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, command.app, list(words))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


async def test_on_the_first_day_there_are_people_whose_passwords_lie_where_only_the_owner_reads(
    settings: Settings, redis_server: RedisServer
) -> None:
    clock = SystemClock()
    async with Database(settings.database) as db:
        assert await first_people(db, settings, clock) == 12
        assert await first_people(db, settings, clock) == 0
        file = settings.home / FILE
        assert file.stat().st_mode & 0o777 == 0o600
        given = {line.split()[0]: line.split()[1] for line in file.read_text().splitlines()[2:]}
        async with db.read() as session:
            people = {user.name: user for user in await users(session)}
            cards = {card.name: card.endpoint for card in await agent_cards(session)}
        assert set(given) == set(people)
        assert [name for name, user in people.items() if user.must_change] == ["admin"]
        assert {user.role for user in people.values()} == set(Role)
        assert (cards["anna"], people["anna"].agent) == ("agent01", "anna")
        assert all(len(password) == 19 for password in given.values())
        live = LiveStore(redis_server.url, clock)
        cookie, _ = await Door(db, live, clock).sign_in("anna", given["anna"], address="", browser="")
        assert cookie
        await live.close()
    assert "sign in as admin" in how_to_sign_in(settings.home)
    assert given["admin"] not in how_to_sign_in(settings.home)
    file.unlink()
    assert "centralino users password admin" in how_to_sign_in(settings.home)


async def test_without_the_town_there_is_an_administrator_alone(settings: Settings) -> None:
    alone = settings.model_copy(update={"city": "off"})
    async with Database(settings.database) as db:
        assert await first_people(db, alone, SystemClock()) == 1


@pytest.mark.usefixtures("at_the_terminal")
async def test_somebody_is_added_made_more_locked_and_let_in_again(
    settings: Settings, redis_server: RedisServer
) -> None:
    added = await run("add", "rosa", "--role", "supervisor", "--title", "Rosa Neri")
    clock = SystemClock()
    live = LiveStore(redis_server.url, clock)
    async with Database(settings.database) as db:
        door = Door(db, live, clock)
        cookie, _ = await door.sign_in("rosa", added["password"], address="", browser="")
        assert (await run("role", "rosa", "operations"))["role"] == "operations"
        assert (await run("lock", "rosa"))["sessions_ended"] == 1
        assert await Sessions(live, clock).find(cookie) is None
        with pytest.raises(LockedError):
            await door.sign_in("rosa", added["password"], address="", browser="")
        await run("unlock", "rosa")
        await door.sign_in("rosa", added["password"], address="", browser="")
        renewed = await run("password", "rosa")
        await door.sign_in("rosa", renewed["password"], address="", browser="")
        async with db.read() as session:
            told = await deeds(session, DeedFilter(by="mara"))
    await live.close()
    assert [deed.did for deed in told.deeds] == [
        "password.given", "user.unlocked", "user.locked", "user.changed", "user.added",
    ]  # fmt: skip
    assert added["password"] not in str([dict(deed.detail) for deed in told.deeds])


@pytest.mark.usefixtures("at_the_terminal")
async def test_a_token_is_made_listed_and_revoked(settings: Settings) -> None:
    await run("add", "omar", "--role", "operations")
    made = await run("token", "omar", "--label", "wallboard", "--scopes", "floor, calls")
    async with Database(settings.database) as db:
        async with db.read() as session:
            holder = await holder_of(session, made["token"], SystemClock().now())
        assert holder is not None
        assert sorted(holder.rights) == ["calls", "floor"]
        assert [each["label"] for each in await run("token", "omar", "--list")] == ["wallboard"]
        await run("token", "omar", "--revoke", made["id"])
        async with db.read() as session:
            assert await holder_of(session, made["token"], SystemClock().now()) is None
    for scopes, field in (("users", "scopes"), ("flying", "--scopes")):
        with pytest.raises(BadInputError) as refused:
            await run("token", "omar", "--scopes", scopes)
        assert refused.value.field == field


@pytest.mark.usefixtures("at_the_terminal")
async def test_who_is_removed_leaves_their_deeds(settings: Settings) -> None:
    await run("add", "rosa")
    await run("remove", "rosa")
    assert await run("list") == []
    async with Database(settings.database) as db, db.read() as session:
        assert [deed.did for deed in (await deeds(session, DeedFilter(subject="rosa"))).deeds] == [
            "user.removed",
            "user.added",
        ]
        with pytest.raises(BadInputError, match="nobody called"):
            await user_named(session, "rosa")


@pytest.mark.usefixtures("at_the_terminal")
async def test_nobody_signs_in_as_an_agent_that_is_none(settings: Settings) -> None:
    async with Database(settings.database) as db, db.write() as session:
        await put_agents(session, [agent_card("gino", endpoint="agent01")], now=SystemClock().now())
    with pytest.raises(BadInputError, match="--agent: there is no agent 'gin'; did you mean 'gino'"):
        await run("add", "gino", "--agent", "gin")
    assert await run("list") == []
    assert (await run("add", "gino", "--agent", "gino"))["agent"] == "gino"
