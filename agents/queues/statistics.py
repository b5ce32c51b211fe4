"""What queues and agents came to, out of the rows that were written: counted by the database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from agents.models import AgentEvent
from agents.queues.intervals import Interval, begins
from agents.queues.kpis import AgentTime, SelfService, Tally
from agents.queues.models import QueueVisit
from agents.queues.visits import VisitEnd, quarter_of
from agents.seat import AgentState
from calls.models import Call
from calls.records import Direction

REPEAT = timedelta(days=7)
"""Within so long another call about anything means that the first did not solve it."""
LONGEST_STATE = timedelta(hours=16)
"""No state of an agent lasts longer than this: so far around an interval they are looked for."""


PUT_THROUGH = frozenset({"talked_to_operator", "talked_to_agent", "talked"})
"""Outcomes of flows by which somebody was reached."""


class By(StrEnum):
    """What figures are told apart by."""

    QUEUE = "queue"
    AGENT = "agent"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Row:
    """One interval of one queue or agent."""

    begins: datetime
    who: str
    tally: Tally


async def tallies(
    session: AsyncSession,
    since: datetime,
    until: datetime,
    *,
    interval: Interval = Interval.QUARTER,
    by: By = By.QUEUE,
    zone: str = "Europe/Rome",
    queues: Sequence[str] = (),
) -> list[Row]:
    """Counts by interval, for whole quarters of an hour from `since` to just before `until`.

    What becomes of a caller counts where they entered; handling counts where its wrap-up ended.
    """
    place = ZoneInfo(zone)
    quarters = (quarter_of(since), quarter_of(until - timedelta(microseconds=1)))
    sums: dict[tuple[datetime, str], Tally] = defaultdict(Tally)
    for statement in (_waits(by, quarters, queues), _talks(by, quarters, queues)):
        for found in (await session.execute(statement)).mappings():
            counts = dict(found)
            quarter, who = counts.pop("quarter"), counts.pop("who")
            key = begins(quarter, interval, place), who
            sums[key] += Tally(**{name: value or 0 for name, value in counts.items()})
    return [Row(at, who, sums[at, who]) for at, who in sorted(sums, key=lambda key: (key[0], key[1]))]


async def tally(
    session: AsyncSession, since: datetime, until: datetime, *, queues: Sequence[str] = ()
) -> dict[str, Tally]:
    """Counts by queue for the whole time."""
    sums: dict[str, Tally] = defaultdict(Tally)
    for row in await tallies(session, since, until, queues=queues):
        sums[row.who] += row.tally
    return dict(sums)


def _waits(by: By, quarters: tuple[int, int], queues: Sequence[str]) -> Select[Any]:
    visit, end = QueueVisit, QueueVisit.end
    answered, abandoned = end == VisitEnd.CONNECT, end == VisitEnd.ABANDON
    in_time = visit.waited <= visit.target
    gone = and_(end.is_not(None), end.not_in([VisitEnd.CONNECT, VisitEnd.ABANDON]))
    at_once = and_(end == VisitEnd.CLOSED, visit.waited < 1.0)
    counts: dict[str, ColumnElement[Any]] = {
        "offered": func.count(),
        "waiting": _count(end.is_(None)),
        "answered": _count(answered),
        "in_time": _count(and_(answered, in_time)),
        "abandoned": _count(abandoned),
        "abandoned_in_time": _count(and_(abandoned, in_time)),
        "short": _count(and_(abandoned, visit.waited <= visit.short)),
        "flow_outs": _count(gone),
        "turned_away": _count(at_once),
        "answered_wait": _sum(answered, visit.waited),
        "abandoned_wait": _sum(abandoned, visit.waited),
        "longest_wait": func.max(visit.waited),
    }
    return _grouped(by, visit.quarter, counts, quarters, queues)


def _talks(by: By, quarters: tuple[int, int], queues: Sequence[str]) -> Select[Any]:
    visit = QueueVisit
    counts: dict[str, ColumnElement[Any]] = {
        "handled": func.count(),
        "talk": func.sum(visit.talk),
        "hold": func.sum(visit.hold),
        "wrap": func.sum(visit.wrap),
    }
    return _grouped(by, visit.done_quarter, counts, quarters, queues)


def _grouped(
    by: By,
    quarter: Any,
    counts: Mapping[str, ColumnElement[Any]],
    quarters: tuple[int, int],
    queues: Sequence[str],
) -> Select[Any]:
    who: Any = {By.QUEUE: QueueVisit.queue, By.AGENT: QueueVisit.agent}.get(by)
    named = [quarter.label("quarter"), *([who.label("who")] if who is not None else [])]
    wanted = select(*named, *(column.label(name) for name, column in counts.items()))
    if who is None:
        wanted = select(wanted.selected_columns[0], func.min("").label("who"), *wanted.selected_columns[1:])
    wanted = wanted.where(quarter.between(*quarters)).group_by(
        *([quarter] if who is None else [quarter, who])
    )
    if by is By.AGENT:
        wanted = wanted.where(QueueVisit.agent != "")
    if queues:
        wanted = wanted.where(QueueVisit.queue.in_(queues))
    return wanted


def _count(holds: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((holds, 1), else_=0))


def _sum(holds: ColumnElement[bool], what: ColumnElement[float] | Any) -> ColumnElement[Any]:
    return func.sum(case((holds, what), else_=0.0))


async def agent_times(
    session: AsyncSession, since: datetime, until: datetime, *, now: datetime, agents: Sequence[str] = ()
) -> dict[str, AgentTime]:
    """What agents' time went into, cut to these edges; a state that goes on counts until `now`.

    A state that nobody has changed for `LONGEST_STATE` was left over by a crash: it counts for no longer.
    """
    query = (
        select(AgentEvent.agent, AgentEvent.at, AgentEvent.state, AgentEvent.before, AgentEvent.seconds)
        .where(AgentEvent.at > since, AgentEvent.at < until + LONGEST_STATE)
        .order_by(AgentEvent.agent, AgentEvent.at, AgentEvent.seq)
    )
    if agents:
        query = query.where(AgentEvent.agent.in_(agents))
    found: dict[str, AgentTime] = defaultdict(AgentTime)
    last = await _standing(session, since, agents)
    for agent, at, state, before, seconds in await session.execute(query):
        found[agent] += _spent(before, at - timedelta(seconds=seconds), at, since, until)
        last[agent] = at, state
    for agent, (at, state) in last.items():
        spent = _spent(state, at, min(max(now, at), at + LONGEST_STATE), since, until)
        if agent in found or spent != AgentTime():
            found[agent] += spent
    return dict(found)


async def _standing(
    session: AsyncSession, at: datetime, agents: Sequence[str]
) -> dict[str, tuple[datetime, str]]:
    """Since when agents were in which state at a moment: some change nothing for hours after it."""
    latest = (
        select(AgentEvent.agent, func.max(AgentEvent.at).label("at"))
        .where(AgentEvent.at <= at, AgentEvent.at > at - LONGEST_STATE)
        .group_by(AgentEvent.agent)
        .subquery()
    )
    query = (
        select(AgentEvent.agent, AgentEvent.at, AgentEvent.state)
        .join(latest, and_(AgentEvent.agent == latest.c.agent, AgentEvent.at == latest.c.at))
        .order_by(AgentEvent.seq)
    )
    if agents:
        query = query.where(AgentEvent.agent.in_(agents))
    return {agent: (since, state) for agent, since, state in await session.execute(query)}


_DOING = {
    AgentState.TALKING: "talking",
    AgentState.RESERVED: "talking",
    AgentState.WRAP_UP: "wrap_up",
    AgentState.READY: "idle",
    AgentState.PAUSED: "paused",
}


def _spent(state: str, began: datetime, ended: datetime, since: datetime, until: datetime) -> AgentTime:
    """Time offline is nobody's time: a lost telephone cannot be told from going home by the row alone."""
    seconds = (min(ended, until) - max(began, since)).total_seconds()
    try:
        doing = _DOING.get(AgentState(state))
    except ValueError:
        doing = None
    return AgentTime(**{doing: seconds}) if doing and seconds > 0 else AgentTime()


