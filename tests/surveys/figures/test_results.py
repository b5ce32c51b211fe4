"""Figures by week and month out of the answers: what counts, what is hidden, what has changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store import Database
from surveys.figures import By, Dimension, Figure, Indicator, Question, Results, Scope, Shown, results
from surveys.models import InterviewState
from tests.surveys.figures.samples import MONDAY, ask, survey

pytestmark = pytest.mark.database

WEEK = {"by": By.WEEK, "since": "2026-W48", "until": "2026-W48"}


async def told(database: Database, **words: Any) -> Results:
    async with database.read() as session:
        return await results(session, Question(**(WEEK | words)))


def figures(found: Results, indicator: Indicator, period: str = "2026-W48") -> dict[str, Figure]:
    return {row.name: row.figures[indicator] for row in found.rows if row.period == period}


def whole(found: Results, indicator: Indicator, period: str = "2026-W48") -> Figure:
    return next(row.figures[indicator] for row in found.totals if row.period == period)


async def test_a_week_of_four_hundred_recommendations_is_thirty_points(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        await ask(session, 200, {"recommend": 10})
        await ask(session, 120, {"recommend": 7})
        await ask(session, 80, {"recommend": 0})
        # whoever hung up on the way, and next week's, count nowhere here
        await ask(session, 50, {"recommend": 0}, state=InterviewState.PARTIAL)
        await ask(session, 9, {"recommend": 10}, at=MONDAY + timedelta(days=7))
    nps = whole(await told(database), Indicator.NPS)
    assert nps.estimate is not None
    assert nps.value == pytest.approx(30)
    assert nps.n == 400
    assert nps.estimate.high - nps.estimate.value == pytest.approx(7.65, abs=0.01)
    courtesy = whole(await told(database), Indicator.COURTESY)
    assert (courtesy.shown, courtesy.value) == (Shown.NOBODY, None)  # n/a, and not 0 %


async def test_four_items_are_told_as_a_share_and_as_a_mean(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        await ask(session, 30, {"waiting": 5, "courtesy": 3})
        await ask(session, 10, {"waiting": 2, "courtesy": None})
    found = await told(database)
    assert whole(found, Indicator.WAITING).value == pytest.approx(0.75)
    assert whole(found, Indicator.WAITING_MEAN).value == pytest.approx(4.25)
    assert whole(found, Indicator.COURTESY).n == 30  # a skipped question is no answer


async def test_a_month_ends_by_the_clocks_of_the_house(database: Database) -> None:
    last_minute = datetime(2026, 10, 31, 22, 59, tzinfo=UTC)  # 23:59 in Rome
    async with database.write() as session:
        await survey(session)
        await ask(session, 31, {"satisfaction": 5}, at=last_minute)
        await ask(session, 33, {"satisfaction": 1}, at=last_minute + timedelta(minutes=1))
    found = await told(database, by=By.MONTH, since="2026-10", until="2026-11")
    october, november = (whole(found, Indicator.CSAT, month) for month in ("2026-10", "2026-11"))
    assert (october.n, october.value) == (31, 1.0)
    assert (november.n, november.value) == (33, 0.0)
    assert november.change is not None
    assert november.change.firm


async def test_a_small_site_is_hidden_and_the_next_smallest_hides_it(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        for site, times in {"Roma": 60, "Ivrea": 40, "Palermo": 12}.items():
            await ask(session, times, {"satisfaction": 5}, site=site)
    found = figures(await told(database, dimension=Dimension.SITE), Indicator.CSAT)
    assert {name: figure.shown for name, figure in found.items()} == {
        "Roma": Shown.YES,
        "Ivrea": Shown.GUARD,  # else the sum less the two others were Palermo
        "Palermo": Shown.FEW,
    }
    assert found["Palermo"].value is found["Ivrea"].value is None
    assert found["Palermo"].n == 12


async def test_an_area_does_not_give_a_site_away(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        for site in ("Roma", "Ivrea"):
            await ask(session, 50, {"satisfaction": 5}, site=site, area="voice")
            await ask(session, 40, {"satisfaction": 4}, site=site, area="adsl")
        await ask(session, 5, {"satisfaction": 1}, site="Roma", area="commercial")
    table = await told(database, dimension=Dimension.SITE, area="adsl")
    # Roma less voice less adsl would be the five, and so would all areas less these two
    assert {name: figure.shown for name, figure in figures(table, Indicator.CSAT).items()} == {
        "Roma": Shown.GUARD,
        "Ivrea": Shown.YES,
    }
    assert whole(table, Indicator.CSAT).shown is Shown.GUARD
    areas = figures(await told(database, dimension=Dimension.AREA), Indicator.CSAT)
    assert {name: figure.shown for name, figure in areas.items()} == {
        "voice": Shown.YES,
        "adsl": Shown.GUARD,
        "commercial": Shown.FEW,
    }


async def test_everybody_sees_what_is_theirs(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        await ask(session, 40, {"satisfaction": 5}, partner="alfa", agent="ada", team="t1")
        await ask(session, 40, {"satisfaction": 1}, partner="beta", agent="bea", team="t2")
        await ask(session, 10, {"satisfaction": 5}, partner="alfa", agent="ada", team="t3")
    own = await told(database, dimension=Dimension.AGENT, scope=Scope(agent="ada"))
    assert {row.name: row.figures[Indicator.CSAT].n for row in own.rows} == {"ada": 50}
    partner = await told(database, dimension=Dimension.PARTNER, scope=Scope(partner="beta"))
    assert [row.name for row in partner.rows] == ["beta"]
    assert whole(partner, Indicator.CSAT).n == 40


async def test_weights_count_and_widen_the_interval(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        await ask(session, 50, {"satisfaction": 5}, weight=1.0)
        await ask(session, 50, {"satisfaction": 1}, weight=3.0)
    csat = whole(await told(database), Indicator.CSAT).estimate
    assert csat is not None
    assert csat.value == pytest.approx(0.25)
    assert (csat.n, csat.worth) == (100, pytest.approx(80))  # 200² / (50 + 450)


async def test_one_survey_is_told_apart_from_another(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        await survey(session, "bill")
        await ask(session, 31, {"satisfaction": 5})
        await ask(session, 35, {"satisfaction": 1}, survey="bill", region="MI")
    found = await told(database, dimension=Dimension.REGION, surveys=frozenset({"bill"}))
    assert {row.name: row.figures[Indicator.CSAT].value for row in found.rows} == {"MI": 0.0}
