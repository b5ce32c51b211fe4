"""When an agent has hung up, a drawn customer is asked what they think of the talk: on a real Asterisk."""

import asyncio

import pytest
from sqlalchemy import select

from agents import AgentState
from surveys.models import Interview, InterviewState, Occasion, Survey
from tests.core.control.stage import Stage
from tests.core.control.voices import hears

pytestmark = pytest.mark.asterisk


async def _asks_after_each_call(stage: Stage, **settings: float) -> None:
    async with stage.db.write() as session:
        session.add(
            Survey(
                name="voice",
                title="After a call",
                questionnaire="surveys.short",
                occasion=Occasion.AFTER_CALL,
                area="voice",
                active=True,
                plan={"after_call": {"campaigns": ["*"], "shortest": 0, **settings}},
                created=stage.clock.now(),
            )
        )


async def _interview(stage: Stage, state: InterviewState) -> Interview:
    found: list[Interview] = []
    async with asyncio.timeout(10):
        while not found or found[0].state is not state:
            await asyncio.sleep(0.05)
            async with stage.db.read() as session:
                found = list(await session.scalars(select(Interview)))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("how", ["telephone", "desk", "desk, on hold", "desk, taking advice"])
async def test_when_the_agent_has_hung_up_a_drawn_customer_is_asked(stage: Stage, how: str) -> None:
    await _asks_after_each_call(stage)
    anna, customer = await stage.sits("anna"), await stage.is_called(customer_id="k1", language="en")
    await hears(customer, "anna")
    await _interview(stage, InterviewState.INVITED)  # while they talk
    if how == "telephone":
        anna.hangup()
    else:
        if "hold" in how:
            await stage.asks("talks.hold", agent="anna")
        elif "advice" in how:
            bruno = await stage.sits("bruno")
            await stage.asks("talks.consult", agent="anna", target="agent:bruno")
            await hears(bruno, "anna")
        await stage.asks("agents.hang_up", agent="anna")
        assert stage.state("anna") is AgentState.WRAP_UP  # at once
        await hears(anna)
    await hears(customer, "flow")
    if "advice" in how:
        await hears(bruno)
        assert stage.state("bruno") is AgentState.READY
    assert stage.told.of("released")
    assert not stage.told.outcomes
    await customer.press("5")
    await customer.hung_up()
    assert list(stage.told.outcomes.values()) == ["talked"]
    (flow,) = await stage.segments("flow")
    assert flow.party == "surveys.short"
    assert (await _interview(stage, InterviewState.REFUSED)).agent == "anna"  # this flow asks for no consent


@pytest.mark.parametrize(
    "why", ["the customer hung up", "too short", "too short, by the desk", "put through"]
)
async def test_nobody_else_is_asked(stage: Stage, why: str) -> None:
    await _asks_after_each_call(stage, **({"shortest": 60} if why.startswith("too short") else {}))
    anna = await stage.sits("anna")
    bruno = await stage.sits("bruno") if why == "put through" else anna
    customer = await stage.is_called(customer_id="k1", language="en")
    await hears(customer, "anna")
    await _interview(stage, InterviewState.INVITED)
    if why == "put through":
        await stage.asks("talks.blind", agent="anna", target="agent:bruno")
        await hears(customer, "bruno")
    if why == "the customer hung up":
        customer.hangup()
    elif "desk" in why:
        await stage.asks("agents.hang_up", agent="anna")
        await customer.hung_up()
    else:
        bruno.hangup()
        await customer.hung_up()
    hung_up_first = why == "the customer hung up"
    await _interview(stage, InterviewState.NO_CONTACT if hung_up_first else InterviewState.INELIGIBLE)
    assert await stage.segments("flow") == []
