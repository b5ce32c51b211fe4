"""Polls and questions after a process: drawn, rung by the dialler, and settled by how their call went."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Channel, Customers, living_in
from customers.models import Consent
from customers.seed import id_of, seed
from dialer import CONTACT_DONE, Gate, Purpose, load_profiles
from dialer.models import Campaign, Contact
from dialer.models.turns import Turn
from proactive.events import KINDS
from store import Base, Database, Dispatcher, Event, emit
from surveys import OpinionDesk
from surveys.book import SurveyPlan, UnknownSurveyError, survey
from surveys.calling import Calling, state_after
from surveys.interviews import Beginning, Given, Invitation, begin, finish, invite
from surveys.models import Interview, InterviewState, Occasion
from surveys.names import Names
from surveys.polls import Polls
from surveys.starting import Started, Starting
from values import BadInputError, CustomerId
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database

BILL = SurveyPlan(
    name="bill",
    questionnaire="surveys.bill_delivered",
    occasion=Occasion.POLL,
    title="Did your bill arrive?",
    plan={"regions": ["Roma", "Napoli"], "margin": 0.1, "response": 0.5, "seed": "2009"},
)
REPAIR = SurveyPlan(
    name="repair",
    questionnaire="surveys.after_process",
    occasion=Occasion.AFTER_PROCESS,
    area="adsl",
    plan={"after": {"events": ["customers.fault_closed", "order.activated"], "share": 1.0}},
)


class Town:
    """Two hundred customers, and the room that asks them."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db, self.clock = db, clock
        self.opinion = OpinionDesk(
            db,
            Customers(db),
            clock,
            Gate(load_profiles(), country="IT"),
            profile="it",
            caller_id="+390650000611",
            known=lambda name: name.startswith("surveys."),
            flows=lambda: ["surveys.nps", "surveys.csat"],
            names=Names(events=KINDS),
        )

    async def set_up(self, plan: SurveyPlan) -> None:
        async with self.db.write() as session:
            await self.opinion.book.set_up(session, plan, self.clock.now())

    async def start(self, name: str) -> Started:
        return await self.opinion.starting.start(name, self.clock.now(), _nothing)

    async def all(self, table: type[Base]) -> Sequence[Any]:
        async with self.db.read() as session:
            return (await session.scalars(select(table))).all()

    async def happens(self, *events: Event) -> None:
        for event in events:
            for handler in self.opinion.subscriptions()[event.kind]:
                async with self.db.write() as session:
                    await handler.take(session, [event])

    async def ends(self, contact: Contact, outcome: str) -> None:
        await self.happens(
            Event(
                kind=CONTACT_DONE,
                at=self.clock.now(),
                payload={"campaign": contact.campaign, "outcome": outcome, "fields": contact.fields},
            )
        )

    async def says(self, interview: str, *, arrived: bool) -> None:
        async with self.db.write() as session:
            await begin(session, [Beginning(interview=interview)], self.clock.now())
            await finish(
                session, [Given(interview=interview, answers={"arrived": arrived})], self.clock.now()
            )


async def _nothing(_: AsyncSession) -> None:
    """No page, no deed."""


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        async with db.write() as session:
            await seed(session, 200, day=EPOCH.date())
        yield Town(db, clock)


def closed(fault: str, customer: str, at: Any = EPOCH) -> Event:
    said = {"fault_id": fault, "customer_id": customer}
    return Event(kind="customers.fault_closed", at=at, key=customer, payload=said)


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


async def test_others_may_write_while_a_poll_looks_through_its_places(town: Town) -> None:
    await town.set_up(BILL)

    class Looking(Calling):
        """Somebody else writes while all these people are looked through."""

        found: frozenset[CustomerId] = frozenset()

        async def consenting(self, session: AsyncSession, *looked: Any) -> frozenset[CustomerId]:
            if not self.found:
                async with town.db.write() as other:
                    await town.opinion.book.set_up(other, REPAIR, EPOCH)
            self.found |= await super().consenting(session, *looked)
            return self.found

    looking = Looking(Customers(town.db), town.clock)
    async with asyncio.timeout(20):
        started = await Starting(town.db, Polls(looking), looking).start("bill", EPOCH, _nothing)
    assert started.invited.total() == len(await town.all(Interview)) > 0


