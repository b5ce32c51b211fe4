"""Every attempt with its times: page by page for programs, as a stream for exports."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Attempt
from store import Database
from values import cursor_of, mask_number, read_cursor

MOST = 500
"""How many attempts one page has at most."""
STRIDE = 1_000
"""How many an export reads at once."""

COLUMNS = (
    "id", "campaign", "list", "contact_id", "customer_id", "number", "caller_id", "trunk", "node", "purpose",
    "state", "committed", "placed", "ringing", "answered", "detected", "joined", "released", "over",
    "ring_seconds", "talk_seconds", "outcome", "goal", "disposition", "agent", "amd", "amd_cause", "cause",
    "sip_cause", "recording", "cost", "moved_from",
)  # fmt: skip
"""What is told of an attempt, in this order."""
TIMES = ("committed", "placed", "ringing", "answered", "detected", "joined", "released", "over")

STRANGE: Final = "is not one that a page of attempts gave"
"""Said of a cursor that is none of ours."""


@dataclass(frozen=True, slots=True)
class AttemptFilter:
    """Which attempts; what is left empty does not restrict."""

    campaign: str = ""
    number: str = ""
    """Whom was called, E.164."""
    contact_id: str = ""
    customer_id: str = ""
    agent: str = ""
    outcome: str = ""
    disposition: str = ""
    list: str = ""
    trunk: str = ""
    since: datetime | None = None
    """Committed at or after."""
    until: datetime | None = None
    """Committed before."""


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """Some attempts, the latest first; `cursor` asks for those before them, '' when there are none."""

    attempts: Sequence[Attempt]
    cursor: str


async def attempt_page(
    session: AsyncSession, wanted: AttemptFilter, *, limit: int = 50, cursor: str = ""
) -> AttemptPage:
    """The latest attempts, 1 to 500 of them. Raises `BadInputError` for a cursor that is not ours."""
    limit = max(1, min(limit, MOST))
    query = select(Attempt).where(*_conditions(wanted))
    query = query.order_by(Attempt.committed.desc(), Attempt.id.desc())
    if cursor:
        query = query.where(tuple_(Attempt.committed, Attempt.id) < read_cursor(cursor, STRANGE))
    found = (await session.scalars(query.limit(limit + 1))).all()
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return AttemptPage(found[:limit], cursor_of(last.committed, last.id) if last else "")


async def attempt(session: AsyncSession, attempt_id: str) -> Attempt | None:
    """One attempt; None when there is none of this id."""
    return await session.get(Attempt, attempt_id)


async def stream(db: Database, wanted: AttemptFilter) -> AsyncIterator[Sequence[Attempt]]:
    """All of them, the oldest first, some at a time.

    Each part is read in a session of its own, so that a long export holds up neither memory nor the database.
    """
    behind: tuple[datetime, str] | None = None
    while True:
        query = select(Attempt).where(*_conditions(wanted)).order_by(Attempt.committed, Attempt.id)
        if behind:
            query = query.where(tuple_(Attempt.committed, Attempt.id) > behind)
        async with db.read() as session:
            part = (await session.scalars(query.limit(STRIDE))).all()
        if part:
            yield part
        if len(part) < STRIDE:
            return
        behind = part[-1].committed, part[-1].id


def row_of(attempt: Attempt, *, numbers: bool) -> Mapping[str, Any]:
    """An attempt by column, times in UTC; whom it called is masked unless `numbers` may be seen."""
    answered, joined = attempt.answered, attempt.joined
    rang_until = answered or (attempt.over if attempt.ringing else None)
    derived = {
        "number": attempt.number if numbers else mask_number(attempt.number),
        "purpose": attempt.purpose.value,
        "state": attempt.state.value,
        "ring_seconds": _seconds(attempt.placed, rang_until),
        "talk_seconds": _seconds(joined, attempt.released or attempt.over),
    }
    return {name: derived[name] if name in derived else getattr(attempt, name) for name in COLUMNS}


def _seconds(begin: datetime | None, end: datetime | None) -> float | None:
    return round((end - begin).total_seconds(), 3) if begin and end else None


def _conditions(wanted: AttemptFilter) -> list[ColumnElement[bool]]:
    words = {
        name: getattr(wanted, name)
        for name in (
            "campaign", "number", "contact_id", "customer_id", "agent", "outcome", "disposition", "list",
            "trunk",
        )
    }  # fmt: skip
    conditions: list[ColumnElement[bool]] = [
        getattr(Attempt, name) == word for name, word in words.items() if word
    ]
    if wanted.since:
        conditions.append(Attempt.committed >= wanted.since)
    if wanted.until:
        conditions.append(Attempt.committed < wanted.until)
    return conditions
