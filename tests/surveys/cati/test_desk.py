"""An agent asks what a voice would have asked: one questionnaire, the same tables, whatever breaks off."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from ivr import Actions, FlowLibrary, FlowStore
from ivr.scripts import How, Move, PageView, RunOf, ScriptRuns
from ivr.scripts.forms import DECLINED
from store import Database
from surveys import FLOWS, Questioning
from surveys.cati import publish_scripts
from surveys.interviews import Invitation, invite
from surveys.models import Answer, Interview, InterviewState, Mode, Occasion, Survey
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database

FILES = sorted(FLOWS.glob("*.yaml"))


class Desk:
    """An agent's desk with the script of a questionnaire, and somebody who is to be asked."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db = db
        self.actions = Actions()
        Questioning(db).register(self.actions)
        self.store = FlowStore(db, clock, actions=self.actions)
        self.library = FlowLibrary(db, clock)
        self.runs = ScriptRuns(db, clock, self.library, self.actions)
        self.turn = 0
        self.run = ""

    async def opens(self, call: str = "call-1") -> PageView:
        wanted = RunOf(
            "surveys.four_items_desk", call, "marta", "k1", "opinion_voice", {"interview": "i1"}, "it"
        )
        self.run = await self.runs.start(wanted)
        return await self._now()

    async def chooses(self, key: str) -> PageView:
        await self.runs.move(self.run, Move(self.turn, How.ANSWER, key), reader="en")
        return await self._now()

    async def fills_in(self, **typed: str) -> PageView:
        moved = await self.runs.move(self.run, Move(self.turn, How.NEXT, typed=typed), reader="en")
        assert not moved.stale
        return await self._now()

    async def breaks_off(self) -> PageView:
        await self.runs.move(self.run, Move(self.turn, How.GIVE_UP), reader="en")
        return await self._now()

    async def _now(self) -> PageView:
        page = await self.runs.page(self.run, reader="en")
        self.turn = page.turn
        return page

    async def interview(self) -> Interview:
        async with self.db.read() as session:
            return await session.get_one(Interview, "i1")

    async def answers(self) -> dict[str, int | str | None]:
        async with self.db.read() as session:
            rows = await session.scalars(select(Answer).where(Answer.interview == "i1"))
            return {row.item: row.text or row.value for row in rows}


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        async with db.write() as session:
            session.add(
                Survey(
                    name="voice", title="", questionnaire="surveys.four_items", occasion=Occasion.POLL,
                    area="", active=True, plan={}, created=EPOCH,
                )
            )  # fmt: skip
            await session.flush()
            await invite(session, [Invitation(survey="voice", customer_id="k1", id="i1")], EPOCH)
        made = Desk(db, clock)
        await made.store.publish([path.read_text("utf-8") for path in FILES], by="house")
        await publish_scripts(made.store, by="house")
        await made.library.refresh()
        yield made


async def test_the_agent_reads_the_questions_and_their_answers_are_counted_like_others(desk: Desk) -> None:
    page = await desk.opens()
    assert "cinque domande" in page.say[0]
    assert [answer.text for answer in page.answers] == ["If you would like to answer", "If not"]
    page = await desk.chooses("1")
    (scale,) = page.fields
    assert "Da 1 a 5" in page.say[0]
    assert (scale.type, [each.value for each in scale.options][:5]) == ("scale", ["1", "2", "3", "4", "5"])
    begun = await desk.interview()
    assert (begun.state, begun.mode, begun.call_id) == (InterviewState.STARTED, Mode.CATI, "call-1")
    for item, mark in (("waiting", "4"), ("correctness", "5"), ("ability", "3"), ("courtesy", DECLINED)):
        page = await desk.fills_in(**{item: mark})
    await desk.fills_in(recommend="10")
    await desk.chooses("1")
    page = await desk.fills_in(spoken="Ha aspettato troppo.")
    assert page.outcome
    assert (await desk.interview()).state is InterviewState.COMPLETE
    assert await desk.answers() == {
        "waiting": 4, "correctness": 5, "ability": 3, "courtesy": None, "recommend": 10,
        "comment": "Ha aspettato troppo.",
    }  # fmt: skip


async def test_who_hangs_up_on_the_way_leaves_what_they_have_said(desk: Desk) -> None:
    await desk.opens()
    await desk.chooses("1")
    await desk.fills_in(waiting="2")
    await desk.fills_in(correctness="1")
    assert await desk.answers() == {"waiting": 2, "correctness": 1}  # should the desk fall
    page = await desk.breaks_off()
    assert page.outcome
    left = await desk.interview()
    assert (left.state, left.last_item) == (InterviewState.PARTIAL, "ability")
    published = {each.name: each.version for each in await desk.store.published()}
    assert left.version == published["surveys.four_items_desk"]


async def test_who_asks_to_be_rung_again_goes_on_where_their_answers_are(desk: Desk) -> None:
    await desk.opens()
    await desk.chooses("1")
    await desk.fills_in(waiting="2")
    await desk.breaks_off()
    await desk.opens("call-2")
    page = await desk.chooses("1")
    assert page.fields  # asked, not sent away
    now = await desk.interview()
    assert (now.state, now.call_id) == (InterviewState.STARTED, "call-2")
    assert await desk.answers() == {"waiting": 2}


async def test_who_would_rather_not_has_refused(desk: Desk) -> None:
    await desk.opens()
    page = await desk.chooses("2")
    assert page.outcome
    assert (await desk.interview()).state is InterviewState.REFUSED


async def test_a_questionnaire_that_was_changed_here_changes_its_script_but_no_script_of_ours(
    desk: Desk,
) -> None:
    text = (FLOWS / "csat.yaml").read_text("utf-8").replace("how satisfied are you", "how content are you")
    await desk.store.publish(text, by="omar")
    assert await publish_scripts(desk.store, by="house") == ["surveys.csat_desk"]
    assert await publish_scripts(desk.store, by="house") == []
    scripts = {each.name: each.text for each in await desk.store.published()}
    assert "how content are you" in scripts["surveys.csat_desk"]
    own = scripts["surveys.nps_desk"].replace("Question", "Our question")
    await desk.store.publish(own, by="omar")
    changed = (FLOWS / "nps.yaml").read_text("utf-8").replace("how likely are you", "would you")
    await desk.store.publish(changed, by="omar")
    assert await publish_scripts(desk.store, by="house") == []
