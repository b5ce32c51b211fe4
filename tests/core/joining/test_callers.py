"""People who ring us and are sent to an agent by their flow, on a real Asterisk."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest

from agents import AgentState
from agi import Session
from centralino.accounts import service_account
from centralino.core.joining import TalkOrder
from ivr import Actions, Runner, RunStart
from ivr.language import load_flow
from ivr.runner import NoTrace, Shelf
from tests.core.joining.scene import NUMBER, SORRY, Scene, speaks
from tests.rig import Loopback, NodeRig
from tests.sip import Call, tone
from values import AttemptId, Scalar, Sound

pytestmark = pytest.mark.asterisk

AGENT, CALLED, CALLER, CONNECTING, THANKS, NOBODY = 1004, 1500, 1900, 700, 850, 1250

FLOW = """\
flow: test.to_an_agent
title: To an agent
languages: [en]
start: connecting
give_up: bye
steps:
  connecting:
    say: {en: connecting}
    next: to_an_agent
  to_an_agent:
    transfer: agents
    ring: %s
    no_answer: nobody
    next: thanks
  thanks:
    say: {en: thanks}
    next: bye
  nobody:
    say: {en: nobody}
    next: bye
  bye:
    end: over
"""
SAID = {"connecting": CONNECTING, "thanks": THANKS, "nobody": NOBODY}


class Whistle:
    """Says each text as a tone of its own."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    async def sounds(
        self, prompt: Mapping[str, str], values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        return [self._scene.sound(SAID[prompt["en"]], 0.8)]


@pytest.fixture
async def scene(node: NodeRig, loopback: Loopback) -> AsyncIterator[Scene]:
    recordings = node.plan.home / "recordings"
    recordings.mkdir(exist_ok=True)
    service_account().own(recordings)
    async with Scene(node, loopback, recordings) as made:
        yield made


async def rings_us(scene: Scene, *, ring: str = "30s") -> Call:
    """Somebody rings us; they have been told that they are being connected."""
    flow = load_flow(FLOW % ring, file="flow").flow
    runner = Runner(Shelf([flow]), Actions(), Whistle(scene), scene.clock)

    async def run(session: Session) -> None:
        order = TalkOrder(AttemptId(""), "", NUMBER, session.dialled, customer_id="c7")
        line = scene.joiner.caller(session, order)
        await runner.run(line, RunStart(session.call_id, flow.flow), NoTrace())

    scene.inbound = run
    call = await scene.customers.call(f"sip:0611@{scene.node.plan.sip.host}:5060", caller=NUMBER)
    await call.answered()
    await call.hears(CONNECTING)
    return call


async def waits(scene: Scene, people: int) -> None:
    """Wait until so many are in the line."""
    async with asyncio.timeout(10):
        while len(scene.joiner.waiting) != people:  # noqa: ASYNC110  (the line tells nobody)
            await asyncio.sleep(0.02)


def state(scene: Scene, agent: str) -> AgentState:
    seat = scene.desk.seat(agent)
    assert seat is not None
    return seat.state


async def test_a_caller_waits_with_music_talks_and_goes_on_in_the_flow(scene: Scene) -> None:
    agent = await scene.agent("anna")
    scene.desk.pause("anna")
    caller = await rings_us(scene)
    await waits(scene, 1)
    caller.voice.ear.forget()
    await caller.hears(lasts=1.0)  # music
    scene.desk.ready("anna")
    await caller.hears(AGENT)
    await caller.say(tone(CALLER, 0.6), wait=False)
    await agent.hears(CALLER)
    assert state(scene, "anna") is AgentState.TALKING
    assert [(pop["agent"], pop["customer"], pop["attempt"]) for pop in scene.pops] == [("anna", "c7", "")]
    agent.hangup()
    await caller.hears(THANKS)
    await caller.hung_up()
    assert state(scene, "anna") is AgentState.WRAP_UP
    assert scene.told.notes == []  # it was none of the dialler's calls


async def test_a_caller_goes_before_a_customer_whom_we_called_earlier(scene: Scene) -> None:
    await scene.agent("anna")
    scene.desk.pause("anna")
    customer = await scene.ring(speaks(CALLED), purpose="mandatory_notice")
    await waits(scene, 1)
    caller = await rings_us(scene)
    await waits(scene, 2)
    scene.desk.ready("anna")
    await caller.hears(AGENT)
    await customer.hears(SORRY)
    assert await scene.outcome() == "abandoned"
    assert scene.told.of("joined") == []
    caller.hangup()


async def test_nobody_in_time_brings_the_caller_back_to_the_flow(scene: Scene) -> None:
    caller = await rings_us(scene, ring="2s")
    await caller.hears(NOBODY, within=10)
    await caller.hung_up()
    assert len(scene.joiner.waiting) == 0


async def test_who_hangs_up_in_the_queue_is_waited_for_no_more(scene: Scene) -> None:
    await scene.agent("anna")
    scene.desk.pause("anna")
    caller = await rings_us(scene)
    await waits(scene, 1)
    caller.hangup()
    await waits(scene, 0)
    scene.desk.ready("anna")
    customer = await scene.ring(speaks(CALLED))
    await customer.hears(AGENT)
    customer.hangup()
    assert await scene.outcome() == "talked"


async def test_a_talk_outlives_the_core_and_the_flow_goes_on_after_it(scene: Scene) -> None:
    agent = await scene.agent("anna")
    caller = await rings_us(scene)
    await caller.hears(AGENT)
    await scene.restart_core()
    await caller.hears(AGENT)
    agent.hangup()
    await caller.hears(THANKS, within=20)
    await caller.hung_up()
