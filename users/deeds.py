"""The audit log: who did what to whom. Written in the transaction of the deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from users.models import Deed
from values import BadInputError


@dataclass(frozen=True, slots=True)
class DeedFilter:
    """Which deeds are wanted; what is empty does not matter."""

    by: str = ""
    did: str = ""
    """The beginning of it: `user` finds `user.added`."""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeedPage:
    """Some deeds, the latest first, and where to go on."""

    deeds: list[Deed]
    cursor: str


async def note_deed(
    session: AsyncSession,
    *,
    at: datetime,
    by: str,
    did: str,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    address: str = "",
) -> None:
    """Write a deed down with this transaction. No secret and no number in clear belongs in it."""
    session.add(Deed(at=at, by=by, did=did, subject=subject, detail=dict(detail or {}), address=address))
    await session.flush()


async def deeds(session: AsyncSession, wanted: DeedFilter, *, limit: int = 50, cursor: str = "") -> DeedPage:
    """The latest deeds that fit; `cursor` goes on behind a page. Raises `BadInputError` for a wrong one."""
    query = select(Deed).order_by(Deed.seq.desc()).limit(limit + 1)
    if wanted.by:
        query = query.where(Deed.by == wanted.by)
    if wanted.did:
        query = query.where(Deed.did.startswith(wanted.did, autoescape=True))
    if wanted.subject:
        query = query.where(Deed.subject == wanted.subject)
    if wanted.since:
        query = query.where(Deed.at >= wanted.since)
    if wanted.until:
        query = query.where(Deed.at < wanted.until)
    if cursor:
        if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:  # noqa: PLR2004
            raise BadInputError("is none of ours; leave it out to begin", field="cursor")
        query = query.where(Deed.seq < int(cursor))
    found = list(await session.scalars(query))
    more = len(found) > limit
    return DeedPage(found[:limit], str(found[limit - 1].seq) if more else "")
