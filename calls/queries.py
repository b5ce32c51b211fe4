"""Questions about calls: the latest, one with all that is known, the steps of a flow, what was left up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from calls.models import Call, Leg, Recording, Segment, TraceRow
from calls.records import CallState, Direction, TraceStep
from values import CallId, cursor_of, from_json, read_cursor

MOST = 500
"""How many calls one page has at most."""

STRANGE: Final = "is not one that a page of calls gave"
"""Said of a cursor that is none of ours."""


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls; what is left empty does not restrict."""

    direction: Direction | None = None
    state: CallState | None = None
    number: str = ""
    """The caller's or the dialled one, as recorded."""
    customer_id: str = ""
    flow: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some calls, the latest first; `cursor` asks for those before them, '' when there are none."""

    calls: Sequence[Call]
    cursor: str


@dataclass(frozen=True, slots=True)
class CallStory:
    """All that is known about one call."""

    call: Call
    legs: Sequence[Leg]
    segments: Sequence[Segment]
    trace: Sequence[TraceStep]
    recordings: Sequence[Recording]


@dataclass(frozen=True, slots=True)
class StepCount:
    """How often a step was left lately, and how often by hanging up."""

    path: str
    left: int
    hung_up: int


async def latest(
    session: AsyncSession, wanted: CallFilter = CallFilter(), *, limit: int = 50, cursor: str = ""
) -> CallPage:
    """The latest calls, `limit` (1 to 500) of them. Raises `BadInputError` for a cursor that is not ours."""
    limit = max(1, min(limit, MOST))
    query = select(Call).where(*_conditions(wanted)).order_by(Call.began.desc(), Call.call_id.desc())
    if cursor:
        began, call_id = read_cursor(cursor, STRANGE)
        query = query.where(tuple_(Call.began, Call.call_id) < (began, call_id))
    calls = (await session.scalars(query.limit(limit + 1))).all()
    more = len(calls) > limit
    last = calls[limit - 1] if more else None
    return CallPage(calls[:limit], cursor_of(last.began, last.call_id) if last else "")


async def story(session: AsyncSession, call_id: CallId) -> CallStory | None:
    """One call with its legs, segments, trace and recordings; None when there is no such call."""
    call = await session.get(Call, call_id)
    if call is None:
        return None
    legs = (await session.scalars(select(Leg).where(Leg.call_id == call_id).order_by(Leg.leg))).all()
    segments = (
        await session.scalars(select(Segment).where(Segment.call_id == call_id).order_by(Segment.began))
    ).all()
    recordings = (
        await session.scalars(select(Recording).where(Recording.call_id == call_id).order_by(Recording.at))
    ).all()
    return CallStory(call, legs, segments, await trace(session, call_id), recordings)


async def trace(session: AsyncSession, call_id: CallId) -> list[TraceStep]:
    """A call's steps in order: for people to read, and to re-enter a flow where it was left."""
    rows = await session.scalars(select(TraceRow).where(TraceRow.call_id == call_id).order_by(TraceRow.seq))
    return [_step(row) for row in rows]


async def step_counts(
    session: AsyncSession, flow: str, now: datetime, *, minutes: float = 60, version: str = ""
) -> list[StepCount]:
    """How often each step of a flow was left in the last minutes, and by how many hang-ups; for drawings."""
    conditions: list[ColumnElement[bool]] = [
        TraceRow.flow == flow,
        TraceRow.left > now - timedelta(minutes=minutes),
    ]
    if version:
        conditions.append(TraceRow.version == version)
    hung_up = func.sum(case((TraceRow.how == "hangup", 1), else_=0))
    rows = await session.execute(
        select(TraceRow.path, func.count(), hung_up)
        .where(*conditions)
        .group_by(TraceRow.path)
        .order_by(TraceRow.path)
    )
    return [StepCount(path, int(left), int(gone)) for path, left, gone in rows]


async def still_up(session: AsyncSession, node: str) -> list[Call]:
    """A node's calls that nobody has seen end: after a restart, to be adopted or closed as interrupted."""
    query = select(Call).where(Call.node == node, Call.state == CallState.UP).order_by(Call.began)
    return list(await session.scalars(query))


async def outcomes(session: AsyncSession, ids: Sequence[CallId]) -> dict[CallId, tuple[str, bool]]:
    """The flow's outcome and whether its goal was reached, of those calls that have one."""
    found: dict[CallId, tuple[str, bool]] = {}
    for first in range(0, len(ids), MOST):
        rows = await session.execute(
            select(Call.call_id, Call.outcome, Call.goal).where(
                Call.call_id.in_(ids[first : first + MOST]), Call.outcome != ""
            )
        )
        found |= {CallId(row.call_id): (row.outcome, row.goal) for row in rows}
    return found


async def close_interrupted(session: AsyncSession, ids: Sequence[CallId], at: datetime) -> int:
    """Mark calls that were left up as interrupted, noticed at `at`; gives how many. Ended ones stay ended.

    A real end that turns up later (from a spilled journal) replaces the mark.
    """
    closed = 0
    for first in range(0, len(ids), MOST):
        done = await session.execute(
            update(Call)
            .where(Call.call_id.in_(ids[first : first + MOST]), Call.state == CallState.UP)
            .values(state=CallState.INTERRUPTED, ended=at)
            .returning(Call.call_id)
        )
        closed += len(done.all())
    return closed


def _conditions(wanted: CallFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.direction:
        conditions.append(Call.direction == wanted.direction)
    if wanted.state:
        conditions.append(Call.state == wanted.state)
    if wanted.number:
        conditions.append((Call.caller == wanted.number) | (Call.dialled == wanted.number))
    if wanted.customer_id:
        conditions.append(Call.customer_id == wanted.customer_id)
    if wanted.flow:
        conditions.append(Call.flow == wanted.flow)
    if wanted.outcome:
        conditions.append(Call.outcome == wanted.outcome)
    if wanted.since:
        conditions.append(Call.began >= wanted.since)
    if wanted.until:
        conditions.append(Call.began < wanted.until)
    return conditions


def _step(row: TraceRow) -> TraceStep:
    return TraceStep(
        call_id=CallId(row.call_id),
        seq=row.seq,
        path=row.path,
        flow=row.flow,
        version=row.version,
        kind=row.kind,
        entered=row.entered,
        left=row.left,
        how=row.how,
        keys=row.keys,
        next_path=row.next_path,
        values={name: from_json(value) for name, value in row.values.items()},
    )