async def self_service(
    session: AsyncSession, since: datetime, until: datetime, *, flow: str = "", now: datetime
) -> SelfService:
    """What became of calls to flows: contained, and solved without a person."""
    in_queue = select(QueueVisit.visit_id).where(QueueVisit.call_id == Call.call_id).exists()
    query = (
        select(
            Call.caller, Call.began, Call.ended, Call.flow, Call.goal, Call.outcome, in_queue.label("queued")
        )
        .where(Call.direction == Direction.INBOUND, Call.began >= since, Call.began < until + REPEAT)
        .order_by(Call.caller, Call.began)
    )
    rows = (await session.execute(query)).all()
    after: dict[str, datetime] = {}
    found = SelfService()
    for row in reversed(rows):  # by caller, so that the row before is the next call of the same one
        again = after.get(row.caller) if row.caller else None
        if row.caller:
            after[row.caller] = row.began
        if row.ended is None or row.began >= until or (flow and row.flow != flow):
            continue
        contained = not row.queued and row.outcome not in PUT_THROUGH
        settled = row.ended < now - REPEAT
        solved = contained and row.goal and settled and not (again and again <= row.ended + REPEAT)
        found = SelfService(
            found.calls + 1, found.contained + contained, found.resolved + solved, found.settled + settled
        )
    return found
