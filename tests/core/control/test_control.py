"""What an agent and a supervisor can do in mid-talk, on a real Asterisk: told by who hears whom."""

import asyncio

import pytest
from sqlalchemy import select

from agents import AgentState
from dialer.models import Attempt
from store import RefusedError
from tests.core.control.stage import ABROAD, Stage
from tests.core.control.voices import MUSIC, hears, whistles
from tests.sip import Call, refuses
from values import BadInputError

pytestmark = pytest.mark.asterisk


async def test_hold_and_back(stage: Stage) -> None:
    anna, customer = await stage.sits("anna"), await stage.rings()
    await hears(customer, "anna")
    await hears(anna, "customer")
    held = await stage.asks("talks.hold", agent="anna")
    assert (held["state"], stage.state("anna")) == ("held", AgentState.TALKING)
    await hears(customer, MUSIC)
    await hears(anna)
    back = await stage.asks("talks.retrieve", agent="anna")
    assert back["state"] == "talking"
    await hears(customer, "anna")
    await hears(anna, "customer")
    customer.hangup()
    await stage.is_now("anna", AgentState.WRAP_UP)


async def test_blind_transfers(stage: Stage) -> None:
    anna, bruno = await stage.sits("anna"), await stage.sits("bruno")
    customer = await stage.rings()
    await hears(customer, "anna")
    for target, why in (
        ("112", "emergency"),
        (ABROAD, "calls may go to: IT"),
        ("+39899123456", "costs extra"),
        ("agent:carla", "not free"),
        ("queue:nowhere", "no queue"),
    ):
        with pytest.raises(RefusedError, match=why):
            await stage.asks("talks.blind", agent="anna", target=target)
    await hears(customer, "anna")  # refused, and the talk goes on
    assert (await stage.asks("talks.blind", agent="anna", target="agent:bruno"))["state"] == "over"
    await hears(customer, "bruno")
    await hears(bruno, "customer")
    await hears(anna)
    await stage.is_now("anna", AgentState.WRAP_UP)
    assert (stage.pops[-1]["agent"], stage.pops[-1]["why"]) == ("bruno", "transfer")
    stage.carrier.on_call = whistles("outside")
    await stage.asks("talks.blind", agent="bruno", target="outside:garage")
    await hears(customer, "outside")
    await hears(bruno)
    outside = stage.carrier.calls[-1]
    await hears(outside, "customer")
    assert stage.dial_loop.lines_in_use == {"trunk": 1}
    customer.hangup()
    await outside.hung_up()
    await stage.until(lambda: stage.dial_loop.lines_in_use == {"trunk": 0}, "the line's being free")


async def test_an_attended_transfer_to_an_agent(stage: Stage) -> None:
    anna, bruno = await stage.sits("anna"), await stage.sits("bruno")
    customer = await stage.rings()
    await hears(customer, "anna")
    assert (await stage.asks("talks.consult", agent="anna", target="agent:bruno"))["state"] == "consulting"
    await hears(anna, "bruno")
    await hears(bruno, "anna")
    await hears(customer, MUSIC)
    await stage.asks("talks.swap", agent="anna")
    await hears(customer, "anna")
    await hears(bruno)
    await stage.asks("talks.swap", agent="anna")
    await hears(bruno, "anna")
    await hears(customer, MUSIC)
    await stage.asks("talks.cancel", agent="anna")
    await hears(customer, "anna")
    await hears(bruno)
    await stage.is_now("bruno", AgentState.READY)
    await stage.asks("talks.consult", agent="anna", target="agent:bruno")
    await hears(bruno, "anna")
    await stage.asks("talks.complete", agent="anna")
    await hears(customer, "bruno")
    await hears(bruno, "customer")
    await hears(anna)
    assert (stage.state("anna"), stage.state("bruno")) == (AgentState.WRAP_UP, AgentState.TALKING)
    customer.hangup()
    await stage.is_now("bruno", AgentState.WRAP_UP)
    await hears(bruno)


async def test_a_conference_with_somebody_outside(stage: Stage) -> None:
    anna, customer = await stage.sits("anna"), await stage.is_called()
    stage.carrier.on_call = whistles("outside")
    await hears(customer, "anna")
    await stage.asks("talks.consult", agent="anna", target="outside:garage")
    await hears(anna, "outside")
    outside = stage.carrier.calls[-1]
    await hears(outside, "anna")
    await hears(customer, MUSIC)
    assert (await stage.asks("talks.conference", agent="anna"))["state"] == "conference"
    await hears(customer, "anna", "outside")
    await hears(anna, "customer", "outside")
    await hears(outside, "customer", "anna")
    await stage.asks("talks.complete", agent="anna")
    await hears(anna)
    await hears(customer, "outside")
    await hears(outside, "customer")
    await stage.is_now("anna", AgentState.WRAP_UP)
    outside.hangup()
    await customer.hung_up()
    assert list(stage.told.outcomes.values()) == ["talked"]


