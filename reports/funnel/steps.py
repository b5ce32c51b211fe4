"""What the trace says of each step of flows, by interval."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, distinct, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from calls.models import Call, TraceRow
from reports.asked import Asked
from reports.buckets import Lasting, place_in
from reports.steps import Span
from values import TransferEnd

HANGUP: Final = "hangup"
TO_PEOPLE: Final = "transfer"
HANDED: Final = (TransferEnd.TALKED.value,)
"""How a transfer ends in which a person was spoken to."""

_Handed = aliased(TraceRow)


@dataclass(frozen=True, slots=True)
class StepSums:
    """One step in one interval."""

    flow: str
    version: str
    place: int
    path: str
    kind: str
    callers: int
    visits: int
    hung_up: int
    silent: int
    misread: int
    seconds: float
    """Of all visits together."""


@dataclass(frozen=True, slots=True)
class FlowSums:
    """A version of a flow as a whole in one interval; calls are counted once."""

    flow: str
    version: str
    place: int
    callers: int
    hung_up: int
    handed: int
    """Spoke to a person, in this flow or another of the same call."""
    resolved: int


async def step_sums(session: AsyncSession, span: Span, asked: Asked) -> list[StepSums]:
    """Each step that anybody left in the span, in the order in which callers meet them."""
    place = place_in(span, TraceRow.left)
    order = func.avg(TraceRow.seq)
    query = (
        select(
            TraceRow.flow,
            TraceRow.version,
            place,
            TraceRow.path,
            TraceRow.kind,
            func.count(distinct(TraceRow.call_id)),
            func.count(),
            _times(HANGUP),
            _times("no_input"),
            _times("no_match"),
            func.sum(Lasting(TraceRow.entered, TraceRow.left)),
        )
        .where(*_which(span, asked), TraceRow.path != "")
        .group_by(TraceRow.flow, TraceRow.version, place, TraceRow.path, TraceRow.kind)
        .order_by(place, TraceRow.flow, TraceRow.version, order, TraceRow.path)
    )
    return [
        StepSums(
            flow=row[0],
            version=row[1],
            place=int(row[2]),
            path=row[3],
            kind=row[4],
            callers=int(row[5]),
            visits=int(row[6]),
            hung_up=int(row[7]),
            silent=int(row[8]),
            misread=int(row[9]),
            seconds=float(row[10] or 0.0),
        )
        for row in await session.execute(query)
    ]


async def flow_sums(session: AsyncSession, span: Span, asked: Asked) -> dict[tuple[str, str, int], FlowSums]:
    """The same of whole flows, by flow, version and interval."""
    place = place_in(span, TraceRow.left)
    handed = exists().where(
        _Handed.call_id == TraceRow.call_id, _Handed.kind == TO_PEOPLE, _Handed.how.in_(HANDED)
    )
    query = (
        select(
            TraceRow.flow,
            TraceRow.version,
            place,
            func.count(distinct(TraceRow.call_id)),
            _calls(TraceRow.how == HANGUP),
            _calls(handed),
            _calls(Call.goal),
        )
        .outerjoin(Call, Call.call_id == TraceRow.call_id)
        .where(*_which(span, asked))
        .group_by(TraceRow.flow, TraceRow.version, place)
    )
    rows = await session.execute(query)
    found = (
        FlowSums(flow, version, int(where), *map(int, numbers)) for flow, version, where, *numbers in rows
    )
    return {(each.flow, each.version, each.place): each for each in found}


def _which(span: Span, asked: Asked) -> list[ColumnElement[bool]]:
    of = TraceRow.flow.in_(sorted(asked.only)) if asked.only else true()
    version = TraceRow.version == asked.version if asked.version else true()
    return [and_(TraceRow.left >= span.since, TraceRow.left < span.until), of, version]


def _times(how: str) -> Any:
    return func.sum(case((TraceRow.how == how, 1), else_=0))


def _calls(condition: ColumnElement[bool] | Any) -> Any:
    return func.count(distinct(case((condition, TraceRow.call_id))))
