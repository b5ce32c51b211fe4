"""Questions after a process: who is asked, once, how soon, and for whom it counts."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from customers.seed import id_of
from dialer.models import Contact
from store import Dispatcher, Event, emit
from surveys.items import next_week
from surveys.models import Interview, InterviewState, Survey
from tests.surveys.calling.conftest import REPAIR, Town
from values.testing import EPOCH

pytestmark = pytest.mark.database


def closed(fault: str, customer: str, at: Any = EPOCH) -> Event:
    said = {"fault_id": fault, "customer_id": customer}
    return Event(kind="customers.fault_closed", at=at, key=customer, payload=said)


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
async def test_where_a_week_has_heard_enough_nobody_is_rung_only_to_be_told_so(
    town: Town, targets: dict[str, int], cell: str
) -> None:
    plan = {"after": {"events": ["contact.ended"]}, "targets": targets}
    await town.set_up(replace(REPAIR, questionnaire="surveys.csat", plan=plan))
    async with town.db.read() as session:
        willing = sorted(
            await town.opinion.calling.consenting(session, [id_of(i) for i in range(200)], EPOCH)
        )

    async def served(customer: str) -> None:
        told = {
            "id": customer, "type": "contact.ended", "customer_id": customer, "state": "done",
            "served": {"area": "commercial", "site": "Ivrea"},
        }  # fmt: skip
        await town.happens(Event(kind="proactive.event_done", at=town.clock.now(), payload=told))

    await served(willing[0])
    await served(willing[1])
    first, second = await town.all(Interview)
    assert {first.stratum, second.stratum} == {cell}
    await town.says(first.id, arrived=True)
    await town.happens(
        Event(
            kind="surveys.finished", at=EPOCH, payload={"survey": "repair", "state": "complete", "cell": cell}
        )
    )
    outcomes = {each.fields["interview"]: each.outcome for each in await town.all(Contact)}
    assert outcomes[second.id] == "quota_full", "they waited, and are left alone"
    await served(willing[2])
    assert len(await town.all(Contact)) == 2, "nor is anybody else rung this week"
    await town.clock.sleep(timedelta(days=7).total_seconds())
    await served(willing[2])
    assert len(await town.all(Contact)) == 3, "next week has its own"


async def test_who_may_still_be_asked_next_week_waits_for_it_when_this_one_has_heard_enough(
    town: Town,
) -> None:
    after = {"events": ["customers.fault_closed"], "within_hours": 24 * 8}
    await town.set_up(replace(REPAIR, plan={"after": after, "targets": {"adsl": 1}}))
    async with town.db.read() as session:
        willing = sorted(
            await town.opinion.calling.consenting(session, [id_of(i) for i in range(200)], EPOCH)
        )
    await town.happens(*(closed(f"f{place}", customer) for place, customer in enumerate(willing[:2])))
    first, second = await town.all(Interview)
    await town.says(first.id, arrived=True)
    finished = {"survey": "repair", "state": "complete", "cell": "adsl"}
    await town.happens(Event(kind="surveys.finished", at=EPOCH, payload=finished))
    await town.happens(closed("f2", willing[2]))
    asked = {each.customer_id: each for each in await town.all(Contact)}
    monday = next_week(EPOCH)
    assert [asked[each].not_before for each in willing[1:3]] == [monday, monday]
    assert [asked[each].outcome for each in willing[1:3]] == ["", ""]
    await town.clock.sleep((monday - EPOCH).total_seconds())
    await town.says(second.id, arrived=True)
    states = {each.id: each.state for each in await town.all(Interview)}
    assert states[second.id] is InterviewState.COMPLETE


@pytest.mark.parametrize(("targets", "heard"), [({"adsl": 2}, 2), ({}, 3)])
async def test_changed_quotas_hold_in_the_same_week(town: Town, targets: dict[str, int], heard: int) -> None:
    await town.set_up(replace(REPAIR, plan={**REPAIR.plan, "targets": {"adsl": 1}}))
    async with town.db.read() as session:
        willing = sorted(
            await town.opinion.calling.consenting(session, [id_of(i) for i in range(200)], EPOCH)
        )
    await town.happens(*(closed(f"f{place}", customer) for place, customer in enumerate(willing[:4])))
    first, *others = await town.all(Interview)
    await town.says(first.id, arrived=True)
    await town.set_up(replace(REPAIR, plan={**REPAIR.plan, "targets": targets}))
    for interview in others[:2]:
        await town.says(interview.id, arrived=True)
    states = [each.state for each in await town.all(Interview)]
    assert states.count(InterviewState.COMPLETE) == heard


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


@pytest.mark.parametrize(("kept", "heard"), [("1", 1), ("many", 2)])
async def test_targets_that_were_kept_as_words_stop_no_survey(town: Town, kept: str, heard: int) -> None:
    await town.set_up(REPAIR)
    async with town.db.write() as session:
        survey = await session.get_one(Survey, "repair")
        survey.plan = {**REPAIR.plan, "targets": {"adsl": kept}}
        everybody = [id_of(i) for i in range(200)]
        willing = sorted(await town.opinion.calling.consenting(session, everybody, EPOCH))
    await town.happens(closed("f1", willing[0]), closed("f2", willing[1]))
    for interview in await town.all(Interview):
        await town.says(interview.id, arrived=True)
    states = [each.state for each in await town.all(Interview)]
    assert states.count(InterviewState.COMPLETE) == heard
    await town.happens(closed("f3", willing[2]))
    assert len(await town.all(Contact)) == 1 + heard, "where it is a number it is the limit"
