"""Plugs pulled under live calls: nobody hears silence, nothing recorded is lost, all comes back by itself."""

import asyncio

import pytest
from sqlalchemy import select

from care import CallbackRequest
from customers.seed import number_of
from ivr.speech.testing import tone_of
from tests.sip import SipPhone
from tests.system.telco import Telco
from tests.system.test_service_0611 import ANYTHING, MAIN

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]

SHORT = "Bolletta 1, guasti 2, attivazioni 3, operatore 0, lingua 9."


async def test_a_call_goes_on_when_the_core_dies_under_it(telco: Telco, carrier: SipPhone) -> None:
    caller = number_of(41)
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await call.hears(tone_of(MAIN))
    await call.press("1")
    await call.hears(tone_of(ANYTHING), within=20)
    before = telco.pid("core")
    telco.kill("core")
    await call.hears(lasts=0.3, within=40)
    await telco.back("core", before=before)
    call.hangup()
    story = await telco.ended_call(number=caller, within=30)
    steps = [step["path"] for step in story["trace"]]
    assert steps[:4] == ["", "greet", "hello", "main"]
    assert [step["seq"] for step in story["trace"]] == list(range(len(steps)))


async def test_without_the_core_a_call_back_is_taken_and_comes_in_later(
    telco: Telco, carrier: SipPhone
) -> None:
    caller = number_of(42)
    import os
    import signal

    before = telco.pid("core")
    os.kill(telco.supervisor.pid, signal.SIGSTOP)  # it would start the core again
    try:
        telco.kill("core")
        call = await (await carrier.call(telco.service, caller=caller)).answered(within=30)
        await call.hears(lasts=0.3, within=30)
        await call.silence(1.0, within=40)
        await call.press("1")
        await call.hung_up(within=40)
    finally:
        os.kill(telco.supervisor.pid, signal.SIGCONT)
    await telco.back("core", before=before)

    async def taken() -> bool:
        async with telco.db() as db, db.read() as session:
            wanted = await session.scalar(select(CallbackRequest).where(CallbackRequest.number == caller))
        return wanted is not None and wanted.source == "fallback"

    await telco.until(taken, within=30)


async def test_asterisk_killed_ends_its_calls_as_interrupted_and_the_next_works(
    telco: Telco, carrier: SipPhone
) -> None:
    caller = number_of(43)
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await call.hears(tone_of(MAIN))
    before = telco.pid("asterisk")
    telco.kill("asterisk")
    await telco.back("asterisk", before=before)
    story = await telco.ended_call(number=caller, within=40)
    assert story["state"] == "interrupted"
    assert [step["path"] for step in story["trace"]][:3] == ["", "greet", "hello"]
    again = await (await carrier.call(telco.service, caller=number_of(44))).answered(within=30)
    await again.hears(tone_of(MAIN))
    again.hangup()


async def test_redis_away_is_only_missed_by_the_page(telco: Telco, carrier: SipPhone) -> None:
    before = telco.pid("redis")
    telco.kill("redis")
    caller = number_of(45)
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await call.hears(tone_of(MAIN))
    await call.press("1")
    await call.hears(tone_of(ANYTHING), within=20)
    call.hangup()
    assert (await telco.ended_call(number=caller))["trace"]
    await telco.back("redis", before=before)

    async def ready() -> bool:
        status, _ = await asyncio.to_thread(telco.get, "/readyz")
        return status == 200

    await telco.until(ready, within=30)
