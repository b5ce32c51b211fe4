"""The campaigns' report: the dialler's own definitions, and the law's window at each interval's end."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dialer.gate import load_profiles
from dialer.models import Attempt, Contact, Mode
from dialer.results import count, ended_of, law_of
from reports import Asked, ReportName, Row, Step, all_rows, report
from store import Database
from tests.dialer.results.samples import NINE, add, after, attempt_row, contact_row, spring
from values.testing import FixedClock

pytestmark = pytest.mark.database


async def calls(session: Any, *rows: dict[str, Any]) -> None:
    """Attempts, with the hours' tallies as the dialler writes them."""
    campaign = await spring(session, mode=Mode.PREDICTIVE)
    await add(session, *rows)
    reading = law_of(load_profiles()["it"], campaign).reading
    made = (await session.scalars(select(Attempt))).all()
    await count(session, [ended_of(each, reading) for each in made])


async def told(database: Database, by: Step, hours: float = 3, **words: Any) -> list[Row]:
    database.clock = FixedClock(after(86400))
    since = words.pop("since", NINE)
    asked = Asked(
        report=ReportName.CAMPAIGNS, since=since, until=since + timedelta(hours=hours), by=by, **words
    )
    rows, _ = await all_rows(await report(database, asked), 1000)
    return rows


def sold(which: int, at: float) -> dict[str, Any]:
    return attempt_row(
        which, at, answered=10, joined=11, released=131, over=131, outcome="done", disposition="done",
        goal=True, agent="ada",
    )  # fmt: skip


def abandoned(which: int, at: float) -> dict[str, Any]:
    return attempt_row(which, at, answered=10, over=13.1, outcome="abandoned")


async def test_a_morning_by_quarters_and_by_hours(database: Database) -> None:
    rows = [sold(n, n * 60) for n in range(30)]  # half an hour of success
    rows += [abandoned(100, 1900), *(attempt_row(200 + n, 2000 + n, over=30, cause=19) for n in range(9))]
    rows += [sold(300, 3700)]
    async with database.write() as session:
        await calls(session, *rows)
        await add(session, *(contact_row(n) for n in range(50)), model=Contact)
    quarters = await told(database, Step.QUARTER)
    assert [row["begin"] for row in quarters] == [NINE, after(900), after(1800), after(3600)]
    assert [row["attempts"] for row in quarters] == [15, 15, 10, 1]
    assert [row["abandoned"] for row in quarters] == [0, 0, 1, 0]
    third = quarters[2]
    assert (third["connect_rate"], third["rpc_rate"], third["talk_mean"]) == (0.1, 0.0, None)
    # Italy's law: 1 of the 30 connected until then today, while in this quarter alone nobody was connected
    assert third["law_rate"] == pytest.approx(1 / 30)
    assert third["abandon_rate"] is None
    assert quarters[3]["law_rate"] == pytest.approx(1 / 31)
    assert third["law_limit"] == 0.03
    first_hour, second_hour = await told(database, Step.HOUR)
    assert (first_hour["attempts"], first_hour["goals"], first_hour["talk_mean"]) == (40, 30, 120.0)
    assert first_hour["talk_seconds"] == 3600.0
    assert first_hour["rpc_of_connects"] == pytest.approx(30 / 31)
    assert (first_hour["penetration"], first_hour["saturation"]) == (0.8, 0.8)
    assert first_hour["outcome:no_answer"] == 9
    assert second_hour["attempts"] == 1


async def test_tallies_and_attempts_tell_the_same(database: Database) -> None:
    async with database.write() as session:
        await calls(
            session, *(sold(n, n * 120) for n in range(40)), *(abandoned(100 + n, n * 500) for n in range(9))
        )
    (from_tallies,) = await told(database, Step.TOTAL, 2)
    (from_attempts,) = await told(database, Step.TOTAL, 2.25)
    same = set(from_tallies) - {"begin"}
    assert {key: from_tallies[key] for key in same} == {key: from_attempts[key] for key in same}


async def test_the_laws_window_reaches_back_before_the_range(database: Database) -> None:
    async with database.write() as session:
        await calls(session, *(sold(n, n) for n in range(19)), abandoned(100, 60), sold(200, 7300))
    (row,) = await told(database, Step.HOUR, 1, since=after(7200))
    assert (row["attempts"], row["abandoned"], row["abandon_rate"]) == (1, 0, 0.0)
    assert row["law_rate"] == pytest.approx(1 / 20)
    (whole_day,) = await told(
        database, Step.DAY, 14, since=NINE
    )  # until midnight in Rome: this day, not the next
    assert whole_day["law_rate"] == pytest.approx(1 / 20)


async def test_nothing_called_nothing_told(database: Database) -> None:
    async with database.write() as session:
        await spring(session)
    assert await told(database, Step.HOUR) == []
    assert await told(database, Step.HOUR, only=frozenset({"autumn"})) == []
