"""The queues' report: its figures are `agents.queues.kpis`, each by its named definition."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from agents.queues.definitions import definitions as queue_figures
from agents.queues.kpis import QUEUE_KPIS
from reports.asked import Asked
from reports.definitions import QUEUE_FIGURE
from reports.queues.visits import LEFT, Visits, visits_in
from reports.steps import spans
from reports.tables import Column, Kind, Row, Table, Value
from store import Database

_UNITS: Final = {"percent": Kind.SHARE, "seconds": Kind.SECONDS}


async def queues_report(db: Database, asked: Asked) -> Table:
    """Its columns, and rows to come."""
    figures = queue_figures()
    columns = [
        Column("begin", Kind.TIME),
        Column("queue", Kind.TEXT),
        *(
            Column(key)
            for key in ("offered", "queue_answered", "in_time", "queue_abandoned", "short_abandons")
        ),
        *(Column(QUEUE_FIGURE + name, _UNITS[figures[name].unit]) for name in QUEUE_KPIS),
        Column("longest_wait", Kind.SECONDS),
        *(Column(key) for key in LEFT),
        Column("queue_handled"),
    ]
    return Table(columns, _rows(db, asked), main="offered", name="queue")


async def _rows(db: Database, asked: Asked) -> AsyncIterator[Sequence[Row]]:
    now = db.clock.now()
    for span in spans(asked.since, asked.until, asked.by, asked.clock):
        if span.since >= now:
            return
        async with db.read() as session:
            found = await visits_in(session, span, asked)
        ordered = sorted(found.items(), key=lambda each: (each[0][1], each[0][0]))
        yield [{"begin": span.begin(place), **_row(queue, visits)} for (queue, place), visits in ordered]


def _row(queue: str, visits: Visits) -> dict[str, Value]:
    tally = visits.tally
    return {
        "queue": queue,
        "offered": tally.offered - tally.waiting,
        "queue_answered": tally.answered,
        "in_time": tally.in_time,
        "queue_abandoned": tally.abandoned,
        "short_abandons": tally.short,
        **{QUEUE_FIGURE + name: figure(tally) for name, figure in QUEUE_KPIS.items()},
        "longest_wait": tally.longest_wait,
        **visits.left,
        "queue_handled": tally.handled,
    }
