"""A survey that agents ask has a campaign with agents, and its questionnaire on their desk."""

import pytest

from dialer import Gate, Mode, load_profiles
from dialer.models import Campaign
from store import Database
from surveys.book import Book, SurveyPlan, campaign_of
from surveys.models import Occasion
from values import BadInputError
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database


async def _campaign(db: Database, plan: dict[str, object]) -> Campaign:
    book = Book(Gate(load_profiles(), country="IT"), profile="none", caller_id="+390650000611")
    wanted = SurveyPlan(name="bills", questionnaire="surveys.nps", occasion=Occasion.POLL, plan=plan)
    async with db.write() as session:
        await book.set_up(session, wanted, EPOCH)
    async with db.read() as session:
        return await session.get_one(Campaign, campaign_of("bills"))


async def test_agents_ask_with_the_questionnaire_on_their_desk(database_url: str) -> None:
    async with Database(database_url, clock=FixedClock()) as db:
        asked = await _campaign(db, {"cati": {"mode": "preview", "skill": "surveys"}})
        assert (asked.mode, asked.skill, asked.script) == (Mode.PREVIEW, "surveys", "surveys.nps_desk")
        assert [each["name"] for each in asked.dispositions][:4] == [
            "complete", "declined", "broken_off", "call_back",
        ]  # fmt: skip
        spoken = await _campaign(db, {})
        assert (spoken.mode, spoken.script) == (Mode.AGENTLESS, "")


async def test_a_way_of_asking_that_cannot_be_is_refused(database_url: str) -> None:
    async with Database(database_url, clock=FixedClock()) as db:
        with pytest.raises(BadInputError) as problem:
            await _campaign(db, {"cati": {"mode": "predictive"}})
    assert problem.value.field == "plan.cati.mode"
