"""From the invitation to the last answer: each ends once and counts once, whatever happens twice."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from store import Database, OutboxEvent
from surveys.interviews import Beginning, Given, Invitation, answer, begin, break_off, finish, invite, settle
from surveys.items import OffScaleError
from surveys.models import Answer, Interview, InterviewState, Occasion, Survey, SurveyCell
from surveys.sampling import may_ask
from values import BadInputError, Scalar
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database

CALM: Mapping[str, Scalar] = {"waiting": 4, "recommend": "10"}


class Study:
    """One survey after calls, of which each cell may have two complete interviews."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def invited(self, *ids: str, cell: str = "voice") -> None:
        async with self.db.write() as session:
            invitations = [
                Invitation(survey="voice", customer_id=f"of-{one}", id=one, stratum=cell) for one in ids
            ]
            assert await invite(session, invitations, EPOCH) == list(ids)

    async def begun(self, *ids: str, call: str = "call") -> frozenset[str]:
        async with self.db.write() as session:
            return await begin(
                session, [Beginning(interview=one, call_id=f"{call}-{one}") for one in ids], EPOCH
            )

    async def finished(self, *ids: str, answers: Mapping[str, Scalar] = CALM) -> Mapping[str, InterviewState]:
        async with self.db.write() as session:
            return await finish(session, [Given(interview=one, answers=answers) for one in ids], EPOCH)

    async def broken(
        self, one: str, answers: Mapping[str, Scalar], at_item: str = ""
    ) -> Mapping[str, InterviewState]:
        async with self.db.write() as session:
            return await break_off(session, [Given(interview=one, answers=answers, at_item=at_item)], EPOCH)

    async def row(self, one: str) -> Interview:
        async with self.db.read() as session:
            found = await session.get(Interview, one)
            assert found is not None
            return found

    async def answers(self, one: str) -> dict[str, Any]:
        async with self.db.read() as session:
            rows = await session.scalars(select(Answer).where(Answer.interview == one))
            return {row.item: row.text or row.value for row in rows}

    async def counted(self) -> list[tuple[str, str, int | None, int]]:
        async with self.db.read() as session:
            rows = await session.scalars(select(SurveyCell).order_by(SurveyCell.cell))
            return [(row.cell, row.week, row.target, row.done) for row in rows]

    async def told(self) -> list[tuple[str, Any]]:
        async with self.db.read() as session:
            rows = await session.scalars(select(OutboxEvent).order_by(OutboxEvent.seq))
            return [(row.kind, row.payload) for row in rows]


@pytest.fixture
async def study(database_url: str) -> AsyncIterator[Study]:
    async with Database(database_url, clock=FixedClock()) as db:
        async with db.write() as session:
            session.add(
                Survey(
                    name="voice",
                    title="After a call",
                    questionnaire="surveys.four_items",
                    occasion=Occasion.AFTER_CALL,
                    area="voice",
                    active=True,
                    plan={"targets": {"voice": 2}},
                    created=EPOCH,
                )
            )
        yield Study(db)


async def test_who_answers_everything_is_complete_and_counted_once(study: Study) -> None:
    await study.invited("i1")
    await study.invited("i1")
    assert await study.begun("i1") == {"i1"}
    assert await study.finished("i1") == {"i1": InterviewState.COMPLETE}
    assert await study.finished("i1") == {"i1": InterviewState.COMPLETE}
    row = await study.row("i1")
    assert (row.area, row.week, row.last_item, row.call_id) == ("voice", "2026-W10", "", "call-i1")
    assert await study.answers("i1") == {"waiting": 4, "recommend": 10}
    assert await study.counted() == [("voice", "2026-W10", 2, 1)]
    told = await study.told()
    assert [kind for kind, _ in told] == ["surveys.finished"]
    assert told[0][1]["answers"] == {"waiting": 4, "recommend": 10}


async def test_who_hangs_up_on_the_way_is_kept_and_not_counted(study: Study) -> None:
    await study.invited("i1")
    await study.begun("i1")
    await study.broken("i1", {"waiting": 2, "correctness": None}, "correctness")
    row = await study.row("i1")
    assert (row.state, row.last_item) == (InterviewState.PARTIAL, "correctness")
    assert await study.answers("i1") == {"waiting": 2}
    assert await study.counted() == []


async def test_who_hangs_up_before_agreeing_has_refused(study: Study) -> None:
    await study.invited("i1")
    assert await study.broken("i1", {}, "consent") == {"i1": InterviewState.REFUSED}
    assert await study.begun("i1") == frozenset()
    assert await study.told() == []


async def test_who_agrees_and_then_answers_nothing_is_not_counted(study: Study) -> None:
    await study.invited("i1")
    await study.begun("i1")
    silence = {"waiting": None, "recommend": None}
    assert await study.finished("i1", answers=silence) == {"i1": InterviewState.PARTIAL}
    assert await study.counted() == []


