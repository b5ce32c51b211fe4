"""How long opinions are kept, and of whom: a day before and a day after."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from store import Database
from surveys.lifetime import forget
from surveys.models import Answer, Interview, InterviewState, Mode, Occasion, Survey, SurveyCell
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database

MONTH, DAY = timedelta(days=30.44), timedelta(days=1)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url, clock=FixedClock()) as opened:
        async with opened.write() as session:
            session.add(
                Survey(
                    name="voice", title="Voice", questionnaire="surveys.nps", occasion=Occasion.AFTER_CALL,
                    area="voice", active=True, plan={}, created=EPOCH,
                )
            )  # fmt: skip
        yield opened


def interview(name: str, at: datetime, state: InterviewState = InterviewState.COMPLETE) -> Interview:
    return Interview(
        id=name, survey="voice", version="", mode=Mode.IVR, state=state, customer_id="c1", contact_id="k1",
        call_id="a1", about="f1", agent="mara", team="", site="", partner="", area="voice", region="Roma",
        stratum="voice", weight=1.0, language="it", week="2026-W10", invited=at, started=at, finished=None,
        last_item="",
    )  # fmt: skip


def of_months(count: int) -> dict[str, datetime]:
    return {"old": EPOCH - count * MONTH - DAY, "young": EPOCH - count * MONTH + DAY}


async def test_who_it_was_goes_after_two_years_and_what_they_said_stays(db: Database) -> None:
    async with db.write() as session:
        for name, at in of_months(24).items():
            session.add(interview(name, at))
            await session.flush()
            session.add(Answer(interview=name, item="recommend", at=at, value=9, text=""))
    async with db.write() as session:
        await forget(session, EPOCH)
    async with db.read() as session:
        rows = {row.id: row for row in await session.scalars(select(Interview))}
        assert [row.value for row in await session.scalars(select(Answer))] == [9, 9]
    assert (rows["old"].customer_id, rows["old"].call_id, rows["old"].about) == ("", "", "")
    assert (rows["old"].region, rows["old"].agent) == ("Roma", "mara")
    assert rows["young"].customer_id == "c1"


async def test_words_go_after_a_year_and_choices_stay(db: Database) -> None:
    async with db.write() as session:
        for name, at in of_months(12).items():
            session.add(interview(name, at))
            await session.flush()
            for item, text in (("comment", "a1-9-comment.wav"), ("improve", "waiting")):
                session.add(Answer(interview=name, item=item, at=at, value=None, text=text))
    async with db.write() as session:
        await forget(session, EPOCH)
    async with db.read() as session:
        kept = {(row.interview, row.item): row.text for row in await session.scalars(select(Answer))}
    assert kept == {
        ("old", "comment"): "", ("old", "improve"): "waiting",
        ("young", "comment"): "a1-9-comment.wav", ("young", "improve"): "waiting",
    }  # fmt: skip


async def test_cells_go_after_three_years(db: Database) -> None:
    async with db.write() as session:
        for name, at in of_months(36).items():
            session.add(SurveyCell(survey="voice", cell=name, week="", target=None, done=1, since=at))
    async with db.write() as session:
        await forget(session, EPOCH)
    async with db.read() as session:
        assert list(await session.scalars(select(SurveyCell.cell))) == ["young"]


async def test_interviews_that_nobody_ended_are_ended(db: Database) -> None:
    async with db.write() as session:
        session.add(interview("cut", EPOCH - timedelta(hours=7), InterviewState.STARTED))
        session.add(interview("asked", EPOCH - timedelta(hours=5), InterviewState.STARTED))
        session.add(interview("forgotten", EPOCH - timedelta(days=61), InterviewState.INVITED))
        session.add(interview("invited", EPOCH - timedelta(days=59), InterviewState.INVITED))
    async with db.write() as session:
        await forget(session, EPOCH)
    async with db.read() as session:
        states = {row.id: row.state for row in await session.scalars(select(Interview))}
    assert states == {
        "cut": InterviewState.PARTIAL, "asked": InterviewState.STARTED,
        "forgotten": InterviewState.NO_CONTACT, "invited": InterviewState.INVITED,
    }  # fmt: skip
