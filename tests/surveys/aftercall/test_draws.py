"""Who is asked after a talk with an agent is drawn while they talk, once, and only who may be asked."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from agents import agent_card, put_agents
from calls import CallState, Direction
from calls.models import Call
from customers import Customers
from dialer import Suppression, forbid_calls
from store import Database
from surveys.aftercall import AfterCalls, Asked, Talk
from surveys.interviews import Beginning, Given, begin, finish
from surveys.models import Interview, InterviewState, Occasion, Survey
from values import CallId, PhoneNumber
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database

NUMBER = PhoneNumber("+393290000017")


class Floor:
    """A survey after the calls of one queue, and its draw."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db = db
        self.clock = clock
        self.published = True
        self.book = AfterCalls(db, Customers(db), lambda _flow: self.published, clock)

    async def talk(self, call: str = "c1", customer: str = "k1", **more: Any) -> Asked | None:
        given: dict[str, Any] = {
            "agent": "anna", "queue": "technical", "campaign": "", "number": NUMBER, "language": "it", **more,
        }  # fmt: skip
        return await self.book.draw(
            Talk(call_id=CallId(call), customer_id=customer, at=self.clock.now(), **given)
        )

    async def answered(self, asked: Asked, call: str = "c1") -> None:
        now = self.clock.now()
        async with self.db.write() as session:
            assert await begin(session, [Beginning(interview=asked.interview, call_id=call)], now)
            await finish(session, [Given(interview=asked.interview, answers={"recommend": 9})], now)

    async def state(self, asked: Asked) -> InterviewState:
        return (await self.row(asked)).state

    async def row(self, asked: Asked) -> Interview:
        async with self.db.read() as session:
            return await session.get_one(Interview, asked.interview)

    async def plan(self, plan: Mapping[str, Any], **more: object) -> None:
        async with self.db.write() as session:
            survey = await session.get_one(Survey, "voice")
            survey.plan = plan
            for name, value in more.items():
                setattr(survey, name, value)


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        async with db.write() as session:
            card = agent_card("anna", team="day", site="bari", partner="levante")
            await put_agents(session, [card], now=EPOCH)
            session.add(
                Survey(
                    name="voice",
                    title="After a call",
                    questionnaire="surveys.four_items",
                    occasion=Occasion.AFTER_CALL,
                    area="commercial",
                    active=True,
                    plan={"after_call": {"queues": {"technical": "adsl"}, "shortest": 12}},
                    created=EPOCH,
                )
            )
        yield Floor(db, clock)


async def test_the_invitation_knows_whom_it_asks_about_before_the_talk_is_over(floor: Floor) -> None:
    asked = await floor.talk()
    assert asked is not None
    assert (asked.flow, asked.shortest) == ("surveys.four_items", 12.0)
    row = await floor.row(asked)
    assert (row.state, row.agent, row.team, row.site, row.partner) == (
        InterviewState.INVITED, "anna", "day", "bari", "levante",
    )  # fmt: skip
    assert (row.area, row.stratum, row.call_id, row.about, row.language) == (
        "adsl", "adsl|bari", "c1", "c1", "it",
    )  # fmt: skip


async def test_the_share_is_drawn_by_the_call_alone_and_each_stands_for_its_share(floor: Floor) -> None:
    await floor.plan({"after_call": {"queues": ["technical"], "share": 0.25}, "seed": "7"})
    drawn = [await floor.talk(f"c{i}", f"k{i}") for i in range(40)]
    hit = [asked for asked in drawn if asked is not None]
    assert 4 <= len(hit) <= 16
    assert (await floor.row(hit[0])).weight == 4.0
    others = [await floor.talk(f"c{i}", f"other-{i}", agent="bruno") for i in range(40)]
    assert [asked is None for asked in others] == [asked is None for asked in drawn]


async def test_other_queues_campaigns_and_surveys_that_rest_ask_nobody(floor: Floor) -> None:
    assert await floor.talk(queue="billing") is None
    assert await floor.talk(queue="", campaign="win_back") is None
    assert await floor.talk(customer="") is None  # nobody knows when they were asked last
    floor.published = False
    assert await floor.talk() is None
    floor.published = True
    await floor.plan({"after_call": {"queues": "no list"}})
    assert await floor.talk() is None
    await floor.plan({"after_call": {"queues": ["technical"]}}, active=False)
    assert await floor.talk() is None


async def test_who_wants_no_surveys_is_not_asked(floor: Floor) -> None:
    async with floor.db.write() as session:
        await forbid_calls(session, [NUMBER], Suppression.SURVEY, source="their word", at=EPOCH)
    assert await floor.talk() is None