async def test_who_answers_nothing_and_then_hangs_up_is_told_of_once(study: Study) -> None:
    await study.invited("i1")
    await study.begun("i1")
    assert await study.finished("i1", answers={"waiting": None}) == {"i1": InterviewState.PARTIAL}
    assert await study.broken("i1", {}, at_item="comment") == {"i1": InterviewState.PARTIAL}
    assert await study.finished("i1", answers={"waiting": None}) == {"i1": InterviewState.PARTIAL}
    assert [kind for kind, _ in await study.told()] == ["surveys.finished"]


async def test_a_call_that_was_cut_goes_on_and_is_complete_after_all(study: Study) -> None:
    await study.invited("i1")
    await study.begun("i1")
    await study.broken("i1", {"waiting": 2})
    assert await study.begun("i1", call="another") == frozenset()
    assert await study.begun("i1") == {"i1"}
    assert await study.finished("i1") == {"i1": InterviewState.COMPLETE}


@pytest.mark.parametrize("noticed", [False, True], ids=["nobody noticed", "noted as broken off"])
async def test_whom_a_fallen_core_cut_off_is_asked_when_they_are_rung_again(
    study: Study, noticed: bool
) -> None:
    rung = Invitation(survey="voice", customer_id="k1", id="i1", stratum="voice", contact_id="contact")
    async with study.db.write() as session:
        await invite(session, [rung], EPOCH)
    await study.begun("i1")
    if noticed:
        await study.broken("i1", {"waiting": 2}, "correctness")
    assert await study.begun("i1", call="an hour later") == {"i1"}
    assert await study.finished("i1") == {"i1": InterviewState.COMPLETE}
    assert await study.begun("i1", call="and once more") == frozenset()
    row = await study.row("i1")
    assert (row.call_id, row.last_item) == ("an hour later-i1", "")
    assert await study.answers("i1") == {"waiting": 4, "recommend": 10}


async def test_a_full_cell_asks_nobody_more(study: Study) -> None:
    await study.invited("i1", "i2", "i3")
    await study.invited("elsewhere", cell="adsl")
    assert await study.begun("i1", "i2") == {"i1", "i2"}
    await study.finished("i1", "i2")
    assert await study.begun("i3", "elsewhere") == {"elsewhere"}
    row = await study.row("i3")
    assert (row.state, row.started, row.finished) == (InterviewState.INELIGIBLE, EPOCH, EPOCH)
    async with study.db.read() as session:
        assert await may_ask(session, [row.customer_id], EPOCH) == frozenset(), "they had agreed, and rest"


async def test_a_cell_never_has_more_than_it_may_however_many_end_at_once(study: Study) -> None:
    ids = [f"i{place}" for place in range(8)]
    await study.invited(*ids)
    assert len(await study.begun(*ids)) == 8
    states = await asyncio.gather(*(study.finished(one) for one in ids))
    ended = [state for each in states for state in each.values()]
    assert ended.count(InterviewState.COMPLETE) == 2
    assert ended.count(InterviewState.INELIGIBLE) == 6
    assert await study.counted() == [("voice", "2026-W10", 2, 2)]


async def test_who_is_not_content_is_told_of_at_once(study: Study) -> None:
    await study.invited("i1", "i2")
    await study.begun("i1", "i2")
    await study.finished("i1", answers={"recommend": 6})
    await study.finished("i2", answers={"recommend": 7})
    low = [said for kind, said in await study.told() if kind == "surveys.detractor"]
    assert [(each["interview"], each["score"], each["area"]) for each in low] == [("i1", 6, "voice")]


async def test_who_was_never_reached_is_settled_and_who_was_asked_is_not(study: Study) -> None:
    await study.invited("i1", "i2")
    await study.begun("i2")
    async with study.db.write() as session:
        states = await settle(session, dict.fromkeys(("i1", "i2"), InterviewState.NO_CONTACT), EPOCH)
    assert states == {"i1": InterviewState.NO_CONTACT, "i2": InterviewState.STARTED}


async def test_an_answer_off_its_scale_is_refused(study: Study) -> None:
    await study.invited("i1")
    with pytest.raises(OffScaleError, match="recommend is answered from 0 to 10, not by 11"):
        async with study.db.write() as session:
            await answer(session, [Given(interview="i1", answers={"recommend": 11})], EPOCH)


async def test_a_survey_that_is_not_there_invites_nobody(study: Study) -> None:
    with pytest.raises(BadInputError, match="there is no survey 'nothing'"):
        async with study.db.write() as session:
            await invite(session, [Invitation(survey="nothing", customer_id="c1")], EPOCH)
