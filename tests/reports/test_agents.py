"""The agents' report: every second in one place, every call where its wrap-up ended."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from agents.models import Agent, AgentEvent
from dialer.models import Mode
from reports import Asked, ReportName, Row, Step, all_rows, report
from store import Database
from tests.dialer.results.samples import NINE, add, after, attempt_row, spring
from values.testing import FixedClock

pytestmark = pytest.mark.database
MORNING = {"since": NINE, "until": NINE + timedelta(hours=2)}


async def staff(session: Any, *names: str) -> None:
    row = {"endpoint": "", "skills": [], "node": "", "active": True, "created": NINE}
    await session.execute(insert(Agent), [{"name": name, "title": name.title(), **row} for name in names])


async def day(session: Any, agent: str, *steps: tuple[float, str] | tuple[float, str, str]) -> None:
    """What an agent did: at so many seconds after nine they came into a state, perhaps for a reason."""
    before, since = "offline", steps[0][0]
    for at, state, *why in steps:
        campaign = "spring" if {state, before} & {"talking", "wrap_up"} else ""
        session.add(
            AgentEvent(
                agent=agent, at=after(at), state=state, before=before, seconds=at - since,
                reason="".join(why), campaign=campaign, call_id="",
            )
        )  # fmt: skip
        before, since = state, at
        await session.flush()


async def told(database: Database, now: datetime, by: Step = Step.HALF, **words: Any) -> list[Row]:
    database.clock = FixedClock(now)
    table = await report(database, Asked(report=ReportName.AGENTS, by=by, **(MORNING | words)))
    rows, more = await all_rows(table, 1000)
    assert not more
    return rows


async def test_a_morning_of_one_agent(database: Database) -> None:
    async with database.write() as session:
        await spring(session, mode=Mode.PREDICTIVE)
        await staff(session, "ada", "bea")
        await day(
            session, "ada", (0, "ready"), (600, "reserved"), (601, "talking"), (1700, "wrap_up"),
            (1900, "ready"), (2500, "paused", "lunch"), (4300, "ready"), (5400, "offline", "sign_out"),
        )  # fmt: skip
        call = {"agent": "ada", "joined": 10, "answered": 5, "over": 1700, "at": 0}
        await add(session, attempt_row(1, outcome="sold", disposition="sold", **call))
    rows = await told(database, after(7200))
    first, second, third = rows  # and nothing where nobody was signed in
    assert [row["begin"] for row in rows] == [NINE, after(1800), after(3600)]
    assert (first["ready"], first["talk"], first["wrap"]) == (601.0, 1099.0, 100.0)
    assert (second["wrap"], second["ready"], second["paused"]) == (100.0, 600.0, 1100.0)
    assert second["pause:lunch"] == 1100.0
    assert (third["pause:lunch"], third["ready"], third["logged"]) == (700.0, 1100.0, 1800.0)
    # the talk ended in the first half hour, its wrap-up in the second: there it is handled, as a whole
    assert (first["talks"], first["outbound"], first["handled"], first["aht"]) == (1, 1, 0, None)
    assert (second["talks"], second["handled"], second["aht"]) == (0, 1, 1299.0)
    assert first["disposition:sold"] == 1
    assert first["occupancy"] == pytest.approx(1199 / 1800)
    assert third["utilisation"] == 0.0
    (whole,) = await told(database, after(7200), Step.DAY)
    assert whole["logged"] == 5400.0
    assert whole["aht"] == 1299.0
    assert whole["utilisation"] == pytest.approx(1299 / 5400)


async def test_who_is_at_something_still_is_counted_until_now(database: Database) -> None:
    async with database.write() as session:
        await staff(session, "ada", "bea")
        await day(session, "ada", (0, "ready"), (600, "talking"))
        await day(session, "bea", (100, "ready"), (700, "paused", "training"))
    ada, bea = await told(database, after(1000))
    assert (ada["agent_title"], ada["talk"], ada["ready"], ada["talks"]) == ("Ada", 400.0, 600.0, 0)
    assert (bea["pause:training"], bea["occupancy"]) == (300.0, 0.0)


async def test_a_state_left_over_by_a_crash_does_not_go_on_for_days(database: Database) -> None:
    async with database.write() as session:
        await staff(session, "ada")
        await day(session, "ada", (0, "ready"), (600, "paused", "lunch"))
    days = {"since": NINE, "until": NINE + timedelta(days=7), "by": Step.DAY}
    rows = await told(database, after(6 * 86400), **days)
    assert [row["begin"] for row in rows] == [NINE]  # until midnight, as nobody knows better


async def test_a_long_talk_over_midnight_is_in_both_days(database: Database) -> None:
    midnight = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)  # in Rome
    begin = (midnight - NINE).total_seconds() - 300
    async with database.write() as session:
        await staff(session, "ada")
        await day(
            session, "ada", (begin, "talking"), (begin + 900, "wrap_up"), (begin + 960, "offline", "sign_out")
        )
    two_days = {"since": NINE - timedelta(hours=10), "until": midnight + timedelta(days=1), "by": Step.DAY}
    before, behind = await told(database, midnight + timedelta(days=2), **two_days)
    assert (before["talk"], before["talks"], before["aht"]) == (300.0, 0, None)
    assert (behind["talk"], behind["talks"], behind["aht"]) == (600.0, 1, 960.0)


async def test_quarters_add_up_to_the_day(database: Database) -> None:
    steps = [(n * 137.0, ("ready", "talking", "wrap_up", "paused")[n % 4]) for n in range(50)]
    async with database.write() as session:
        await staff(session, "ada")
        await day(session, "ada", *steps, (7000, "offline", "sign_out"))
    (whole,) = await told(database, after(9000), Step.TOTAL)
    for step in (Step.QUARTER, Step.HALF, Step.HOUR, Step.DAY):
        rows = await told(database, after(9000), step)
        for key in ("logged", "ready", "talk", "wrap", "paused", "talks", "handled"):
            assert sum(row[key] for row in rows) == pytest.approx(whole[key]), (step, key)  # type: ignore[misc]


async def test_a_partner_sees_only_its_own(database: Database) -> None:
    async with database.write() as session:
        await staff(session, "ada", "bea")
        for name in ("ada", "bea"):
            await day(session, name, (0, "ready"), (600, "offline", "sign_out"))
    rows = await told(database, after(1000), agents=frozenset({"bea"}))
    assert [row["agent"] for row in rows] == ["bea"]
    assert await told(database, after(1000), agents=frozenset({"bea"}), only=frozenset({"ada"})) == []
    assert await told(database, after(1000), agents=frozenset()) == []
