"""Weeks counted beforehand: the same figures, sooner; never the figures of yesterday."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from store import Database
from surveys.figures import By, Dimension, Figure, Question, Scope, results
from surveys.figures.bookkeeping import Bookkeeper
from surveys.figures.tallied import suits, tallied_weeks
from surveys.models import AnswerTally, Interview
from tests.surveys.figures.samples import MONDAY, ask, survey
from values.testing import FixedClock

pytestmark = pytest.mark.database
NOW = MONDAY + timedelta(days=3)
QUESTIONS: Mapping[str, Question] = {
    "months by sites": Question(by=By.MONTH, since="2026-09", until="2026-11", dimension=Dimension.SITE),
    "weeks of all": Question(by=By.WEEK, since="2026-W36", until="2026-W48"),
    "a partner's areas": Question(
        by=By.WEEK, since="2026-W40", until="2026-W48", dimension=Dimension.AREA,
        scope=Scope(partner="Levante"),
    ),
    "one area's sites of one survey": Question(
        by=By.MONTH, since="2026-09", until="2026-11", dimension=Dimension.SITE, area="voice",
        surveys=frozenset({"care"}),
    ),
}  # fmt: skip


async def thirteen_weeks(database: Database) -> None:
    """Two sites of the house and a partner's, each week; weights that differ; another survey beside it."""
    async with database.write() as session:
        await survey(session)
        await survey(session, "other")
        for back in range(13):
            at = MONDAY - timedelta(weeks=back) + timedelta(days=back % 3)
            for place, (partner, site) in enumerate((("", "Roma"), ("", "Bari"), ("Levante", "Lecce"))):
                for area in ("voice", "adsl"):
                    where: dict[str, Any] = {"partner": partner, "site": site, "area": area, "at": at}
                    said = {"recommend": (back + place) % 11, "waiting": 1 + back % 5, "courtesy": None}
                    await ask(session, 8 + place, said, weight=1.0 + place / 3, **where)
                    await ask(session, 9, {"recommend": 9, "courtesy": 4}, **where)
            await ask(session, 4, {"recommend": 10}, survey="other", at=at, site="Roma")


def bookkeeper(database: Database) -> Bookkeeper:
    return Bookkeeper(database, FixedClock(NOW))


def marks(figure: Figure) -> Sequence[float]:
    found = figure.estimate
    return [round(each, 9) for each in (found.value, found.low, found.high, found.worth)] if found else []


async def told(database: Database) -> Mapping[str, Any]:
    """Every row of every question, to the ninth digit."""
    found = {}
    async with database.read() as session:
        for name, asked in QUESTIONS.items():
            table = await results(session, asked)
            found[name] = [
                (row.period, row.path, each.value, figure.shown, figure.n, marks(figure))
                for row in [*table.rows, *table.totals]
                for each, figure in row.figures.items()
            ]
    return found


async def weeks_used(database: Database) -> int:
    async with database.read() as session:
        return len(await tallied_weeks(session, QUESTIONS["weeks of all"]))


async def test_the_figures_are_the_same_with_weeks_counted_beforehand(database: Database) -> None:
    await thirteen_weeks(database)
    before = await told(database)
    assert await bookkeeper(database).round() == 12  # the week that goes on is not over
    assert await weeks_used(database) == 12
    assert await told(database) == before
    assert await bookkeeper(database).round() == 0


async def test_a_week_that_changed_is_counted_from_its_answers_until_it_is_counted_anew(
    database: Database,
) -> None:
    await thirteen_weeks(database)
    await bookkeeper(database).round()
    async with database.write() as session:
        await ask(session, 40, {"recommend": 0}, site="Roma", at=MONDAY - timedelta(weeks=4))
        moved = update(Interview).where(Interview.week == "2026-W40", Interview.site == "Bari")
        await session.execute(moved.values(site="Taranto"))
    late = await told(database)
    assert await weeks_used(database) == 10
    async with database.write() as session:
        await session.execute(update(Interview).where(Interview.week == "2026-W42").values(weight=2.0))
    assert await weeks_used(database) == 9
    late = await told(database)
    assert await bookkeeper(database).round() == 3
    assert await weeks_used(database) == 12
    assert await told(database) == late


async def test_what_is_finer_than_sites_is_counted_from_the_answers(database: Database) -> None:
    assert suits(QUESTIONS["months by sites"])
    for words in ({"dimension": Dimension.TEAM}, {"scope": Scope(agent="ada")}, {"zone": "Asia/Tokyo"}):
        assert not suits(Question(by=By.MONTH, since="2026-01", until="2026-12", **words))
    assert not suits(Question(by=By.MONTH, since="2026-11", until="2026-11"))  # quick anyway


async def test_weeks_without_interviews_have_no_tallies(database: Database) -> None:
    assert await bookkeeper(database).round() == 0
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(AnswerTally)) == 0


async def test_weeks_with_great_weights_agree_however_they_were_added_up(database: Database) -> None:
    """A week that never agrees is counted anew for ever, and read the slow way."""
    async with database.write() as session:
        await survey(session)
        for place in range(40):
            at = MONDAY - timedelta(weeks=4, days=place % 28)  # weeks that lie in two months, too
            said = {"recommend": place % 11}
            for weight in (1e6 + place / 7, 1 / 3, 123_456.789 * place + 1):
                await ask(session, 5, said, weight=weight, site="Roma", at=at)
    assert await bookkeeper(database).round() > 0
    assert await bookkeeper(database).round() == 0


async def test_interviews_that_ended_far_off_or_never_do_not_keep_their_week_from_being_counted(
    database: Database,
) -> None:
    await thirteen_weeks(database)
    then = MONDAY - timedelta(weeks=5)
    async with database.write() as session:
        for finished in (None, MONDAY - timedelta(days=2000), MONDAY - timedelta(weeks=20), MONDAY):
            await ask(session, 40, {"recommend": 1}, site="Roma", at=then, finished=finished)
        await ask(session, 40, {"recommend": 2}, at=then, finished=MONDAY.replace(year=1970))
    before = await told(database)
    assert await bookkeeper(database).round() == 12
    assert await weeks_used(database) == 12
    assert await told(database) == before
    assert await bookkeeper(database).round() == 0


async def test_cores_that_count_at_the_same_moment_do_not_trip_over_each_other(database: Database) -> None:
    await thirteen_weeks(database)
    if database.is_sqlite:
        pytest.skip("there is one writer at a time")
    async with database.write() as session:
        await session.execute(text("LOCK TABLE survey_tallies IN SHARE MODE"))  # till both are on their way
        counting = asyncio.gather(bookkeeper(database).round(), bookkeeper(database).round())
        while await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) < 2:
            assert not counting.done()
    assert await counting == [12, 12]
    assert await weeks_used(database) == 12
