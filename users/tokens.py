"""Tokens for programs: with some of their owner's rights, kept only as a digest."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from users.models import ApiToken, User
from users.people import rights_of
from users.roles import Right
from values import BadInputError, new_id

PREFIX: Final = "ctl_"
"""Before every token, so that scanners for leaked secrets know one."""
MOST: Final = 20
"""Tokens of one user."""
_USED: Final = timedelta(minutes=1)
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Whom a token lets in, with what."""

    id: str
    user: User
    rights: frozenset[Right]
    stale: bool
    """Whether its last use should be noted anew."""


async def make_token(
    session: AsyncSession,
    user: User,
    *,
    label: str,
    scopes: Collection[Right],
    now: datetime,
    days: int | None = None,
) -> tuple[str, ApiToken]:
    """A new token of somebody's: its text, which is told once and not kept, and its row.

    Raises `BadInputError`: for a scope that its owner has not got, too many tokens, a label that is none.
    """
    if not 0 < len(label.strip()) <= _LONGEST or not label.isprintable():
        raise BadInputError(f"say what it is for, in up to {_LONGEST} letters", field="label")
    if not scopes:
        raise BadInputError("name at least one right", field="scopes")
    if days is not None and not 1 <= days <= 3650:  # noqa: PLR2004  (ten years)
        raise BadInputError("write a number of days from 1 to 3650", field="days")
    mine = rights_of(user)
    if more := sorted(set(scopes) - set(mine)):
        raise BadInputError(f"{user.name} may not do {more[0]} either", field="scopes")
    if len(await tokens_of(session, user.name)) >= MOST:
        raise BadInputError(f"there are {MOST} already; revoke one first", field="label")
    secret, token_id = secrets.token_hex(24), new_id("t")
    row = ApiToken(
        id=token_id,
        user=user.name,
        label=label.strip(),
        digest=_digest(secret),
        scopes=sorted(scopes),
        created=now,
        expires=now + timedelta(days=days) if days else None,
        used=None,
    )
    session.add(row)
    await session.flush()
    return f"{PREFIX}{token_id}_{secret}", row


async def holder_of(session: AsyncSession, text: str, now: datetime) -> TokenHolder | None:
    """Whom a token lets in; None when it is none, expired, or its owner is locked or gone."""
    token_id, _, secret = text.removeprefix(PREFIX).partition("_")
    if not text.startswith(PREFIX) or not secret or len(token_id) > 40 or not token_id.isalnum():  # noqa: PLR2004
        return None
    row = await session.get(ApiToken, token_id)
    if row is None or not hmac.compare_digest(row.digest, _digest(secret)):
        return None
    if row.expires is not None and row.expires <= now:
        return None
    user = await session.get(User, row.user)
    if user is None or user.locked:
        return None
    rights = frozenset(Right(each) for each in row.scopes if each in set(Right)) & frozenset(rights_of(user))
    return TokenHolder(row.id, user, rights, row.used is None or now - row.used > _USED)


async def note_used(session: AsyncSession, token_id: str, now: datetime) -> None:
    """It was used."""
    await session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used=now))


async def tokens_of(session: AsyncSession, user: str) -> list[ApiToken]:
    """Somebody's tokens, the latest first."""
    found = await session.scalars(select(ApiToken).where(ApiToken.user == user).order_by(ApiToken.id.desc()))
    return list(found)


async def revoke_token(session: AsyncSession, user: str, token_id: str) -> bool:
    """End a token of somebody's; whether there was one."""
    gone = await session.execute(
        delete(ApiToken).where(ApiToken.id == token_id, ApiToken.user == user).returning(ApiToken.id)
    )
    return gone.first() is not None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
