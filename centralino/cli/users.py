"""`centralino users`: who signs in, as what; passwords, locks, sessions and tokens."""

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.agentnamed import check_agent
from centralino.people import FILE, given_out
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from store import Database, LiveStore
from users import (
    Lockout,
    Person,
    Right,
    Role,
    Sessions,
    User,
    add_user,
    change_user,
    check_password,
    fresh_password,
    hash_password,
    make_token,
    note_deed,
    remove_user,
    revoke_token,
    rights_of,
    tokens_of,
    user_named,
    users,
)
from values import BadInputError, SystemClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Name = Annotated[str, typer.Argument(metavar="NAME")]


@dataclass(frozen=True, slots=True)
class _Work:
    """What a command works with."""

    session: AsyncSession
    live: LiveStore
    clock: SystemClock
    by: str

    async def note(self, did: str, subject: str, **detail: Any) -> None:
        """Into the audit log."""
        await note_deed(
            self.session, at=self.clock.now(), by=self.by, did=did, subject=subject, detail=detail
        )


@app.command("list")
def show() -> None:
    """Print everybody who signs in, as JSON."""

    async def work(at: _Work) -> Any:
        return [_told(user) for user in await users(at.session)]

    _do(work)


@app.command()
def demo() -> None:
    """Print the passwords that were given out on the first day."""
    settings = _settings()[1]
    text = given_out(settings.home)
    if not text:
        raise BadInputError(
            "there is none; give somebody a new password with: centralino users password NAME",
            field=str(settings.home / FILE),
        )
    sys.stdout.write(text)


@app.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they are here.")] = Role.AGENT,
    title: Annotated[str, typer.Option(help="What people call them.")] = "",
    agent: Annotated[str, typer.Option(help="The agent they work as (`centralino agents list`).")] = "",
    partner: Annotated[
        str, typer.Option(help="Whose people they are, or whose a partner manager sees.")
    ] = "",
) -> None:
    """Add somebody, with a password that is printed once; they choose their own when they sign in."""
    password = fresh_password()
    person = Person(name=name, role=role, title=title, agent=agent, partner=partner)

    async def work(at: _Work) -> Any:
        await check_agent(at.session, agent)
        hashed = hash_password(password)
        user = await add_user(at.session, person, password=hashed, now=at.clock.now(), must_change=True)
        await at.note("user.added", name, role=role)
        return {**_told(user), "password": password}

    _do(work)


@app.command()
def password(
    name: Name,
    typed: Annotated[
        bool, typer.Option("--typed", help="Type it, instead of getting one by chance.")
    ] = False,
) -> None:
    """Give somebody a new password; it is printed once, and they choose their own when they sign in."""
    _settings()
    chosen = getpass.getpass(f"New password of {name}: ") if typed else fresh_password()
    check_password(chosen, name=name)

    async def work(at: _Work) -> Any:
        now = at.clock.now()
        hashed = hash_password(chosen)
        await change_user(at.session, name, password=hashed, must_change=not typed, sessions_from=now)
        await at.note("password.given", name)
        await _sessions(at).end_all(name)
        await Lockout(at.live, at.clock).succeeded(name)
        return {"name": name} if typed else {"name": name, "password": chosen}

    _do(work)


@app.command()
def role(
    name: Name,
    role: Annotated[Role, typer.Argument(help="What they are from now on.")],
    partner: Annotated[str, typer.Option(help="Whose people a partner manager sees.")] = "",
) -> None:
    """Make somebody something else."""

    async def work(at: _Work) -> Any:
        before = (await user_named(at.session, name)).role
        changed = await change_user(at.session, name, role=role, **({"partner": partner} if partner else {}))
        await at.note("user.changed", name, role=[before, role])
        return _told(changed)

    _do(work)


@app.command()
def lock(name: Name) -> None:
    """Lock somebody out, and end their sessions."""

    async def work(at: _Work) -> Any:
        user = await change_user(at.session, name, locked=True, sessions_from=at.clock.now())
        await at.note("user.locked", name)
        return {**_told(user), "sessions_ended": await _sessions(at).end_all(name)}

    _do(work)


