"""The people who sign in: added, changed, found. Every function takes the caller's session."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from users.errors import UnknownUserError, UserExistsError
from users.models import User
from users.roles import RIGHTS, Right, Role
from values import BadInputError

LANGUAGES: Final = ("en", "it", "ru")
THEMES: Final = ("light", "dark")

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_PARTNER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is said of somebody who signs in."""

    name: str
    title: str = ""
    role: Role = Role.AGENT
    partner: str = ""
    agent: str = ""
    language: str = ""
    theme: str = ""


def checked(person: Person) -> Person:
    """The same, or `BadInputError` naming the field."""
    if not _NAME.fullmatch(person.name):
        raise BadInputError("lower-case letters, digits, '.', '_' and '-', at most 40", field="name")
    if len(person.title) > _LONGEST or not person.title.isprintable():
        raise BadInputError(f"at most {_LONGEST} letters, on one line", field="title")
    if person.partner and not _PARTNER.fullmatch(person.partner):
        raise BadInputError("letters, digits, '.', '_' and '-', at most 40, or nothing", field="partner")
    if person.role is Role.PARTNER_MANAGER and not person.partner:
        raise BadInputError("say whose people a partner manager sees", field="partner")
    if person.language not in {"", *LANGUAGES}:
        raise BadInputError(f"write one of: {', '.join(LANGUAGES)}", field="language")
    if person.theme not in {"", *THEMES}:
        raise BadInputError(f"write one of: {', '.join(THEMES)}", field="theme")
    if len(person.agent) > 40 or not person.agent.isprintable():  # noqa: PLR2004  (an agent's name)
        raise BadInputError("write the name of an agent, or nothing", field="agent")
    return person


async def add_user(
    session: AsyncSession, person: Person, *, password: str, now: datetime, must_change: bool = False
) -> User:
    """Add somebody; `password` is its hash. Raises `BadInputError`, `UserExistsError`."""
    checked(person)
    if await session.get(User, person.name) is not None:
        raise UserExistsError("somebody has this name already", field="name")
    await _agent_is_free(session, person)
    user = User(
        name=person.name,
        title=person.title or person.name,
        role=person.role,
        partner=person.partner,
        agent=person.agent,
        language=person.language,
        theme=person.theme,
        password=password,
        totp="",
        totp_step=0,
        locked=False,
        must_change=must_change,
        sessions_from=now,
        created=now,
        last_seen=None,
    )
    session.add(user)
    await session.flush()
    return user


async def change_user(session: AsyncSession, name: str, **values: Any) -> User:
    """Change what is known of somebody: the fields of `Person`, and `password`, `totp`, `locked`, ….

    Raises `UnknownUserError` and `BadInputError`.
    """
    user = await user_named(session, name)
    said = {field: values.get(field, getattr(user, field)) for field in Person.__slots__}
    await _agent_is_free(session, checked(Person(**said)))
    for field, value in values.items():
        setattr(user, field, value)
    await session.flush()
    return user


async def user_named(session: AsyncSession, name: str) -> User:
    """Somebody by name. Raises `UnknownUserError`."""
    found = await session.get(User, name)
    if found is None:
        raise UnknownUserError(f"there is nobody called {name[:40]!r}", field="name")
    return found


async def users(session: AsyncSession, *, role: Role | None = None, partner: str = "") -> list[User]:
    """Everybody by name."""
    wanted = select(User).order_by(User.name)
    if role is not None:
        wanted = wanted.where(User.role == role)
    if partner:
        wanted = wanted.where(User.partner == partner)
    return list(await session.scalars(wanted))


async def remove_user(session: AsyncSession, name: str) -> None:
    """Remove somebody. Raises `UnknownUserError`."""
    await session.delete(await user_named(session, name))
    await session.flush()


async def agents_of(session: AsyncSession, partner: str) -> frozenset[str]:
    """The agents' cards that work for a partner: all that its manager may see."""
    found = await session.scalars(select(User.agent).where(User.partner == partner, User.agent != ""))
    return frozenset(found)


def rights_of(user: User) -> Collection[Right]:
    """What somebody may do."""
    return RIGHTS[user.role]


async def _agent_is_free(session: AsyncSession, person: Person) -> None:
    """One agent's card is one person: two would fight over a telephone."""
    if not person.agent:
        return
    wanted = select(User.name).where(User.agent == person.agent, User.name != person.name)
    if other := (await session.scalars(wanted)).first():
        raise BadInputError(f"{other} works as this agent already", field="agent")
