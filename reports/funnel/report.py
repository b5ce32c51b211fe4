"""The funnel of flows."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from calls.models import TraceRow
from reports.asked import Asked
from reports.funnel.steps import FlowSums, StepSums, flow_sums, step_sums
from reports.steps import spans
from reports.tables import Column, Kind, Row, Table, Value, ratio
from store import Database

WHOLE: Final = "∎"
"""The step's name in the row of a flow as a whole."""

COLUMNS: Final = (
    Column("begin", Kind.TIME),
    *(Column(key, Kind.TEXT) for key in ("flow", "version", "step", "step_kind")),
    Column("callers"),
    Column("reach", Kind.SHARE),
    *(Column(key) for key in ("visits", "hung_up")),
    Column("step_abandonment", Kind.SHARE),
    *(Column(key) for key in ("silent", "misread")),
    Column("step_mean", Kind.SECONDS),
    *(Column(key, Kind.SHARE) for key in ("containment", "resolved")),
)


async def funnel_report(db: Database, asked: Asked) -> Table:
    """Its columns, and rows to come: each version's whole, then its steps in the order callers meet them."""
    return Table(COLUMNS, _rows(db, asked), main="callers", name="step")


async def _rows(db: Database, asked: Asked) -> AsyncIterator[Sequence[Row]]:
    now = db.clock.now()
    if not asked.only:
        asked = await _all_flows(db, asked)
    for span in spans(asked.since, asked.until, asked.by, asked.clock):
        if span.since >= now:
            return
        async with db.read() as session:
            flows = await flow_sums(session, span, asked)
            steps = await step_sums(session, span, asked)
        rows: list[Row] = []
        told: set[tuple[str, str, int]] = set()
        for step in steps:
            key = (step.flow, step.version, step.place)
            whole = flows[key]
            if key not in told:
                told.add(key)
                rows.append({"begin": span.begin(step.place), **_whole(whole)})
            rows.append({"begin": span.begin(step.place), **_step(step, whole)})
        yield rows


async def _all_flows(db: Database, asked: Asked) -> Asked:
    """Every flow by name, as the index of the trace begins with it."""
    async with db.read() as session:
        names = await session.scalars(select(TraceRow.flow).distinct())
        return replace(asked, only=frozenset(names))


def _whole(flow: FlowSums) -> dict[str, Value]:
    return {
        "flow": flow.flow,
        "version": flow.version,
        "step": WHOLE,
        "step_kind": "",
        "callers": flow.callers,
        "reach": 1.0,
        "visits": None,
        "hung_up": flow.hung_up,
        "step_abandonment": ratio(flow.hung_up, flow.callers),
        "silent": None,
        "misread": None,
        "step_mean": None,
        "containment": ratio(flow.callers - flow.handed, flow.callers),
        "resolved": ratio(flow.resolved, flow.callers),
    }


def _step(step: StepSums, flow: FlowSums) -> dict[str, Value]:
    return {
        "flow": step.flow,
        "version": step.version,
        "step": step.path,
        "step_kind": step.kind,
        "callers": step.callers,
        "reach": ratio(step.callers, flow.callers),
        "visits": step.visits,
        "hung_up": step.hung_up,
        "step_abandonment": ratio(step.hung_up, step.callers),
        "silent": step.silent,
        "misread": step.misread,
        "step_mean": ratio(step.seconds, step.visits),
        "containment": None,
        "resolved": None,
    }
