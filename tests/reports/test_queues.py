"""The queues' report, on the vector of the house's rules, and files that say what their columns mean."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from agents.queues.models import QueueVisit
from agents.queues.visits import Visit, VisitEnd
from reports import Asked, ReportName, Row, Step, all_rows, report
from store import Database
from tests.dialer.results.samples import NINE, after
from values.testing import FixedClock

pytestmark = pytest.mark.database


def visits() -> list[dict[str, Any]]:
    """100 in the first quarter: 80 answered (70 in time), 12 hung up (6 in time, 4 at once), 8 sent on."""
    ends = [
        *((VisitEnd.CONNECT, 10.0),) * 70,
        *((VisitEnd.CONNECT, 30.0),) * 10,
        *((VisitEnd.ABANDON, 3.0),) * 4,
        *((VisitEnd.ABANDON, 15.0),) * 2,
        *((VisitEnd.ABANDON, 60.0),) * 6,
        *((VisitEnd.TIMEOUT, 120.0),) * 5,
        *((VisitEnd.KEY, 40.0),) * 2,
        (VisitEnd.OVERFLOW, 90.0),
    ]
    rows = []
    for number, (end, waited) in enumerate(ends):
        visit = Visit(f"v{number}", f"c{number}", "fibre", "node1", after(number), after(number))
        visit.finish(end, after(number + waited))
        if end is VisitEnd.CONNECT:
            visit.agent, visit.talk, visit.hold, visit.wrap = "ada", 100.0, 20.0, 30.0
            visit.finished = after(900 + number)
        rows.append(visit.row())
    return rows


async def told(database: Database, **words: Any) -> list[Row]:
    database.clock = FixedClock(after(86400))
    asked = Asked(
        report=ReportName.QUEUES,
        **({"since": NINE, "until": NINE + timedelta(hours=1), "by": Step.QUARTER} | words),
    )
    rows, _ = await all_rows(await report(database, asked), 100)
    return rows


async def test_each_service_level_by_its_own_definition(database: Database) -> None:
    waiting = Visit("w", "cw", "fibre", "node1", after(5), after(5)).row()
    async with database.write() as session:
        await session.execute(insert(QueueVisit), [*visits(), waiting])
    came, handled = await told(database)
    counts = ("offered", "queue_answered", "in_time", "queue_abandoned", "short_abandons")
    assert [came[key] for key in counts] == [100, 80, 70, 12, 4]
    assert (came["timeouts"], came["call_backs"], came["overflow"], came["closed"]) == (5, 2, 1, 0)
    levels = {
        "queue.service_level": 0.70,
        "queue.service_level_genesys": 70 / 92,
        "queue.service_level_genesys_without_short": 70 / 88,
        "queue.service_level_genesys_with_flow_outs": 0.70,
        "queue.service_level_late_abandons": 70 / 86,
        "queue.service_level_asterisk": 0.875,
        "queue.service_level_asterisk_2": 0.76,
    }
    assert {key: came[key] for key in levels} == pytest.approx(levels)
    assert came["queue.asa"] == pytest.approx((70 * 10 + 10 * 30) / 80)
    assert (came["longest_wait"], came["queue.aht"]) == (120.0, None)
    # whoever came in the first quarter was handled in the second
    assert (handled["offered"], handled["queue_handled"], handled["queue.aht"]) == (0, 80, 150.0)
    assert handled["queue.service_level"] is None


async def test_one_queue_of_several(database: Database) -> None:
    other = Visit("o", "co", "bills", "node1", after(5), after(5))
    other.finish(VisitEnd.CLOSED, after(5))
    async with database.write() as session:
        await session.execute(insert(QueueVisit), [*visits(), other.row()])
    (row,) = await told(database, only=frozenset({"bills"}), by=Step.TOTAL)
    assert (row["queue"], row["offered"], row["closed"], row["queue.service_level"]) == ("bills", 1, 1, 0.0)