async def test_who_is_asked_elsewhere_between_draw_and_invitation_is_left_alone(town: Town) -> None:
    await town.set_up(BILL)
    await town.set_up(REPAIR)
    async with town.db.read() as session:
        romans = list(await living_in(session, ["Roma"]))

    async def others(session: AsyncSession) -> None:
        await invite(session, [Invitation(survey="repair", customer_id=each) for each in romans], EPOCH)

    started = await town.opinion.starting.start("bill", EPOCH, others)
    assert set(started.invited) == {"Napoli"}
    assert {each.region for each in await town.all(Interview) if each.survey == "bill"} == {"Napoli"}


@pytest.mark.parametrize("seed_", ["2009", ""])
async def test_a_poll_started_twice_at_once_rings_nobody_twice_and_no_more_than_it_takes(
    town: Town, seed_: str
) -> None:
    await town.set_up(replace(BILL, plan={**BILL.plan, "margin": 0.3, "response": 1.0, "seed": seed_}))
    async with town.db.read() as session:
        outlook = await town.opinion.polls.outlook(session, "bill", EPOCH)
    takes = {each.region: each.size.invite for each in outlook}
    assert all(each.may_be_asked > each.size.invite > 0 for each in outlook)

    class Slow(Calling):
        """It looks around before it rings, so that the others catch up."""

        async def ring(self, session: AsyncSession, *calls: Any) -> list[str]:
            for _ in range(30):
                await living_in(session, ["Roma"])
            return await super().ring(session, *calls)

    slow = Slow(Customers(town.db), town.clock)
    starting = Starting(town.db, Polls(slow), slow)
    both = await asyncio.gather(*(starting.start("bill", EPOCH, _nothing) for _ in range(3)))
    interviews, contacts = await town.all(Interview), await town.all(Contact)
    assert Counter(each.region for each in interviews) == takes
    assert len({each.customer_id for each in contacts}) == len(contacts) == len(interviews)
    assert sum((each.invited for each in both), Counter()) == takes


async def test_whom_a_poll_did_not_reach_it_may_ring_again_later(town: Town) -> None:
    await town.set_up(replace(BILL, plan={**BILL.plan, "regions": ["Napoli"]}))
    await town.start("bill")
    first = await town.all(Contact)
    for contact in first:
        await town.ends(contact, "no_answer")
    await town.set_up(
        replace(BILL, plan={**BILL.plan, "regions": ["Napoli"], "response": 0.1, "margin": 0.05})
    )
    await town.start("bill")
    assert len(await town.all(Contact)) > len(first)


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


async def test_after_a_repair_they_are_asked_within_a_day_and_once(town: Town) -> None:
    await town.set_up(REPAIR)
    async with town.db.read() as session:
        everybody = [id_of(i) for i in range(200)]
        willing = sorted(await town.opinion.calling.consenting(session, everybody, EPOCH))
    unwilling = next(each for each in everybody if each not in willing)
    fact = closed("f1", willing[0])
    await town.happens(fact, fact, closed("f2", unwilling), closed("f3", willing[0]))
    (contact,) = await town.all(Contact)
    (interview,) = await town.all(Interview)
    assert (contact.customer_id, contact.campaign) == (willing[0], "opinion_repair")
    assert (contact.not_before, contact.expires) == (EPOCH + timedelta(hours=1), EPOCH + timedelta(hours=24))
    assert (interview.about, interview.area, interview.contact_id) == ("f1", "adsl", contact.id)


