"""Callers in a named queue on a whole telco: value, announcements, a call-back, the core's fall, closing."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from agents import agent_card, put_agents
from agents.queues import put_queue
from agents.queues.models import PlaceState, QueueCallBack, QueueEvent, QueueVisit
from agents.queues.visits import VisitEnd
from centralino.core.queueing.callbacks import CAMPAIGN
from centralino.core.queueing.words import TEXTS
from centralino.rooms import TRANSFERS
from centralino.secrets import load_secrets, phone_secret
from customers.models import Customer, CustomerNumber, Tier
from dialer.models import Attempt
from ivr import FlowLibrary, FlowStore
from ivr.speech.testing import tone_of
from store import Asker, LiveStore, OutboxEvent
from surveys.models import Answer, InterviewState
from tests.rig import Loopback
from tests.sip import Call, Login, SipPhone, tone
from tests.system.opinions import ask_after_care, opinion, sounds_like, willing
from tests.system.telco import Telco, running_telco
from values import SystemClock

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]

AGENT, CALLER = 1004.0, 1900.0
CONNECTING, THANKS, LATER = "I am connecting you.", "Thank you for your call.", "Call again later."
NEXT, OFFER, KEPT, CLOSED = (tone_of(TEXTS[key]["en"]) for key in ("next", "offer", "kept", "closed"))
FLOW = f"""\
flow: care.service_0611
title: To an agent
languages: [en]
start: main
give_up: bye
inputs:
  caller: {{type: text, sample: "+393290000017"}}
  customer_id: {{type: text, sample: "", private: true}}
  customer_name: {{type: text, sample: Anna Rossi}}
  known: {{type: flag, sample: true}}
steps:
  main:
    menu:
      greeting: {{en: "{CONNECTING}"}}
      choices:
        "1": {{to: wait_for_agent, set: {{reason: billing}}}}
      no_input: {{tries: 1, to: bye}}
      no_match: {{tries: 1, to: bye}}
  wait_for_agent:
    transfer: queue.care
    busy: later
    next: thanks
  thanks:
    say: {{en: "{THANKS}"}}
    next: bye
  later:
    say: {{en: "{LATER}"}}
    next: bye
  bye:
    end: over
    goal: true