async def test_nobody_answers_outside_and_the_customer_hangs_up_meanwhile(stage: Stage) -> None:
    anna, customer = await stage.sits("anna"), await stage.rings()
    await hears(customer, "anna")
    stage.carrier.on_call = refuses(486)
    await stage.asks("talks.consult", agent="anna", target="outside:garage")

    now = await stage.talk_is("held")
    assert now["note"] == {"not_reached": "garage", "why": "busy"}
    await hears(customer, MUSIC)
    customer.hangup()
    await stage.is_now("anna", AgentState.WRAP_UP)
    await hears(anna)


async def test_a_payment_of_which_the_agent_hears_nothing(stage: Stage) -> None:
    anna, customer = await stage.sits("anna"), await stage.is_called(record=True)
    await hears(customer, "anna")
    paying = await stage.asks("talks.into_flow", agent="anna", flow="pay.card")
    assert paying["state"] == "in_flow"
    await hears(customer, "flow")
    await hears(anna)
    await customer.press("4711")
    await hears(customer, "anna")
    await hears(anna, "customer")
    assert anna.digits == ""
    now = await stage.asks("talks.now", agent="anna")
    assert now["note"] == {"flow": "pay.card", "outcome": "served", "goal": False}
    with pytest.raises(RefusedError, match="no published flow"):
        await stage.asks("talks.into_flow", agent="anna", flow="nowhere")
    await stage.asks("talks.into_flow", agent="anna", flow="pay.card", back=False)
    await stage.is_now("anna", AgentState.WRAP_UP)
    await hears(customer, "flow")
    await customer.press("4711")
    await customer.hung_up()


async def test_a_recording_pauses(stage: Stage) -> None:
    from centralino.core.joining.hearing import decoded
    from tests.sip.tones import WINDOW, loudness

    await stage.sits("anna")
    customer = await stage.is_called(record=True)
    await hears(customer, "anna")
    assert (await stage.asks("talks.record_pause", agent="anna"))["recording"] == "paused"
    await asyncio.sleep(1.2)  # nothing is waited for: so long a piece of the talk is left out
    assert (await stage.asks("talks.record_resume", agent="anna"))["recording"] == "on"
    await asyncio.sleep(0.6)  # and so long a piece is recorded again
    await stage.asks("talks.record_pause", agent="anna")
    customer.hangup()  # it resumes by itself
    await stage.is_now("anna", AgentState.WRAP_UP)
    (call,) = stage.orders
    raw, size = stage.recordings / f"talk-{call}.raw", -1
    while raw.stat().st_size != size:
        size = raw.stat().st_size
        await asyncio.sleep(0.3)
    for voice in (decoded(raw.read_bytes())[0::2], decoded(raw.read_bytes())[1::2]):
        quiet = [loudness(voice[at : at + WINDOW]) < 50 for at in range(0, len(voice) - WINDOW, WINDOW)]
        assert not quiet[4]
        assert sum(quiet) >= 20
        assert not all(quiet[-20:])
    gaps = await stage.segments("pause")
    assert [gap.party for gap in gaps] == ["anna", "anna"]
    assert all(gap.ended for gap in gaps)


async def test_a_supervisor_listens_whispers_takes_part_and_takes_over(stage: Stage) -> None:
    anna, carla = await stage.sits("anna"), await stage.sits("carla")
    await stage.asks("agents.pause", agent="carla", reason="desk")
    customer = await stage.rings()
    await hears(customer, "anna")
    supervisor = {"supervisor": "carla", "agent": "anna"}
    await stage.asks("supervise.listen", **supervisor)
    await hears(carla, "anna", "customer")
    await hears(customer, "anna")
    await hears(anna, "customer")
    await stage.asks("supervise.whisper", **supervisor)
    await hears(anna, "customer", "carla")
    await hears(customer, "anna")
    await stage.asks("supervise.barge", **supervisor)
    await hears(customer, "anna", "carla")
    await hears(anna, "customer", "carla")
    await stage.asks("talks.hold", agent="anna")  # whoever took part only listens now
    await hears(customer, MUSIC)
    await hears(anna)
    await stage.asks("talks.retrieve", agent="anna")
    await hears(customer, "anna")
    await stage.asks("supervise.stop", supervisor="carla")
    await hears(carla)
    assert stage.state("carla") is AgentState.PAUSED
    await stage.asks("supervise.barge", **supervisor)
    await hears(customer, "anna", "carla")
    await stage.asks("supervise.take_over", **supervisor)
    await hears(customer, "carla")
    await hears(carla, "customer")
    await hears(anna)
    assert (stage.state("anna"), stage.state("carla")) == (AgentState.WRAP_UP, AgentState.TALKING)
    customer.hangup()
    await stage.is_now("carla", AgentState.WRAP_UP)
    await stage.asks("agents.wrapped_up", agent="carla")
    await stage.is_now("carla", AgentState.PAUSED)