async def test_two_that_tell_of_one_repair_at_once_have_it_asked_about_once(town: Town) -> None:
    both = {"after": {"events": ["customers.fault_closed", "fault.closed"]}}
    await town.set_up(replace(REPAIR, plan=both))
    async with town.db.read() as session:
        willing = sorted(
            await town.opinion.calling.consenting(session, [id_of(i) for i in range(200)], EPOCH)
        )
    async with town.db.write() as session:
        for customer in willing[:10]:
            told = {"id": "e", "type": "fault.closed", "customer_id": customer, "state": "done"}
            done = Event(kind="proactive.event_done", at=EPOCH, key=customer, payload=told)
            await emit(session, [closed(f"f-{customer}", customer), done])
    await Dispatcher(town.db, town.clock, town.opinion.subscriptions()).drain()
    assert sorted(each.customer_id for each in await town.all(Interview)) == willing[:10]


async def test_two_surveys_that_hear_of_one_customer_at_once_ask_once(town: Town) -> None:
    await town.set_up(REPAIR)
    async with town.db.read() as session:
        willing = min(await town.opinion.calling.consenting(session, [id_of(i) for i in range(200)], EPOCH))
    handler = town.opinion.subscriptions()["customers.fault_closed"][0]

    async def hears(fault: str) -> None:
        async with town.db.write() as session:
            await handler.take(session, [closed(fault, willing)])

    await asyncio.gather(*(hears(f"f{place}") for place in range(4)))
    assert [each.customer_id for each in await town.all(Interview)] == [willing]


@pytest.mark.parametrize(
    ("targets", "cell"), [({"commercial": 1}, "commercial"), ({"commercial|Ivrea": 1}, "commercial|Ivrea")]
)
async def test_quotas_of_areas_and_of_sites_are_counted_after_a_process(
    town: Town, targets: dict[str, int], cell: str
) -> None:
    plan = {"after": {"events": ["contact.ended"]}, "targets": targets}
    await town.set_up(replace(REPAIR, questionnaire="surveys.csat", plan=plan))
    async with town.db.read() as session:
        willing = sorted(
            await town.opinion.calling.consenting(session, [id_of(i) for i in range(200)], EPOCH)
        )
    for customer in willing[:2]:
        told = {
            "id": customer, "type": "contact.ended", "customer_id": customer, "state": "done",
            "served": {"area": "commercial", "site": "Ivrea"},
        }  # fmt: skip
        await town.happens(Event(kind="proactive.event_done", at=EPOCH, payload=told))
    first, second = await town.all(Interview)
    assert {first.stratum, second.stratum} == {cell}
    await town.says(first.id, arrived=True)
    async with town.db.write() as session:
        assert not await begin(session, [Beginning(interview=second.id)], EPOCH)


async def test_business_events_are_heard_when_they_are_done_and_old_ones_are_left(town: Town) -> None:
    await town.set_up(REPAIR)
    async with town.db.read() as session:
        willing = sorted(
            await town.opinion.calling.consenting(session, [id_of(i) for i in range(200)], EPOCH)
        )
    done = {"id": "e1", "type": "order.activated", "about": "o-1", "customer_id": willing[0], "state": "done"}
    stale = {**done, "customer_id": willing[1]}
    other = {**done, "type": "order.planned", "customer_id": willing[2]}
    refused = {**done, "state": "refused", "customer_id": willing[3]}
    await town.happens(
        Event(kind="proactive.event_done", at=EPOCH, payload=done),
        Event(kind="proactive.event_done", at=EPOCH - timedelta(hours=25), payload=stale),
        Event(kind="proactive.event_done", at=EPOCH, payload=other),
        Event(kind="proactive.event_done", at=EPOCH, payload=refused),
    )
    assert [(each.customer_id, each.about) for each in await town.all(Interview)] == [(willing[0], "o-1")]


