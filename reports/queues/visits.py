"""Visits counted by queue and interval.

What became of a caller counts where they came, handling where it ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from agents.queues.kpis import Tally
from agents.queues.models import QueueVisit
from agents.queues.visits import VisitEnd, quarter_of
from reports.asked import Asked
from reports.buckets import place_in
from reports.steps import Span

LEFT: Final = {
    "overflow": (VisitEnd.OVERFLOW,),
    "timeouts": (VisitEnd.TIMEOUT,),
    "call_backs": (VisitEnd.KEY,),
    "closed": (VisitEnd.CLOSED, VisitEnd.EMPTY),
}
"""Ways out of a queue without an agent; together they are its flow-outs."""


@dataclass(slots=True)
class Visits:
    """One queue in one interval."""

    tally: Tally = field(default_factory=Tally)
    left: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEFT, 0))


async def visits_in(session: AsyncSession, span: Span, asked: Asked) -> dict[tuple[str, int], Visits]:
    """By queue and interval."""
    found: dict[tuple[str, int], Visits] = {}
    for column, quarter, counts in (
        (QueueVisit.entered, QueueVisit.quarter, _waits()),
        (QueueVisit.finished, QueueVisit.done_quarter, _talks()),
    ):
        place = place_in(span, column)
        query = (
            select(QueueVisit.queue, place, *(each.label(name) for name, each in counts.items()))
            .where(
                # the quarter for its index, the time for ranges that begin in the middle of one
                quarter.between(quarter_of(span.since), quarter_of(span.until - timedelta(microseconds=1))),
                column >= span.since,
                column < span.until,
                QueueVisit.queue.in_(sorted(asked.only)) if asked.only else true(),
            )
            .group_by(QueueVisit.queue, place)
        )
        for queue, where, *numbers in await session.execute(query):
            told = {name: number or 0 for name, number in zip(counts, numbers, strict=True)}
            visits = found.setdefault((queue, int(where)), Visits())
            visits.left |= {name: int(told.pop(name)) for name in LEFT if name in told}
            visits.tally += Tally(**told)
    return found


def _waits() -> Mapping[str, ColumnElement[Any]]:
    visit, end = QueueVisit, QueueVisit.end
    answered, abandoned = end == VisitEnd.CONNECT, end == VisitEnd.ABANDON
    in_time = visit.waited <= visit.target
    gone = and_(end.is_not(None), end.not_in([VisitEnd.CONNECT, VisitEnd.ABANDON]))
    return {
        "offered": func.count(),
        "waiting": _count(end.is_(None)),
        "answered": _count(answered),
        "in_time": _count(and_(answered, in_time)),
        "abandoned": _count(abandoned),
        "abandoned_in_time": _count(and_(abandoned, in_time)),
        "short": _count(and_(abandoned, visit.waited <= visit.short)),
        "flow_outs": _count(gone),
        "answered_wait": _sum(answered, visit.waited),
        "abandoned_wait": _sum(abandoned, visit.waited),
        "longest_wait": func.max(visit.waited),
        **{name: _count(end.in_(ends)) for name, ends in LEFT.items()},
    }


def _talks() -> Mapping[str, ColumnElement[Any]]:
    visit = QueueVisit
    return {
        "handled": func.count(),
        "talk": func.sum(visit.talk),
        "hold": func.sum(visit.hold),
        "wrap": func.sum(visit.wrap),
    }


def _count(holds: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((holds, 1), else_=0))


def _sum(holds: ColumnElement[bool], what: Any) -> ColumnElement[Any]:
    return func.sum(case((holds, what), else_=0.0))