async def test_a_core_that_falls_loses_nobody_on_hold(stage: Stage) -> None:
    anna, customer = await stage.sits("anna"), await stage.is_called(record=True)
    await hears(customer, "anna")
    await stage.asks("talks.hold", agent="anna")
    await hears(customer, MUSIC)
    await stage.close()
    await hears(customer, MUSIC)
    await stage.open()
    await hears(customer, MUSIC)
    call = next(iter(stage.orders))
    await stage.until(lambda: stage.state("anna") is AgentState.TALKING, "Anna's having her customer again")
    await stage.talk_is("held")
    back = await stage.asks("talks.retrieve", agent="anna")
    assert (back["state"], back["call"]) == ("talking", call)
    await hears(customer, "anna")
    await hears(anna, "customer")
    await stage.close()  # and again, in mid-talk
    await stage.open()
    await stage.is_now("anna", AgentState.TALKING)
    assert (await stage.asks("talks.record_pause", agent="anna"))["recording"] == "paused"
    await hears(customer, "anna")
    await stage.asks("talks.hold", agent="anna")
    await hears(customer, MUSIC)
    customer.hangup()
    await stage.is_now("anna", AgentState.WRAP_UP)
    assert [gap.party for gap in await stage.segments("pause")] == ["anna"]


async def test_who_hangs_up_in_mid_flow_or_while_advice_is_taken_leaves_everybody_free(stage: Stage) -> None:
    anna, bruno = await stage.sits("anna"), await stage.sits("bruno")
    customer = await stage.rings()
    await hears(customer, "anna")
    await stage.asks("talks.into_flow", agent="anna", flow="pay.card")
    await hears(customer, "flow")
    customer.hangup()
    await stage.is_now("anna", AgentState.WRAP_UP)
    await stage.asks("agents.wrapped_up", agent="anna")
    await stage.asks("agents.pause", agent="bruno")
    customer = await stage.rings()
    await hears(customer, "anna")
    await stage.asks("agents.ready", agent="bruno")
    await stage.asks("talks.consult", agent="anna", target="agent:bruno")
    await hears(anna, "bruno")
    await stage.asks("talks.conference", agent="anna")
    await hears(customer, "anna", "bruno")
    customer.hangup()
    await stage.is_now("anna", AgentState.WRAP_UP)
    await stage.is_now("bruno", AgentState.READY)
    await hears(anna)
    await hears(bruno)


async def test_an_agent_who_is_lost_leaves_nobody_on_hold(stage: Stage) -> None:
    anna, customer = await stage.sits("anna"), await stage.rings()
    bruno = await stage.sits("bruno")
    await hears(customer, "anna")
    await stage.asks("talks.hold", agent="anna")
    await hears(customer, MUSIC)
    stage.phones["anna"].on_call = whistles("anna")
    anna.hangup()
    await hears(customer, MUSIC)
    await stage.until(lambda: stage.state("anna") is AgentState.TALKING, "Anna's being back", within=12)
    await stage.asks("talks.retrieve", agent="anna")
    await hears(customer, "anna")
    await stage.asks("talks.hold", agent="anna")
    await stage.phones["anna"].register(f"sip:{stage.node.plan.sip}", expires=0)
    stage.phones["anna"].calls[-1].hangup()
    await hears(customer, "bruno", within=20)
    await hears(bruno, "customer")
    assert (stage.pops[-1]["agent"], stage.pops[-1]["why"]) == ("bruno", "returned")


async def test_an_agent_dials(stage: Stage) -> None:
    anna, answer = await stage.sits("anna"), asyncio.Event()
    for number, why in (("112", "number"), (ABROAD, "calls may go to: IT"), ("+39899123456", "costs extra")):
        with pytest.raises((RefusedError, BadInputError), match=why):
            await stage.asks("talks.manual", agent="anna", number=number)

    async def picks_up(call: Call) -> None:
        await call.ring()
        await answer.wait()
        await whistles("customer")(call)

    stage.carrier.on_call = picks_up
    dialled = await stage.asks("talks.manual", agent="anna", number="329 000 0018")
    assert (dialled["state"], dialled["parties"][1]["who"]) == ("dialling", "•••••••••018")
    await hears(anna, MUSIC)  # it rings
    answer.set()
    await hears(anna, "customer")
    customer = stage.carrier.calls[-1]
    assert customer.dialled == "+393290000018"
    await hears(customer, "anna")
    assert (await stage.asks("talks.hold", agent="anna"))["state"] == "held"
    await hears(customer, MUSIC)
    customer.hangup()
    await stage.is_now("anna", AgentState.WRAP_UP)
    await stage.asks("agents.wrapped_up", agent="anna")
    stage.carrier.on_call = refuses(486)
    await stage.is_now("anna", AgentState.READY)
    stage.words.clear()
    await stage.asks("talks.manual", agent="anna", number="+393290000019")
    told = await stage.told_last("anna", "over")
    assert told["note"]["why"] == "busy"
    await stage.is_now("anna", AgentState.READY)
    await hears(anna)
    async with stage.db.read() as session:
        attempts = await session.scalars(select(Attempt).where(Attempt.campaign == "manual"))
    assert sorted((each.number[-2:], each.agent) for each in attempts) == [("18", "anna"), ("19", "")]