"""
QUICK = ("announce_first=1", "announce_every=0", "call_back_after=3", "call_back_again=2", 'languages=["en"]')


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    with running_telco(loopback) as running:
        asyncio.run(_publish(running))
        yield running


async def _publish(telco: Telco) -> None:
    async with telco.db() as db:
        clock = SystemClock()
        await FlowStore(db, clock, transfers=TRANSFERS).publish([FLOW], by="test")
        library = FlowLibrary(db, clock)
        await library.refresh()
        edition = f"edition={library.edition().number} "
    done = await telco.run("queue", "set", "care", *QUICK)
    assert done.returncode == 0, done.stderr
    await telco.until(lambda: edition in telco.log("core") + " ", what="the new flow")


async def asks(telco: Telco, command: str, **fields: object) -> None:
    """What a page would ask of the core."""
    live = LiveStore(f"unix://{telco.home}/run/redis.sock", SystemClock())
    try:
        await Asker(live, SystemClock()).ask(command, fields)
    finally:
        await live.close()


async def sets(telco: Telco, **settings: object) -> None:
    """Operations change the queue."""
    async with telco.db() as db, db.write() as session:
        await put_queue(session, "care", settings, by="test", now=SystemClock().now())
    await asks(telco, "queues.refresh")


@pytest.fixture
async def anna(telco: Telco) -> AsyncIterator[SipPhone]:
    """An agent at her telephone, having a break."""
    login = Login("agent01", phone_secret(load_secrets(telco.home), "agent01"))
    async with SipPhone(telco.loopback.city, login=login) as phone:
        phone.on_call = whistles
        assert await phone.register(f"sip:{telco.loopback.node}:5060") == 200
        async with telco.db() as db, db.write() as session:
            card = agent_card("anna", endpoint="agent01")
            await put_agents(session, [card], now=SystemClock().now())
        await asks(telco, "agents.sign_in", agent="anna")
        await is_now(telco, "ready")
        await asks(telco, "agents.pause", agent="anna")
        await is_now(telco, "paused")
        yield phone
        await asks(telco, "agents.ready", agent="anna")
        await asks(telco, "agents.sign_out", agent="anna")


async def whistles(call: Call) -> None:
    """Answers and whistles until the end."""
    await call.answer()
    while True:
        await call.say(tone(AGENT, 0.5))


async def is_now(telco: Telco, state: str) -> None:
    async def so() -> bool:
        listed = await asyncio.to_thread(telco.api, "agents")
        return [each["state"] for each in listed["agents"]] == [state]

    await telco.until(so, within=30, what=f"Anna's being {state}")


async def waits(telco: Telco, carrier: SipPhone, caller: str, people: int) -> Call:
    """They ring, choose, and are in the queue."""
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await call.hears(tone_of(CONNECTING), within=20)
    await call.press("1")
    await in_the_queue(telco, people)
    return call


async def in_the_queue(telco: Telco, people: int) -> list[dict[str, Any]]:
    """Wait until so many are in it; they, in the order in which they are served."""
    found: list[dict[str, Any]] = []

    async def so() -> bool:
        found[:] = (await asyncio.to_thread(telco.api, "queues/waiting"))["waiting"]
        return len(found) == people

    await telco.until(so, within=20, what=f"{people} in the queue")
    return found


async def somebody(telco: Telco, tier: Tier) -> str:
    """The number of a customer of this tier."""
    async with telco.db() as db, db.read() as session:
        query = (
            select(CustomerNumber.number)
            .join(Customer, Customer.id == CustomerNumber.customer_id)
            .where(Customer.tier == tier, CustomerNumber.number.like("+39329%"))
            .order_by(CustomerNumber.number)
            .limit(1)
        )
        return str((await session.scalars(query)).one())


async def visit(telco: Telco, end: VisitEnd | None, **wanted: object) -> QueueVisit:
    """The latest stay, once it is written down so."""
    found: list[QueueVisit] = []

    async def so() -> bool:
        async with telco.db() as db, db.read() as session:
            query = select(QueueVisit).filter_by(**wanted).order_by(QueueVisit.entered.desc()).limit(1)
            found[:] = list(await session.scalars(query))
        return bool(found) and found[0].end == end

    await telco.until(so, within=20, what=f"a stay that ended by {end}")
    return found[0]


async def test_who_is_of_value_is_served_first_and_each_stay_is_written_down(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    plain = await waits(telco, carrier, await somebody(telco, Tier.BRONZE), 1)
    await plain.hears(NEXT, within=15)
    gold = await waits(telco, carrier, await somebody(telco, Tier.GOLD), 2)
    line = await in_the_queue(telco, 2)
    assert [(each["tier"], each["reason"]) for each in line] == [("gold", "billing"), ("bronze", "billing")]
    await asks(telco, "agents.ready", agent="anna")
    await gold.hears(AGENT, within=20)
    await gold.say(tone(CALLER, 0.6), wait=False)
    await anna.calls[-1].hears(CALLER)
    plain.hangup()
    lost = await visit(telco, VisitEnd.ABANDON, tier="bronze")
    gold.hangup()
    await asks(telco, "agents.ready", agent="anna")
    served = await visit(telco, VisitEnd.CONNECT, tier="gold")
    assert (served.agent, served.reason, served.position) == ("anna", "billing", 1)
    assert lost.waited > served.waited > 0
    shown = json.loads((await telco.run("queue", "stats")).stdout)
    (care,) = [each for each in shown if each["queue"] == "care"]
    assert (care["offered"], care["answered"], care["abandoned"]) == (2, 1, 1)


async def test_a_restarted_core_gives_them_back_their_place(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    caller = await waits(telco, carrier, await somebody(telco, Tier.SILVER), 1)
    before = telco.pid("core")
    await visit(telco, None, tier="silver")
    telco.kill("core")
    await telco.back("core", before=before)
    await telco.ready()
    await in_the_queue(telco, 1)
    await is_now(telco, "paused")
    await asks(telco, "agents.ready", agent="anna")
    await caller.hears(AGENT, within=20)
    served = await visit(telco, VisitEnd.CONNECT, tier="silver")
    assert served.waited > 3.0
    async with telco.db() as db, db.read() as session:
        stays = await session.scalars(select(QueueVisit).where(QueueVisit.call_id == served.call_id))
        events = await session.scalars(select(QueueEvent).where(QueueEvent.visit_id == served.visit_id))
        assert len(stays.all()) == 1
        kinds = [each.kind for each in events]
    assert (kinds.count("enter"), kinds.count("connect")) == (1, 1)
    caller.hangup()
    await is_now(telco, "wrap_up")


async def test_a_caller_who_would_rather_be_called_back_keeps_their_place_and_is(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    number = await somebody(telco, Tier.BRONZE)
    caller = await waits(telco, carrier, number, 1)
    await caller.hears(OFFER, within=20)
    await caller.press("1")
    await caller.hears(KEPT, within=10)
    await caller.hung_up(within=10)
    (place,) = await in_the_queue(telco, 1)
    assert (place["call_back"], place["queue"]) == (True, "care")
    carrier.on_call = answers_as_customer
    await asks(telco, "agents.ready", agent="anna")
    await telco.until(lambda: any(each.incoming for each in carrier.calls), within=30, what="the call-back")
    back = next(each for each in carrier.calls if each.incoming)
    await back.hears(AGENT, within=20)
    await anna.calls[-1].hears(CALLER, within=10)
    back.hangup()

    async def settled() -> bool:
        async with telco.db() as db, db.read() as session:
            (row,) = (await session.scalars(select(QueueCallBack))).all()
            return row.state is PlaceState.DONE and row.tries == 1

    await telco.until(settled, within=20, what="the call-back's end")
    async with telco.db() as db, db.read() as session:
        attempts = (await session.scalars(select(Attempt).where(Attempt.campaign == CAMPAIGN))).all()
    assert [(each.number, each.agent) for each in attempts] == [(number, "anna")]
    key = await visit(telco, VisitEnd.KEY)
    assert key.tier == "bronze"


async def answers_as_customer(call: Call) -> None:
    await call.answer()
    while True:
        await call.say(tone(CALLER, 0.5))


async def test_a_queue_that_closes_says_so_and_one_that_overflows_goes_on(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    await sets(telco, overflow="flow", overflow_after=3)
    caller = await waits(telco, carrier, await somebody(telco, Tier.SILVER), 1)
    await caller.hears(tone_of(LATER), within=20)
    await visit(telco, VisitEnd.OVERFLOW)
    await sets(telco, overflow="", active=False)
    late = await (await carrier.call(telco.service, caller=await somebody(telco, Tier.SILVER))).answered()
    await late.hears(tone_of(CONNECTING), within=20)
    await late.press("1")
    await late.hears(CLOSED, within=10)
    await late.hears(tone_of(LATER), within=20)
    await visit(telco, VisitEnd.CLOSED)


async def test_who_was_drawn_says_what_they_think_when_their_agent_has_hung_up(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    await sets(telco, active=True, overflow="")
    await ask_after_care(telco)
    caller = await waits(telco, carrier, await willing(telco, 40), 1)
    await asks(telco, "agents.ready", agent="anna")
    await caller.hears(AGENT, within=20)
    await opinion(telco, InterviewState.INVITED)
    await asks(telco, "agents.hang_up", agent="anna")
    await is_now(telco, "wrap_up")  # at once, while the customer is asked
    await caller.hears(sounds_like("consent"), within=15)
    await caller.press("1")
    for item, key in (("waiting", "5"), ("correctness", "4"), ("ability", "5"), ("courtesy", "5")):
        await caller.hears(sounds_like(item), within=15)
        await caller.press(key)
    await caller.hears(sounds_like("recommend"), within=15)
    await caller.press("10")
    await caller.hears(sounds_like("offer_comment"), within=15)
    await caller.press("2")
    await caller.hung_up(within=15)
    done = await opinion(telco, InterviewState.COMPLETE)
    assert (done.agent, done.area, done.language) == ("anna", "commercial", "en")
    async with telco.db() as db, db.read() as session:
        answers = await session.scalars(select(Answer).where(Answer.interview == done.id))
        assert {each.item: each.value for each in answers} == {
            "waiting": 5, "correctness": 4, "ability": 5, "courtesy": 5, "recommend": 10,
        }  # fmt: skip


async def test_who_hangs_up_between_two_questions_leaves_the_first_answer(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    caller = await waits(telco, carrier, await willing(telco, 41), 1)
    await asks(telco, "agents.ready", agent="anna")
    await caller.hears(AGENT, within=20)
    anna.calls[-1].hangup()  # by her telephone this time
    await caller.hears(sounds_like("consent"), within=15)
    await caller.press("1")
    await caller.hears(sounds_like("waiting"), within=15)
    await caller.press("3")
    await caller.hears(sounds_like("correctness"), within=15)
    caller.hangup()
    left = await opinion(telco, InterviewState.PARTIAL)
    async with telco.db() as db, db.read() as session:
        answers = await session.scalars(select(Answer).where(Answer.interview == left.id))
        assert {each.item: each.value for each in answers} == {"waiting": 3}
        told = await session.scalars(select(OutboxEvent).where(OutboxEvent.kind == "surveys.finished"))
        assert [each.payload["state"] for each in told if each.payload["interview"] == left.id] == ["partial"]


async def test_a_customer_who_hangs_up_first_is_asked_nothing(
    telco: Telco, carrier: SipPhone, anna: SipPhone
) -> None:
    caller = await waits(telco, carrier, await willing(telco, 42), 1)
    await asks(telco, "agents.ready", agent="anna")
    await caller.hears(AGENT, within=20)
    await opinion(telco, InterviewState.INVITED)
    caller.hangup()
    assert (await opinion(telco, InterviewState.NO_CONTACT)).agent == "anna"