@app.command()
def unlock(name: Name) -> None:
    """Let somebody in again; failed attempts are forgotten too."""

    async def work(at: _Work) -> Any:
        user = await change_user(at.session, name, locked=False)
        await Lockout(at.live, at.clock).succeeded(name)
        await at.note("user.unlocked", name)
        return _told(user)

    _do(work)


@app.command("sign-out")
def sign_out(name: Name) -> None:
    """End all of somebody's sessions."""

    async def work(at: _Work) -> Any:
        await change_user(at.session, name, sessions_from=at.clock.now())
        await at.note("sessions.ended", name)
        return {"name": name, "sessions_ended": await _sessions(at).end_all(name)}

    _do(work)


@app.command()
def remove(name: Name) -> None:
    """Remove somebody; what they did stays in the audit log."""

    async def work(at: _Work) -> Any:
        for row in await tokens_of(at.session, name):
            await revoke_token(at.session, name, row.id)
        await remove_user(at.session, name)
        await at.note("user.removed", name)
        await _sessions(at).end_all(name)
        return {"removed": name}

    _do(work)


@app.command()
def token(
    name: Name,
    label: Annotated[str, typer.Option(help="What it is for.")] = "made on the command line",
    scopes: Annotated[str, typer.Option(help="Rights with commas; unset: all that they have.")] = "",
    days: Annotated[int, typer.Option(help="How long it holds; 0: until it is revoked.")] = 0,
    revoke: Annotated[str, typer.Option(help="Instead: end the token with this id.")] = "",
    show_all: Annotated[bool, typer.Option("--list", help="Instead: print their tokens.")] = False,
) -> None:
    """Make a token for a program, in somebody's name; it is printed once."""
    wanted = _rights(scopes)

    async def work(at: _Work) -> Any:
        user = await user_named(at.session, name)
        if show_all:
            return [_token(row) for row in await tokens_of(at.session, name)]
        if revoke:
            if not await revoke_token(at.session, name, revoke):
                raise BadInputError("there is no such token", field="--revoke")
            await at.note("token.revoked", name, token=revoke)
            return {"revoked": revoke}
        text, row = await make_token(
            at.session, user, label=label, scopes=wanted or rights_of(user), now=at.clock.now(),
            days=days or None,
        )  # fmt: skip
        await at.note("token.made", name, token=row.id, scopes=list(row.scopes))
        return {**_token(row), "token": text}

    _do(work)


def _rights(text: str) -> list[Right]:
    words = [word for word in (each.strip() for each in text.split(",")) if word]
    for word in words:
        if word not in set(Right):
            raise BadInputError(f"{word[:40]!r} is none; there are: {', '.join(Right)}", field="--scopes")
    return [Right(word) for word in words]


def _told(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "title": user.title,
        "role": user.role,
        "agent": user.agent,
        "partner": user.partner,
        "locked": user.locked,
        "one_time_codes": bool(user.totp),
        "last_seen": user.last_seen,
    }


def _token(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": row.label,
        "scopes": list(row.scopes),
        "created": row.created,
        "expires": row.expires,
        "used": row.used,
    }


def _sessions(at: _Work) -> Sessions:
    return Sessions(at.live, at.clock)


def _settings() -> tuple[str, Settings]:
    """The account of whoever asks, told on to the program that goes on without root's rights."""
    by = os.environ.setdefault("SUDO_USER", getpass.getuser())
    settings = own_settings()
    set_up_logging("warning")
    return by, settings


def _do(work: Callable[[_Work], Awaitable[Any]]) -> None:
    by, settings = _settings()
    sys.stdout.write(
        orjson.dumps(asyncio.run(_done(work, settings, by)), option=orjson.OPT_INDENT_2).decode() + "\n"
    )


async def _done(work: Callable[[_Work], Awaitable[Any]], settings: Settings, by: str) -> Mapping[str, Any]:
    clock = SystemClock()
    live = LiveStore(settings.redis, clock)
    try:
        async with Database(settings.database, clock=clock) as db, db.write() as session:
            return await work(_Work(session, live, clock, by))  # type: ignore[no-any-return]
    finally:
        await live.close()