async def test_a_contact_elsewhere_is_asked_about_with_who_had_served_them(town: Town) -> None:
    await town.set_up(
        replace(REPAIR, questionnaire="surveys.csat", plan={"after": {"events": ["contact.ended"]}})
    )
    async with town.db.read() as session:
        willing = min(await town.opinion.calling.consenting(session, [id_of(i) for i in range(200)], EPOCH))
    told = {
        "id": "e1", "type": "contact.ended", "about": "k-77", "customer_id": willing, "state": "done",
        "served": {"area": "commercial", "agent": "mara", "site": "Ivrea", "partner": "Voci"},
    }  # fmt: skip
    await town.happens(Event(kind="proactive.event_done", at=EPOCH, payload=told))
    (found,) = await town.all(Interview)
    assert (found.area, found.agent, found.site, found.partner) == ("commercial", "mara", "Ivrea", "Voci")
    assert (found.stratum, found.about) == ("commercial|Ivrea", "k-77")


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
    told = {"survey": "bill", "state": "complete"}
    await town.happens(Event(kind="surveys.finished", at=EPOCH, payload=told))
    done = [each for each in await town.all(Contact) if each.outcome == "quota_full"]
    left = {each.fields["interview"] for each in done}
    assert left == {each.id for each in rome[outlook["Roma"].complete :]}
    for contact in done:
        await town.ends(contact, "quota_full")
    states = [each.state for each in await town.all(Interview) if each.id in left]
    assert set(states) == {InterviewState.INELIGIBLE}


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("no_answer", InterviewState.NO_CONTACT),
        ("machine", InterviewState.NO_CONTACT),
        ("refused", InterviewState.NO_CONTACT),  # by the network: it never rang
        ("silence", InterviewState.NO_CONTACT),
        ("declined", InterviewState.REFUSED),
        ("hangup", InterviewState.REFUSED),
        ("wants_no_more", InterviewState.REFUSED),
        ("wrong_party", InterviewState.OTHER),
        ("unable", InterviewState.OTHER),
        ("wrong_number", InterviewState.OTHER),
        ("unallocated", InterviewState.UNKNOWN),
        ("do_not_call", InterviewState.INELIGIBLE),
        ("no_consent", InterviewState.INELIGIBLE),
    ],
)
def test_the_end_of_a_contact_says_what_came_of_its_interview(outcome: str, state: InterviewState) -> None:
    assert state_after(outcome) is state


async def test_an_interview_that_was_never_begun_ends_with_its_contact(town: Town) -> None:
    await town.set_up(BILL)
    await town.start("bill")
    first, second, third, *_ = await town.all(Contact)
    async with town.db.write() as session:
        await begin(session, [Beginning(interview=second.fields["interview"])], EPOCH)
    await town.says(third.fields["interview"], arrived=True)
    for contact in (first, second, third):
        await town.ends(contact, "no_answer" if contact is first else "complete")
    states = {each.id: each.state for each in await town.all(Interview)}
    assert states[first.fields["interview"]] is InterviewState.NO_CONTACT
    assert states[second.fields["interview"]] is InterviewState.PARTIAL
    assert states[third.fields["interview"]] is InterviewState.COMPLETE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "Bill!"}, "name"),
        ({"area": "moon"}, "area"),
        ({"questionnaire": "care.service_0611"}, "questionnaire"),
        ({"plan": {"margins": 0.1}}, "plan.margins"),
        ({"plan": {"margin": 2}}, "margin"),
        ({"plan": {"targets": {"Roma": -1}}}, "plan.targets.Roma"),
        ({"plan": {"after": {"events": []}}}, "plan.after.events"),
    ],
)
async def test_a_survey_that_makes_no_sense_is_refused_by_its_field(
    town: Town, changed: dict[str, Any], field: str
) -> None:
    words = {name: getattr(BILL, name) for name in ("name", "questionnaire", "occasion", "area", "plan")}
    with pytest.raises(BadInputError) as told:
        await town.set_up(SurveyPlan(**{**words, **changed}))
    assert told.value.field == field
    with pytest.raises(UnknownSurveyError):
        async with town.db.read() as session:
            await survey(session, "bill")
