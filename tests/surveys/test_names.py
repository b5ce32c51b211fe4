"""Names in a survey that are none: each told by its field, with the word and the nearest that there are."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from agents.queues.models import QueueRow
from customers.seed import seed
from store import Database
from surveys.book import SurveyPlan, UnknownSurveyError
from tests.surveys.calling.conftest import BILL, Town
from values import BadInputError
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        async with db.write() as session:
            await seed(session, 60, day=EPOCH.date())
        yield Town(db, clock)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"area": "voise"}, "area", "no area 'voise'; did you mean 'voice'"),
        ({"questionnaire": "care.nps"}, "questionnaire", "did you mean 'surveys.nps'"),
        ({"plan": {"margins": 0.1}}, "plan.margins", "did you mean 'margin'"),
        ({"plan": {"regions": ["Roma", "Rma"]}}, "plan.regions.1", "no place 'Rma'; did you mean 'Roma'"),
        ({"plan": {"regions": ["Roma"], "targets": {"Rome": 3}}}, "plan.targets.Rome", "mean 'Roma'"),
        ({"plan": {"after": {"evens": ["fault.closed"]}}}, "plan.after.evens", "did you mean 'events'"),
        ({"plan": {"after": {"events": ["fault.close"]}}}, "plan.after.events.0", "mean 'fault.closed'"),
        ({"plan": {"after_call": {"queues": ["biling"]}}}, "plan.after_call.queues", "mean 'billing'"),
        (
            {"plan": {"after_call": {"queues": {"billing": "comercial"}}}},
            "plan.after_call.queues",
            "no area 'comercial'; did you mean 'commercial'",
        ),
        (
            {"plan": {"after_call": {"campaigns": ["opinion_bil"]}}},
            "plan.after_call.campaigns",
            "opinion_bill",
        ),
        ({"plan": {"cati": {"mode": "fast"}}}, "plan.cati.mode", "write 'preview' or 'progressive'"),
        ({"plan": {"cati": {"skil": "x"}}}, "plan.cati.skil", "did you mean 'skill'"),
        ({"plan": {"response": "half"}}, "response", "write a number"),
        ({"plan": {"regions": "Roma"}}, "plan.regions", "write a list, as in [a, b]"),
        ({"plan": {"regions": ["Roma"], "targets": {"Roma": "2"}}}, "plan.targets.Roma", "a whole number"),
        ({"plan": {"regions": ["Roma"], "targets": {"Roma": True}}}, "plan.targets.Roma", "a whole number"),
        (
            {"plan": {"after": {"events": ["fault.closed"], "share": 2}}},
            "plan.after.share",
            "write 1 or less",
        ),
    ],
)
async def test_a_name_that_is_none_is_told_with_the_nearest_there_are(
    town: Town, changed: dict[str, Any], field: str, words: str
) -> None:
    await town.set_up(BILL)
    async with town.db.write() as session:
        queue = {"name": "billing", "title": "", "active": True, "settings": {}, "changed_by": ""}
        session.add(QueueRow(**queue, changed=EPOCH))
    names = ("name", "questionnaire", "occasion", "area", "plan")
    with pytest.raises(BadInputError) as told:
        await town.set_up(SurveyPlan(**{**{name: getattr(BILL, name) for name in names}, **changed}))
    assert (told.value.field, words in str(told.value)) == (field, True), told.value


async def test_a_survey_that_is_not_there_is_told_with_those_like_it(town: Town) -> None:
    await town.set_up(BILL)
    with pytest.raises(UnknownSurveyError, match="no survey 'bil'; did you mean 'bill'"):
        await town.start("bil")
