"""Polls: told beforehand, drawn, rung by the dialler in turns, and what they say by place."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from customers import Channel, living_in
from customers.models import Consent
from dialer import Purpose
from dialer.models import Campaign, Contact
from dialer.models.turns import Turn
from store import Event
from surveys.interviews import Invitation, invite
from surveys.models import Interview, InterviewState
from tests.surveys.calling.conftest import BILL, Town
from values import BadInputError
from values.testing import EPOCH

pytestmark = pytest.mark.database


async def test_a_poll_tells_beforehand_what_it_takes_in_each_place(town: Town) -> None:
    await town.set_up(BILL)
    async with town.db.read() as session:
        outlook = {each.region: each for each in await town.opinion.polls.outlook(session, "bill", EPOCH)}
        there = await living_in(session, ["Roma"])
    rome = outlook["Roma"]
    assert list(outlook) == ["Roma", "Napoli"]
    assert rome.customers == len(there) > rome.may_be_asked > 0
    assert rome.size.complete < 97
    assert rome.size.invite == min(rome.customers, 2 * rome.size.complete)
    assert 0.05 < rome.reach < 0.5


async def test_a_poll_rings_those_who_have_consented_and_asks_nobody_twice(town: Town) -> None:
    await town.set_up(BILL)
    started = await town.start("bill")
    interviews, contacts = await town.all(Interview), await town.all(Contact)
    assert len(interviews) == len(contacts) == sum(started.invited.values()) > 0
    assert {each.id for each in interviews} == {each.fields["interview"] for each in contacts}
    assert {each.region for each in interviews} == {"Roma", "Napoli"}
    async with town.db.read() as session:
        ids = [each.customer_id for each in interviews]
        assert await town.opinion.calling.consenting(session, ids, EPOCH) == set(ids)
    (campaign,) = await town.all(Campaign)
    assert (campaign.name, campaign.purpose, campaign.flow) == (
        "opinion_bill",
        Purpose.SURVEY,
        "surveys.bill_delivered",
    )
    await town.start("bill")
    assert len({each.customer_id for each in await town.all(Interview)}) == len(await town.all(Interview))


async def test_what_a_poll_tells_beforehand_is_what_a_draw_would_find(town: Town) -> None:
    await town.set_up(BILL)
    async with town.db.write() as session:
        romans = list(await living_in(session, ["Roma"]))
        words = select(Consent).where(Consent.purpose == "survey", Consent.channel == Channel.VOICE)
        for number, word in enumerate(await session.scalars(words.where(Consent.customer_id.in_(romans)))):
            if number % 3 == 0:  # taken back, and of these every other given again; the rest only tomorrow
                word.withdrawn_at = EPOCH - timedelta(days=9)
            if number % 6 == 0:
                again = {"id": f"again-{number}", "given_at": EPOCH - timedelta(days=1), "source": "call"}
                same = {"customer_id": word.customer_id, "purpose": "survey", "channel": Channel.VOICE}
                session.add(Consent(**again, **same, withdrawn_at=None))
            if number % 5 == 1:
                word.withdrawn_at = EPOCH + timedelta(days=1)
        asked = [Invitation(survey="bill", customer_id=each) for each in romans[:9]]
        await invite(session, asked, EPOCH - timedelta(days=1))
    async with town.db.read() as session:
        told = await town.opinion.polls.outlook(session, "bill", EPOCH)
        found = await town.opinion.polls.look(session, "bill", EPOCH)
    assert told == found.outlook
    assert {each.may_be_asked > 0 for each in told} == {True}


async def test_a_poll_rings_its_places_in_turns(town: Town) -> None:
    plan = {**BILL.plan, "margin": 0.05, "response": 0.9}
    await town.set_up(replace(BILL, plan={**plan, "regions": ["Roma", "Milano", "Napoli"]}))
    await town.start("bill")
    places = {each.id: each.region for each in await town.all(Interview)}
    turns = {row.contact_id: row for row in await town.all(Turn)}
    order = sorted(await town.all(Contact), key=lambda row: (turns[row.id].rank, turns[row.id].place, row.id))
    rung = [places[each.fields["interview"]] for each in order]
    whole = Counter(rung)
    half = Counter(rung[: len(rung) // 2])
    assert len(whole) == 3
    assert all(abs(half[place] - whole[place] / 2) <= 1 for place in whole), half
    assert len(set(rung[:4])) > 1, "not one place after the other"


@pytest.mark.parametrize(
    ("outcome", "again"), [("no_answer", True), ("unallocated", True), ("declined", False)]
)
async def test_a_poll_that_has_not_reached_its_people_rings_as_many_when_it_is_started_again(
    town: Town, outcome: str, again: bool
) -> None:
    await town.set_up(replace(BILL, plan={**BILL.plan, "regions": ["Napoli"], "response": 1}))
    await town.start("bill")
    first = await town.all(Contact)
    for contact in first[2:]:
        await town.ends(contact, outcome)
    for contact in first[:2]:
        await town.says(contact.fields["interview"], arrived=True)
    started = await town.start("bill")
    assert started.invited.total() == (len(first) - 2 if again else 0)


async def test_what_they_say_stands_by_place_with_its_interval(town: Town) -> None:
    await town.set_up(BILL)
    await town.start("bill")
    rome = [each for each in await town.all(Interview) if each.region == "Roma"]
    for place, interview in enumerate(rome[:10]):
        await town.says(interview.id, arrived=place < 7)
    async with town.db.read() as session:
        results = {each.region: each for each in await town.opinion.polls.results(session, "bill")}
    found = results["Roma"]
    assert (found.yes, found.no, found.complete, found.share) == (7, 3, 10, 0.7)
    assert (round(found.low, 3), round(found.high, 3)) == (0.397, 0.892)
    assert results["Napoli"].share is None
    with pytest.raises(BadInputError, match="there is no question 'arived'; did you mean 'arrived'"):
        async with town.db.read() as session:
            await town.opinion.polls.results(session, "bill", "arived")
    assert results["Napoli"].invited > 0


async def test_a_question_that_nobody_has_answered_yet_is_one_all_the_same(town: Town) -> None:
    await town.set_up(BILL)
    await town.start("bill")
    first, *_ = await town.all(Interview)
    await town.says(first.id, arrived=True)
    async with town.db.read() as session:
        came = await town.opinion.polls.results(session, "bill", "came")
        assert {(each.yes, each.no) for each in came} == {(0, 0)}
        with pytest.raises(BadInputError, match="there is no question 'cane'; did you mean 'came'"):
            await town.opinion.polls.results(session, "bill", "cane")


async def test_a_poll_that_names_its_own_targets_hears_no_more_than_those(town: Town) -> None:
    await town.set_up(replace(BILL, plan={**BILL.plan, "targets": {"Roma": 2}}))
    await town.start("bill")
    rome = [each for each in await town.all(Interview) if each.region == "Roma"]
    for interview in rome[:3]:
        await town.says(interview.id, arrived=True)
    async with town.db.read() as session:
        results = {each.region: each for each in await town.opinion.polls.results(session, "bill")}
        outlook = {
            each.region: each.size for each in await town.opinion.polls.outlook(session, "bill", EPOCH)
        }
    assert (results["Roma"].target, results["Roma"].complete) == (2, 2)
    assert results["Napoli"].target == outlook["Napoli"].complete


async def test_where_enough_have_answered_the_others_are_left_alone(town: Town) -> None:
    await town.set_up(replace(BILL, plan={**BILL.plan, "margin": 0.4, "response": 0.3}))
    await town.start("bill")
    async with town.db.read() as session:
        outlook = {
            each.region: each.size for each in await town.opinion.polls.outlook(session, "bill", EPOCH)
        }
    rome = [each for each in await town.all(Interview) if each.region == "Roma"]
    assert len(rome) > outlook["Roma"].complete
    for interview in rome[: outlook["Roma"].complete]:
        await town.says(interview.id, arrived=True)
    told = {"survey": "bill", "state": "complete", "cell": "Roma"}
    await town.happens(Event(kind="surveys.finished", at=EPOCH, payload=told))
    done = [each for each in await town.all(Contact) if each.outcome == "quota_full"]
    left = {each.fields["interview"] for each in done}
    assert left == {each.id for each in rome[outlook["Roma"].complete :]}
    for contact in done:
        await town.ends(contact, "quota_full")
    states = [each.state for each in await town.all(Interview) if each.id in left]
    assert set(states) == {InterviewState.INELIGIBLE}
