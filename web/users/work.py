"""What is done to people who sign in: checked, written into the audit, their sessions ended where needed."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from agents import agent_cards
from users import (
    Person,
    Role,
    User,
    add_user,
    change_user,
    fresh_password,
    remove_user,
    revoke_token,
    tokens_of,
    user_named,
)
from values import BadInputError
from web.access import audit, who
from web.keys import DOOR, PARTS

FIELDS = ("title", "role", "partner", "agent", "language", "theme")


async def add(request: web.Request, person: Person) -> tuple[User, str]:
    """Add somebody: the user, and the password to hand to them."""
    parts, password = request.app[PARTS], fresh_password()
    hashed = await request.app[DOOR].hashed(password)
    async with parts.db.write() as session:
        await _agent_is_there(session, person.agent)
        user = await add_user(session, person, password=hashed, now=parts.clock.now(), must_change=True)
        await audit(request, session, "user.added", subject=person.name, detail={"role": person.role})
    return user, password


async def change(request: web.Request, name: str, values: Mapping[str, Any]) -> User:
    """Change what is known of somebody. A role that was taken away is gone with the next click."""
    async with request.app[PARTS].db.write() as session:
        user = await user_named(session, name)
        before = {field: getattr(user, field) for field in values}
        if "role" in values and values["role"] is not Role.ADMIN:
            await _not_the_last(session, user)
        if "agent" in values:
            await _agent_is_there(session, values["agent"])
        changed = await change_user(session, name, **values)
        told = {field: [before[field], value] for field, value in values.items() if before[field] != value}
        await audit(request, session, "user.changed", subject=name, detail=told)
    return changed


async def lock(request: web.Request, name: str, *, locked: bool) -> User:
    """Lock somebody out and end their sessions, or let them in again with their failures forgotten."""
    parts, door = request.app[PARTS], request.app[DOOR]
    if locked and name == who(request).name:
        raise BadInputError("nobody locks themselves out", field="name")
    async with parts.db.write() as session:
        if locked:
            await _not_the_last(session, await user_named(session, name))
        moved = {"sessions_from": parts.clock.now()} if locked else {}
        user = await change_user(session, name, locked=locked, **moved)
        await audit(request, session, "user.locked" if locked else "user.unlocked", subject=name)
    if locked:
        await door.sessions.end_all(name)
    else:
        await door.lockout.succeeded(name)
    return user


async def give_password(request: web.Request, name: str) -> str:
    """A new password to hand to somebody, who chooses their own with it; their sessions end."""
    parts, door, password = request.app[PARTS], request.app[DOOR], fresh_password()
    hashed = await door.hashed(password)
    async with parts.db.write() as session:
        await change_user(session, name, password=hashed, must_change=True, sessions_from=parts.clock.now())
        await audit(request, session, "password.given", subject=name)
    await door.sessions.end_all(name)
    await door.lockout.succeeded(name)
    return password


async def end_codes(request: web.Request, name: str) -> User:
    """For who has lost their telephone: no one-time code is asked of them any more."""
    async with request.app[PARTS].db.write() as session:
        user = await change_user(session, name, totp="", totp_step=0)
        await audit(request, session, "codes.ended", subject=name)
    return user


async def end_sessions(request: web.Request, name: str) -> int:
    """Sign somebody out everywhere; how many sessions that were."""
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        await change_user(session, name, sessions_from=parts.clock.now())
        await audit(request, session, "sessions.ended", subject=name)
    return await request.app[DOOR].sessions.end_all(name)


async def remove(request: web.Request, name: str) -> None:
    """Remove somebody with their tokens and sessions; what they did stays in the audit."""
    if name == who(request).name:
        raise BadInputError("nobody removes themselves", field="name")
    async with request.app[PARTS].db.write() as session:
        await _not_the_last(session, await user_named(session, name))
        for row in await tokens_of(session, name):
            await revoke_token(session, name, row.id)
        await remove_user(session, name)
        await audit(request, session, "user.removed", subject=name)
    await request.app[DOOR].sessions.end_all(name)


async def _not_the_last(session: AsyncSession, user: User) -> None:
    """Somebody must be able to let the others in."""
    if user.role is not Role.ADMIN:
        return
    others = select(func.count()).select_from(User)
    others = others.where(User.role == Role.ADMIN, User.name != user.name, User.locked.is_(False))
    if not await session.scalar(others):
        raise BadInputError("is the last administrator; make somebody else one first", field="role")


async def _agent_is_there(session: AsyncSession, agent: str) -> None:
    if agent and not await agent_cards(session, [agent], inactive=True):
        raise BadInputError(f"there is no agent {agent[:40]!r}; add one first", field="agent")
