"""Recordings that may be listened to: found by what their call was, with the gaps where they hold silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from calls.models import Call, Recording, Segment
from calls.records import SegmentKind
from values import cursor_of, read_cursor

MOST = 200
_GAPS, _CUSTOMER = "recording", "customer"

STRANGE: Final = "is not one that a page of recordings gave"
"""Said of a cursor that is none of ours."""


@dataclass(frozen=True, slots=True)
class RecordingFilter:
    """Which ones; what is left empty does not restrict."""

    call_id: str = ""
    number: str = ""
    customer_id: str = ""
    purpose: str = ""
    since: datetime | None = None
    until: datetime | None = None
    calls: ColumnElement[bool] | None = None
    """A further condition on `Recording.call_id`, for what other rooms know of calls."""


@dataclass(frozen=True, slots=True)
class Found:
    """A recording with its call; None when there is no record of it."""

    recording: Recording
    call: Call | None


@dataclass(frozen=True, slots=True)
class RecordingPage:
    """Some recordings, the latest first; `cursor` asks for those before them, '' when there are none."""

    found: Sequence[Found]
    cursor: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which nothing was recorded, in seconds of the file."""

    began: float
    ended: float
    by: str
    """The agent who paused it."""


async def recordings(
    session: AsyncSession,
    wanted: RecordingFilter = RecordingFilter(),
    *,
    now: datetime,
    limit: int = 50,
    cursor: str = "",
) -> RecordingPage:
    """The latest recordings whose time is not over. Raises `BadInputError` for a cursor that is not ours."""
    limit = max(1, min(limit, MOST))
    query = (
        select(Recording, Call)
        .join(Call, Call.call_id == Recording.call_id, isouter=True)
        .where(*_conditions(wanted, now))
        .order_by(Recording.at.desc(), Recording.call_id.desc())
    )
    if cursor:
        at, call_id = read_cursor(cursor, STRANGE)
        query = query.where(tuple_(Recording.at, Recording.call_id) < (at, call_id))
    rows = [Found(recording, call) for recording, call in await session.execute(query.limit(limit + 1))]
    more = len(rows) > limit
    last = rows[limit - 1].recording if more else None
    return RecordingPage(rows[:limit], cursor_of(last.at, last.call_id) if last else "")


async def gaps(session: AsyncSession, recording: Recording) -> list[Gap]:
    """Where a recording holds silence because somebody paused it.

    The file has only what was said while they were joined, so the time of a gap is counted in talk.
    """
    kinds = (SegmentKind.TALK, SegmentKind.PAUSE)
    rows = await session.scalars(
        select(Segment)
        .where(Segment.call_id == recording.call_id, Segment.kind.in_(kinds))
        .order_by(Segment.began)
    )
    segments = list(rows)
    talks = [
        (each.began, each.ended)
        for each in segments
        if each.kind is SegmentKind.TALK and each.leg == _CUSTOMER and each.ended
    ]
    return [
        Gap(_place(each.began, talks), _place(each.ended, talks), each.party)
        for each in segments
        if each.kind is SegmentKind.PAUSE and each.leg == _GAPS and each.ended
    ]


def _place(at: datetime, talks: Sequence[tuple[datetime, datetime]]) -> float:
    """Seconds of talk up to then."""
    spoken = (min(ended, at) - began for began, ended in talks if began < at)
    return round(sum(each.total_seconds() for each in spoken), 1)


def _conditions(wanted: RecordingFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [or_(Recording.expires > now, Recording.legal_hold)]
    if wanted.call_id:
        conditions.append(Recording.call_id == wanted.call_id)
    if wanted.number:
        conditions.append(or_(Call.caller == wanted.number, Call.dialled == wanted.number))
    if wanted.customer_id:
        conditions.append(Call.customer_id == wanted.customer_id)
    if wanted.purpose:
        conditions.append(Recording.purpose == wanted.purpose)
    if wanted.since:
        conditions.append(Recording.at >= wanted.since)
    if wanted.until:
        conditions.append(Recording.at < wanted.until)
    if wanted.calls is not None:
        conditions.append(wanted.calls)
    return conditions
