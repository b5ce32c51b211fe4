"""The funnel of flows: who got how far, who left where, and who needed a person."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from calls import CallEnd, CallStart, Direction, Journal, TraceStep
from reports import Asked, ReportName, Row, Step, all_rows, report
from store import Database
from tests.dialer.results.samples import NINE, after
from values import CallId
from values.testing import FixedClock

pytestmark = pytest.mark.database
FLOW = "care.service_0611"


def caller(
    journal: Journal, which: int, *steps: tuple[str, str, str], goal: bool = False, version: str = "v1"
) -> None:
    """One call through steps: path, kind, how it was left; each takes five seconds."""
    call_id, began = CallId(f"node1-1.{which}"), after(which * 60)
    journal.call_started(
        CallStart(call_id, Direction.INBOUND, began, "node1", "trunk", "+393290000017", "0611", FLOW, version)
    )
    for seq, (path, kind, how) in enumerate([("", "start", "done"), *steps]):
        entered = began + timedelta(seconds=5 * max(0, seq - 1))
        left = entered + timedelta(seconds=5 if seq else 0)
        journal.step(TraceStep(call_id, seq, path, FLOW, version, kind, entered, left, how))
    journal.call_ended(
        CallEnd(call_id, began + timedelta(seconds=60), 16, "", "resolved" if goal else "", goal=goal)
    )


async def told(database: Database, **words: Any) -> list[Row]:
    database.clock = FixedClock(after(86400))
    asked = Asked(report=ReportName.FUNNEL, since=NINE, until=after(3600), **({"by": Step.TOTAL} | words))
    rows, _ = await all_rows(await report(database, asked), 1000)
    return rows


async def callers(database: Database, tmp_path: Path) -> None:
    main, bill = ("main", "menu", "key"), ("bill", "say", "done")
    async with Journal(database, FixedClock(NINE), tmp_path / "spill") as journal:
        caller(journal, 0, main, bill, ("bye", "end", "done"), goal=True)
        caller(
            journal, 1, ("main", "menu", "no_input"), ("main", "menu", "no_match"), ("main", "menu", "hangup")
        )
        caller(journal, 2, main, ("bill", "say", "hangup"))
        caller(journal, 3, main, ("people", "transfer", "talked"))
        caller(journal, 4, main, ("people", "transfer", "no_answer"), ("people", "transfer", "hangup"))
        caller(journal, 5, main, bill, version="v2")
        await journal.flush()


async def test_where_callers_go_and_leave(database: Database, tmp_path: Path) -> None:
    await callers(database, tmp_path)
    rows = [row for row in await told(database) if row["version"] == "v1"]
    whole, main, *others = rows
    assert (whole["step"], whole["callers"], whole["hung_up"]) == ("∎", 5, 3)
    assert (whole["containment"], whole["resolved"]) == (0.8, 0.2)
    assert (main["step"], main["callers"], main["visits"], main["reach"]) == ("main", 5, 7, 1.0)
    assert (main["hung_up"], main["step_abandonment"], main["silent"], main["misread"]) == (1, 0.2, 1, 1)
    assert main["step_mean"] == pytest.approx(5.0, abs=0.01)
    assert [row["step"] for row in others] == ["bill", "people", "bye"]
    bill = others[0]
    assert (bill["callers"], bill["reach"], bill["step_abandonment"]) == (2, 0.4, 0.5)


async def test_versions_are_told_apart_and_intervals_too(database: Database, tmp_path: Path) -> None:
    await callers(database, tmp_path)
    second = await told(database, version="v2", only=frozenset({FLOW}))
    assert [(row["step"], row["callers"]) for row in second] == [("∎", 1), ("main", 1), ("bill", 1)]
    assert {row["begin"] for row in await told(database, by=Step.HOUR)} == {NINE}
    assert await told(database, only=frozenset({"no.such"})) == []
