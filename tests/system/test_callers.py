"""Somebody rings us, and the flow puts them through to an agent, on a whole telco."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from centralino.rooms import TRANSFERS
from customers.seed import number_of
from ivr import FlowLibrary, FlowStore
from ivr.speech.testing import tone_of
from tests.rig import Loopback
from tests.sip import Call, Login, SipPhone, tone
from tests.system.telco import Telco, running_telco
from values import SystemClock

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]

AGENT, CALLER = 1004.0, 1900.0
CONNECTING, THANKS = "I am connecting you to somebody who knows.", "Thank you for your call."
FLOW = f"""\
flow: care.service_0611
title: To somebody who knows fibre
languages: [en]
start: connecting
give_up: bye
inputs:
  caller: {{type: text, sample: "+393290000017"}}
  customer_id: {{type: text, sample: "", private: true}}
  customer_name: {{type: text, sample: Anna Rossi}}
  known: {{type: flag, sample: true}}
steps:
  connecting:
    say: {{en: "{CONNECTING}"}}
    next: to_an_agent
  to_an_agent:
    transfer: agents.fibre
    ring: 60s
    next: thanks
  thanks:
    say: {{en: "{THANKS}"}}
    next: bye
  bye:
    end: talked_to_agent
    goal: true
"""


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
    await telco.until(lambda: edition in telco.log("core") + " ", what="the new flow")


@pytest.fixture
async def anna(telco: Telco) -> AsyncIterator[SipPhone]:
    """An agent at her telephone, having a break."""
    done = await telco.run("agents", "phones")
    (secret,) = [line for line in done.stdout.splitlines() if '"password"' in line][:1]
    login = Login("agent01", secret.partition(": ")[2].strip(' ",'))
    async with SipPhone(telco.loopback.city, login=login) as phone:
        phone.on_call = whistles
        assert await phone.register(f"sip:{telco.loopback.node}:5060") == 200
        await telco.run("agents", "add", "anna", "--phone", "agent01", "--skills", "fibre")
        await telco.tell("anna", "sign-in")
        await is_now(telco, "ready")
        await telco.tell("anna", "pause")
        await is_now(telco, "paused")
        yield phone
        await telco.tell("anna", "sign-out")


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


async def waits(telco: Telco, carrier: SipPhone, caller: str) -> Call:
    """They ring, are told that they are being connected, and hear music."""
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await call.hears(tone_of(CONNECTING))
    await telco.at_step(caller, "to_an_agent")
    call.voice.ear.forget()
    await call.hears(lasts=1.0)
    return call


def how_it_went(story: dict[str, Any]) -> list[str]:
    return [step["how"] for step in story["trace"] if step["path"] == "to_an_agent"]


@pytest.mark.parametrize("core_falls", [False, True], ids=["", "core_falls"])
async def test_a_caller_waits_talks_to_an_agent_and_the_flow_goes_on(
    telco: Telco, carrier: SipPhone, anna: SipPhone, core_falls: bool
) -> None:
    number = number_of(61 + core_falls)
    caller = await waits(telco, carrier, number)
    await telco.tell("anna", "ready")
    await caller.hears(AGENT, within=20)
    await caller.say(tone(CALLER, 0.6), wait=False)
    await anna.calls[-1].hears(CALLER)
    await is_now(telco, "talking")
    if core_falls:
        before = telco.pid("core")
        telco.kill("core")
        await telco.back("core", before=before)
        await caller.hears(AGENT)
        await telco.ready()
    anna.calls[-1].hangup()
    await caller.hears(tone_of(THANKS), within=20)
    await caller.hung_up()
    story = await telco.ended_call(number=number)
    assert (story["outcome"], story["goal"]) == ("talked_to_agent", True)
    assert how_it_went(story)[-1] == "talked"
    if not core_falls:  # who is not there sees no talk begin or end
        assert [part["kind"] for part in story["segments"]].count("talk") == 1
