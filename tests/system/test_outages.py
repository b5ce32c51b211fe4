"""Plugs pulled under live calls: nobody hears silence, nothing recorded is lost, all comes back by itself."""

import asyncio
import re
from itertools import pairwise
from subprocess import CompletedProcess

import pytest
from sqlalchemy import select

from asterisk_conf.fallback.texts import TEXTS
from calls import TraceStep
from care import FLOWS, CallbackRequest
from customers import FaultStatus
from customers.seed import number_of
from dialer.models import Attempt
from ivr.speech.testing import tone_of
from store.outbox import OutboxEvent
from tests.sip import Call, SipPhone
from tests.system.telco import Telco
from tests.system.test_fault_closure import (
    FIXED,
    IS_IT_YOU,
    THANKS,
    number_of_customer,
    repair,
    rung,
    status_of,
)
from tests.system.test_service_0611 import ANYTHING, GOODBYE, MAIN

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]

CORE_AWAY, OWN_NUMBER, RIGHT, NOTED = (
    tone_of(TEXTS[name]["it"]) for name in ("sorry", "ask_own", "confirm", "thanks")
)


SERVICE_0611 = FLOWS / "service_0611.yaml"
OTHERWISE = "Per sapere altro prema 1. Per finire prema 2."


async def at_the_bills_end(telco: Telco, carrier: SipPhone, i: int) -> Call:
    """A customer has heard their bill and is asked for more; all of that is on record."""
    call = await (await carrier.call(telco.service, caller=number_of(i))).answered(within=30)
    await call.hears(tone_of(MAIN), within=30)
    await call.press("1")
    await call.hears(tone_of(ANYTHING), within=30)
    await telco.at_step(number_of(i), "anything_else")
    return call


async def whole_trace(telco: Telco, call_id: str) -> list[TraceStep]:
    """A call's steps: none is missing, none is there twice, each leads to the next."""
    trace = await telco.trace(call_id)
    assert [step.seq for step in trace] == list(range(len(trace)))
    assert all(step.next_path == after.path for step, after in pairwise(trace))
    return trace


async def test_a_call_goes_on_where_it_stood_when_the_core_dies_under_it(
    telco: Telco, carrier: SipPhone
) -> None:
    call = await at_the_bills_end(telco, carrier, 41)
    before = telco.pid("core")
    telco.kill("core")
    await call.hears(tone_of(ANYTHING), within=40)
    await call.press("2")
    await call.hears(tone_of(GOODBYE), within=20)
    await call.hung_up(within=20)
    await telco.back("core", before=before)
    story = await telco.ended_call(number=number_of(41), within=30)
    assert (story["state"], story["outcome"], story["goal"]) == ("ended", "resolved", True)
    trace = await whole_trace(telco, story["call_id"])
    assert [step.path for step in trace].count("hello") == 1
    assert [step.path for step in trace[-2:]] == ["anything_else", "goodbye"]


async def test_a_call_we_placed_goes_on_too_and_nobody_is_rung_again(telco: Telco, carrier: SipPhone) -> None:
    fault = await repair(telco)
    number = number_of_customer(fault.customer_id)
    call = await rung(telco, carrier, number)
    await call.answered(within=20)
    await call.hears(tone_of(IS_IT_YOU), within=20)
    await call.press("1")
    await call.hears(tone_of(FIXED), within=20)
    await telco.at_step(number, "is_it_fixed")
    before = telco.pid("core")
    telco.kill("core")
    await call.hears(tone_of(FIXED), within=40)
    await call.press("1")
    await call.hears(tone_of(THANKS), within=20)
    await call.hung_up(within=20)
    await telco.back("core", before=before)
    story = await telco.ended_call(number=number, within=30)
    assert (story["state"], story["outcome"], story["goal"]) == ("ended", "fixed", True)
    assert await whole_trace(telco, story["call_id"])
    assert await status_of(telco, fault.id) is FaultStatus.CLOSED

    async def told() -> bool:
        async with telco.db() as db, db.read() as session:
            attempts = list(await session.scalars(select(Attempt).where(Attempt.number == number)))
        return [(each.outcome, each.goal) for each in attempts] == [("fixed", True)]

    await telco.until(told, within=30, what="the attempt's outcome")
    assert len([each for each in carrier.calls if each.incoming and each.dialled == number]) == 1


async def test_while_the_core_stays_away_callers_are_apologised_to_and_their_numbers_kept(
    telco: Telco, carrier: SipPhone
) -> None:
    talking = await at_the_bills_end(telco, carrier, 42)
    async with telco.without("core"):
        ringing = await carrier.call(telco.service, caller=number_of(43))
        await talking.hears(CORE_AWAY, within=40)
        talking.hangup()
        new = await ringing.answered(within=40)
        await new.hears(CORE_AWAY, within=40)
        await new.hears(OWN_NUMBER)
        await new.press("3291234567#")
        await new.hears(RIGHT, within=30)
        await new.press("1")
        await new.hears(NOTED, within=20)
        await new.hung_up(within=20)

    async def taken() -> list[CallbackRequest]:
        async with telco.db() as db, db.read() as session:
            found = select(CallbackRequest).where(CallbackRequest.caller == number_of(43))
            return list(await session.scalars(found))

    await telco.until(taken, within=40, what="the number left with the fallback")
    (wanted,) = await taken()
    assert (wanted.number, wanted.source, wanted.language) == ("+393291234567", "fallback", "it")
    async with telco.db() as db, db.read() as session:
        events = select(OutboxEvent).where(OutboxEvent.key == wanted.call_id)
        assert [each.kind for each in await session.scalars(events)] == ["care.call_back_wanted"]
    assert not list((telco.home / "spool").rglob("*.json"))
    story = await telco.ended_call(number=number_of(42), within=30)
    assert story["state"] == "interrupted"
    assert (await whole_trace(telco, story["call_id"]))[-1].next_path == "anything_else"