async def test_who_was_asked_is_left_in_peace_for_90_days(floor: Floor) -> None:
    asked = await floor.talk()
    assert asked is not None
    await floor.answered(asked)
    floor.clock.move(timedelta(days=89).total_seconds())
    assert await floor.talk("c2") is None
    floor.clock.move(timedelta(days=2).total_seconds())
    assert await floor.talk("c3") is not None


async def test_who_hung_up_before_the_first_question_may_be_drawn_another_time(floor: Floor) -> None:
    asked = await floor.talk()
    assert asked is not None
    await floor.book.over(asked.interview, asked=False)
    assert await floor.state(asked) is InterviewState.NO_CONTACT
    floor.clock.move(60)
    assert await floor.talk("c2") is not None


@pytest.mark.parametrize("kept", [2, "2"])
async def test_a_full_cell_draws_nobody_until_the_next_week(floor: Floor, kept: int | str) -> None:
    await floor.plan({"after_call": {"queues": {"technical": "adsl"}}, "targets": {"adsl|bari": kept}})
    for i in range(2):
        asked = await floor.talk(f"c{i}", f"k{i}")
        assert asked is not None
        await floor.answered(asked, f"c{i}")
    assert await floor.talk("c3", "k3") is None
    floor.clock.move(timedelta(days=7).total_seconds())
    assert await floor.talk("c4", "k4") is not None


async def test_what_a_fallen_core_left_open_is_settled_when_its_call_is_over(floor: Floor) -> None:
    asked, begun, going_on = await floor.talk(), await floor.talk("c2", "k2"), await floor.talk("c3", "k3")
    assert asked is not None
    assert begun is not None
    assert going_on is not None
    async with floor.db.write() as session:
        await begin(session, [Beginning(interview=begun.interview, call_id="c2")], EPOCH)
        session.add_all([_call("c1", CallState.INTERRUPTED), _call("c2", CallState.ENDED)])
        session.add(_call("c3", CallState.UP))
    assert await floor.book.left_over() == 0  # whoever has it in hand may still settle it
    floor.clock.move(timedelta(minutes=10).total_seconds())
    assert await floor.book.left_over() == 2
    assert await floor.state(asked) is InterviewState.NO_CONTACT
    assert await floor.state(begun) is InterviewState.PARTIAL
    assert await floor.state(going_on) is InterviewState.INVITED
    assert await floor.book.left_over() == 0


def _call(call: str, state: CallState) -> Call:
    return Call(
        call_id=call, direction=Direction.INBOUND, state=state, node="node1", trunk="trunk", caller=NUMBER,
        dialled="0611", flow="care.service_0611", flow_version="", attempt_id="", customer_id="", began=EPOCH,
        ended=None if state is CallState.UP else EPOCH,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("begun", "state"), [(False, InterviewState.REFUSED), (True, InterviewState.PARTIAL)]
)
async def test_who_hangs_up_when_asked_has_refused_or_broken_off(
    floor: Floor, begun: bool, state: InterviewState
) -> None:
    asked = await floor.talk()
    assert asked is not None
    if begun:
        async with floor.db.write() as session:
            await begin(session, [Beginning(interview=asked.interview, call_id="c1")], EPOCH)
    await floor.book.over(asked.interview, asked=True)
    assert await floor.state(asked) is state


async def test_what_is_complete_stays_so_and_a_talk_not_to_be_judged_is_set_aside(floor: Floor) -> None:
    asked, other = await floor.talk(), await floor.talk("c2", "k2")
    assert asked is not None
    assert other is not None
    await floor.answered(asked)
    await floor.book.over(asked.interview, asked=True)
    assert await floor.state(asked) is InterviewState.COMPLETE
    await floor.book.unfit(other.interview)
    assert await floor.state(other) is InterviewState.INELIGIBLE


async def test_a_call_that_the_agent_ended_is_told_apart_by_agent(floor: Floor) -> None:
    cut, hung_up, asked = (
        await floor.talk("c1", "k1"),
        await floor.talk("c2", "k2"),
        await floor.talk("c3", "k3"),
    )
    assert cut
    assert hung_up
    assert asked
    await floor.answered(asked, "c3")
    for _ in range(2):
        await floor.book.cut(cut.interview)
    await floor.book.over(hung_up.interview, asked=False)
    await floor.book.cut(asked.interview)  # too late: they have answered
    rows = [await floor.row(each) for each in (cut, hung_up, asked)]
    assert [(row.state, row.last_item, row.agent) for row in rows] == [
        (InterviewState.OTHER, "cut", "anna"),
        (InterviewState.NO_CONTACT, "", "anna"),
        (InterviewState.COMPLETE, "", "anna"),
    ]
    assert rows[0].finished == floor.clock.now()
    assert await floor.talk("c4", "k1") is not None  # nobody has asked them anything yet
    assert await floor.talk("c5", "k3") is None
