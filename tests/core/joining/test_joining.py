"""Customers who are rung, agents whose legs are parked, a real Asterisk between them."""

import asyncio
import subprocess
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents import AgentState
from centralino.accounts import service_account
from centralino.core.joining.hearing import RATE, decoded
from dialer import Machines
from tests.core.joining.scene import GOODBYE, KEY, MESSAGE, NUMBER, SORRY, WHO, Scene, says, speaks
from tests.rig import Loopback, NodeRig
from tests.sip import Call, tone
from tests.sip.tones import WINDOW, tone_share

pytestmark = pytest.mark.asterisk

AGENT, CUSTOMER = 1004, 1500
BEEP = tone(1400, 0.4)
PAUSE = [0] * (RATE // 2)


@pytest.fixture
async def scene(node: NodeRig, loopback: Loopback) -> AsyncIterator[Scene]:
    recordings = node.plan.home / "recordings"
    recordings.mkdir(exist_ok=True)
    service_account().own(recordings)
    async with Scene(node, loopback, recordings) as made:
        yield made


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """What people and machines say, spoken."""
    texts = {
        "hello": "Hello?",
        "greeting": "You have reached the mailbox of Anna Rossi. I am not at home. Please leave a message.",
        "assistant": "Hello. Please say your name, and why you are calling, and I will see who is there.",
    }
    return {
        name: _speech(tmp_path_factory.mktemp("speech") / f"{name}.wav", text) for name, text in texts.items()
    }


def _speech(path: Path, text: str) -> list[int]:
    subprocess.run(["espeak-ng", "-a", "150", "-w", str(path), text], check=True)  # noqa: S603, S607
    with wave.open(str(path)) as file:
        rate, samples = file.getframerate(), decoded(file.readframes(file.getnframes()))
    return [samples[int(n * rate / RATE)] for n in range(int(len(samples) * RATE / rate))]


async def test_a_person_is_joined_and_both_hear_each_other(scene: Scene) -> None:
    agent = await scene.agent("anna")
    customer = await scene.ring(speaks(CUSTOMER))
    await customer.hears(AGENT)
    await agent.hears(CUSTOMER)
    (joined,) = scene.told.of("joined")
    assert joined["agent"] == "anna"
    assert [pop["agent"] for pop in scene.pops] == ["anna"]
    seat = scene.desk.seat("anna")
    assert seat is not None
    assert seat.state is AgentState.TALKING
    customer.hangup()
    assert await scene.outcome() == "talked"
    assert [name for name, _ in scene.told.notes] == ["joined", "released"]
    assert seat.state is AgentState.WRAP_UP


async def test_the_agents_leg_stays_when_the_customer_goes_and_is_joined_again(scene: Scene) -> None:
    agent = await scene.agent("anna")
    for _ in range(2):
        customer = await scene.ring(speaks(CUSTOMER))
        await customer.hears(AGENT)
        customer.hangup()
        assert await scene.outcome() == "talked"
        await agent.silence(0.3)
        scene.desk.wrapped_up("anna")
    assert len(scene.told.of("joined")) == 2


async def test_the_customer_is_let_go_when_the_agents_leg_ends(scene: Scene) -> None:
    agent = await scene.agent("anna")
    customer = await scene.ring(speaks(CUSTOMER))
    await customer.hears(AGENT)
    agent.hangup()
    await customer.hung_up()
    assert await scene.outcome() == "talked"


async def test_nobody_free_is_said_with_a_key_to_opt_out(scene: Scene) -> None:
    customer = await scene.ring(says(PAUSE))
    await customer.hears(SORRY)
    await customer.hears(KEY)
    await customer.press("9")
    await customer.hears(GOODBYE)
    await customer.hung_up()
    assert await scene.outcome() == "abandoned"
    assert scene.opted_out == [NUMBER]


async def test_nobody_can_opt_out_of_what_must_be_told(scene: Scene) -> None:
    customer = await scene.ring(says(PAUSE), purpose="mandatory_notice")
    await customer.hears(SORRY)
    await customer.hung_up()
    assert await scene.outcome() == "abandoned"
    assert scene.opted_out == []


async def test_who_hangs_up_before_the_time_is_over_was_not_abandoned(scene: Scene) -> None:
    customer = await scene.ring(says(PAUSE))
    customer.hangup()
    assert await scene.outcome() == "hangup"
    assert len(scene.joiner.waiting) == 0


async def test_an_agent_who_turns_free_is_joined_at_once(scene: Scene) -> None:
    await scene.agent("anna")
    scene.desk.pause("anna")
    customer = await scene.ring(speaks(CUSTOMER))
    await asyncio.sleep(1.0)
    assert scene.told.of("joined") == []
    scene.desk.ready("anna")
    await customer.hears(AGENT)
    customer.hangup()
    assert await scene.outcome() == "talked"


async def test_italy_hears_that_somebody_is_there_while_waiting(scene: Scene) -> None:
    await scene.agent("anna")
    scene.desk.pause("anna")
    customer = await scene.ring(speaks(CUSTOMER), profile="it")
    await asyncio.sleep(1.5)
    loud = [max(map(abs, window.samples)) for window in customer.voice.ear._windows]
    assert sum(peak > 60 for peak in loud) > 10
    scene.desk.ready("anna")
    await customer.hears(AGENT)


async def test_a_leg_that_is_gone_costs_the_customer_nothing(scene: Scene) -> None:
    gone = await scene.agent("anna")
    await scene.agent("bruno", speaks(AGENT))
    gone.hangup()  # the desk does not know yet
    customer = await scene.ring(speaks(CUSTOMER))
    await customer.hears(AGENT)
    (joined,) = scene.told.of("joined")
    assert joined["agent"] == "bruno"
    seat = scene.desk.seat("anna")
    assert seat is not None
    assert seat.state is AgentState.OFFLINE


async def test_two_customers_never_get_the_same_agent(scene: Scene) -> None:
    await scene.agent("anna")
    first, second = await asyncio.gather(scene.ring(speaks(CUSTOMER)), scene.ring(speaks(CUSTOMER)))
    assert await scene.outcome(within=20) == "abandoned"
    assert len(scene.told.of("joined")) == 1
    for call in (first, second):
        call.hangup()


async def test_a_person_who_says_hello_is_told_from_a_machine(
    scene: Scene, spoken: dict[str, list[int]]
) -> None:
    await scene.agent("anna")
    customer = await scene.ring(says(PAUSE[:1600], spoken["hello"]), machines=Machines.HANG_UP)
    await customer.hears(AGENT)
    (verdict,) = scene.told.of("detected")
    assert verdict["amd"] in {"HUMAN", "NOTSURE"}
    assert [name for name, _ in scene.told.notes][:3] == ["analysing", "detected", "joined"]


async def test_a_machine_is_hung_up_on(scene: Scene, spoken: dict[str, list[int]]) -> None:
    customer = await scene.ring(says(spoken["greeting"], PAUSE, BEEP), machines=Machines.HANG_UP)
    await customer.hung_up(within=20)
    assert await scene.outcome() == "machine"
    (verdict,) = scene.told.of("detected")
    assert verdict["amd"] == "MACHINE"


async def test_a_message_is_left_after_the_beep(scene: Scene, spoken: dict[str, list[int]]) -> None:
    beeped = asyncio.Event()

    async def machine(call: Call) -> None:
        await call.answer()
        await call.say([*spoken["greeting"], *PAUSE])
        await call.say(BEEP)
        beeped.set()

    customer = await scene.ring(machine, machines=Machines.LEAVE_MESSAGE, message="spring.message")
    await asyncio.wait_for(beeped.wait(), 20)
    customer.voice.ear.forget()  # nothing is said before the beep is over
    await customer.hears(MESSAGE, lasts=0.8)
    await customer.hung_up(within=20)
    assert await scene.outcome() == "message_left"


async def test_an_assistant_that_screens_is_told_who_calls(
    scene: Scene, spoken: dict[str, list[int]]
) -> None:
    await scene.agent("anna")
    customer = await scene.ring(says(spoken["assistant"]), machines=Machines.HANG_UP)
    await customer.hears(WHO, within=20)
    await customer.hung_up(within=30)
    assert await scene.outcome() == "screening"
    assert scene.told.of("joined") == []


async def test_a_person_whom_the_assistant_fetches_is_joined(
    scene: Scene, spoken: dict[str, list[int]]
) -> None:
    await scene.agent("anna")

    customer = await scene.ring(says(spoken["assistant"]), machines=Machines.HANG_UP)
    await customer.hears(WHO, within=20)
    await customer.silence(1.5)
    await customer.say(spoken["hello"])
    await customer.hears(AGENT, within=30)
    assert len(scene.told.of("joined")) == 1


async def test_a_talk_is_recorded_with_both_voices_apart(scene: Scene) -> None:
    await scene.agent("anna")
    customer = await scene.ring(speaks(CUSTOMER), record=True)
    await customer.hears(AGENT, lasts=1.0)
    customer.hangup()
    assert await scene.outcome() == "talked"
    (joined,) = scene.told.of("joined")
    raw = scene.recordings / f"talk-{joined['attempt']}.raw"
    assert joined["recording"] == f"talk-{joined['attempt']}.opus"
    await scene.written(raw)
    samples = decoded(raw.read_bytes())
    for voice, hertz in ((samples[0::2], CUSTOMER), (samples[1::2], AGENT)):
        windows = [voice[place : place + WINDOW] for place in range(0, len(voice) - WINDOW, WINDOW)]
        assert sum(tone_share(window, hertz) > 0.8 for window in windows) > 10, hertz


async def test_a_talk_outlives_the_core_and_then_ends_quietly(scene: Scene) -> None:
    agent = await scene.agent("anna")
    customer = await scene.ring(speaks(CUSTOMER))
    await customer.hears(AGENT)
    await scene.restart_core()
    assert scene.told.outcomes == {}
    await customer.hears(AGENT)
    await agent.hears(CUSTOMER)
    agent.hangup()
    await customer.hung_up()
    assert await scene.outcome() == "talked"


async def test_who_was_waiting_when_the_core_fell_is_told_so(scene: Scene) -> None:
    customer = await scene.ring(says(PAUSE))
    await scene.begun.wait()
    await scene.restart_core()
    await customer.hears(SORRY)
    await customer.hung_up(within=20)
    assert await scene.outcome() == "abandoned"