async def test_asterisk_killed_ends_its_calls_as_interrupted_and_the_next_ones_work(
    telco: Telco, carrier: SipPhone
) -> None:
    fault = await repair(telco)
    number = number_of_customer(fault.customer_id)
    spoken_to = await rung(telco, carrier, number)
    await spoken_to.answered(within=20)
    await spoken_to.hears(tone_of(IS_IT_YOU), within=20)
    await at_the_bills_end(telco, carrier, 44)
    before = telco.pid("asterisk")
    telco.kill("asterisk")
    await telco.back("asterisk", before=before)
    for who in (number_of(44), number):
        story = await telco.ended_call(number=who, within=40)
        assert story["state"] == "interrupted"
        assert await whole_trace(telco, story["call_id"])

    async def known() -> bool:
        async with telco.db() as db, db.read() as session:
            attempts = list(await session.scalars(select(Attempt).where(Attempt.number == number)))
        return [each.outcome for each in attempts] == ["interrupted"]

    await telco.until(known, within=40, what="the attempt's outcome")
    again = await (await carrier.call(telco.service, caller=number_of(45))).answered(within=30)
    await again.hears(tone_of(MAIN), within=30)
    again.hangup()
    other = await repair(telco)
    call = await rung(telco, carrier, number_of_customer(other.customer_id))
    await call.answered(within=20)
    await call.hears(tone_of(IS_IT_YOU), within=20)
    call.hangup()
    assert len([each for each in carrier.calls if each.incoming and each.dialled == number]) == 1


async def test_redis_away_is_only_missed_by_the_page(telco: Telco, carrier: SipPhone) -> None:
    await telco.ready()
    async with telco.without("redis"):
        call = await at_the_bills_end(telco, carrier, 46)
        await telco.missing("redis")
        await call.press("2")
        await call.hung_up(within=20)
        story = await telco.ended_call(number=number_of(46))
    assert story["outcome"] == "resolved"
    assert await whole_trace(telco, story["call_id"])
    await telco.ready(within=40)


async def publish(telco: Telco, before: str, after: str) -> CompletedProcess[str]:
    """Publish 0611 with some words of it changed, as its author does."""
    text = SERVICE_0611.read_text(encoding="utf-8")
    assert before in text
    file = telco.home / "service_0611.yaml"
    file.write_text(text.replace(before, after), encoding="utf-8")
    return await telco.run("flow", "publish", str(file))


async def test_a_flow_with_errors_is_refused_and_the_old_one_goes_on(telco: Telco, carrier: SipPhone) -> None:
    refused = await publish(telco, "otherwise: look_up_order", "otherwise: look_up_nothing")
    told = refused.stdout + refused.stderr
    assert refused.returncode != 0
    assert "look_up_nothing" in told
    assert re.search(r"service_0611\S*:\d+", told)
    call = await at_the_bills_end(telco, carrier, 47)
    await call.press("2")
    await call.hears(tone_of(GOODBYE), within=20)


async def test_publishing_drops_no_call_and_a_running_one_keeps_its_version(
    telco: Telco, carrier: SipPhone
) -> None:
    running = await (await carrier.call(telco.service, caller=number_of(48))).answered()
    await running.hears(tone_of(MAIN), within=20)
    loaded = len(telco.logged("core", "library.refreshed"))
    try:
        publishing = asyncio.create_task(publish(telco, ANYTHING, OTHERWISE))
        while not publishing.done():  # a caller who says nothing for long would be led on
            await running.press("*")
            await running.hears(within=20)
            await running.silence(within=20)
        assert publishing.result().returncode == 0, publishing.result().stderr
        await telco.until(lambda: len(telco.logged("core", "library.refreshed")) > loaded, within=30)
        await running.press("1")
        await running.hears(tone_of(ANYTHING), within=20)
        await running.press("2")
        await running.hears(tone_of(GOODBYE), within=20)
        following = await (await carrier.call(telco.service, caller=number_of(49))).answered()
        await following.hears(tone_of(MAIN), within=20)
        await following.press("1")
        await following.hears(tone_of(OTHERWISE), within=20)
        await following.press("2")
        await following.hears(tone_of(GOODBYE), within=20)
    finally:
        await telco.run("flow", "rollback", "care.service_0611")
    stories = [await telco.ended_call(number=number_of(i)) for i in (48, 49)]
    assert [story["outcome"] for story in stories] == ["resolved", "resolved"]
    traces = [await whole_trace(telco, each["call_id"]) for each in stories]
    versions = [{step.version for step in trace if step.flow == "care.service_0611"} for trace in traces]
    assert [len(each) for each in versions] == [1, 1]
    assert versions[0] != versions[1]
