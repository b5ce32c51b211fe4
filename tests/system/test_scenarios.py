"""The shipped scenarios, the same files: at the text player, in the engine, and over real SIP."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

import care
import proactive
import surveys
from centralino.rooms import flow_files
from ivr.language import load_flow
from ivr.scenarios import (
    EngineDriver,
    LoadedScenario,
    LocalDriver,
    OverSip,
    TextDriver,
    load_scenarios,
    run_scenario,
)
from surveys.models import Answer, Interview, InterviewState
from tests.sip import SipPhone
from tests.system.scenarist import Scenarist, impossible, login
from tests.system.telco import Telco
from tests.system.told import PIN
from values import SystemClock

ROOMS = (care, proactive, surveys)
FILES = [path for room in ROOMS for path in sorted((room.FLOWS.parent / "scenarios").glob("*.yaml"))]
SCENARIOS = [
    scenario for path in FILES for scenario in load_scenarios(path.read_text("utf-8"), file=path.name)
]
OVER_SIP = {"care.service_0611", "care.ring_back", "proactive.fault_closure"}
"""Flows whose scenarios are led over a line too; of the others one by one (`ALSO`), since lines are dear."""
ALSO = {"The customer chooses another time"}
"""Single scenarios of other flows, by name."""
ENOUGH = {
    "The customer wants to talk, and nobody is free",
    "The customer wants to talk, and an operator answers",
    "At night nobody is connected, but a call is promised",
    "Several faults are asked about in one call",
    "Who was touched by an outage hears that it is over",
    "Nobody knows yet how long an outage lasts",
}
"""Scenarios of those flows that no line need prove again."""
RUN_BY_OTHERS = {"care.identify", "care.outage"}
"""Flows that take no call of their own."""
REAL = [
    each
    for each in SCENARIOS
    if (each.scenario.flow in OVER_SIP or each.scenario.scenario in ALSO)
    and each.scenario.scenario not in ENOUGH
    and not impossible(each.scenario)
]


def told(scenario: LoadedScenario) -> str:
    return scenario.where()


@pytest.mark.unit
def test_every_flow_that_takes_calls_has_scenarios() -> None:
    ours = flow_files([room.FLOWS for room in ROOMS])
    flows = {load_flow(path.read_text("utf-8"), file=path.name).flow.flow for path in ours}
    assert {each.scenario.flow for each in SCENARIOS} == flows - RUN_BY_OTHERS


@pytest.mark.unit
@pytest.mark.parametrize("kind", [TextDriver, EngineDriver], ids=["text", "engine"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=told)
async def test_without_a_telephone(scenario: LoadedScenario, kind: type[LocalDriver]) -> None:
    flows = [load_flow(path.read_text("utf-8"), file=path.name).flow for path in flow_files()]
    await run_scenario(scenario, kind(flows))


@pytest.fixture
async def operator(telco: Telco) -> AsyncIterator[SipPhone]:
    """The operator's telephone, registered."""
    async with SipPhone(telco.loopback.city, login=login(telco)) as phone:
        assert await phone.register(f"sip:{telco.loopback.node}:5060") == 200
        yield phone
        await phone.register(f"sip:{telco.loopback.node}:5060", expires=0)


@pytest.mark.asterisk
@pytest.mark.timeout(180)
@pytest.mark.parametrize("scenario", REAL, ids=told)
async def test_over_real_sip(
    scenario: LoadedScenario, telco: Telco, carrier: SipPhone, operator: SipPhone
) -> None:
    await run_scenario(scenario, OverSip(Scenarist(telco, carrier, operator), SystemClock(), patience=45))


@pytest.mark.asterisk
@pytest.mark.timeout(240)
async def test_marks_are_keyed_over_a_line_and_kept_when_the_customer_hangs_up(
    telco: Telco, carrier: SipPhone, operator: SipPhone
) -> None:
    """A questionnaire: ten is two keys, and a hang-up is noted with the question at which it came."""
    named = {each.scenario.scenario: each for each in SCENARIOS}
    for name in (
        "Four items and a ten, each key in its time",
        "The question is heard again and costs no try",
    ):
        scenarist = Scenarist(telco, carrier, operator)
        await run_scenario(named[name], OverSip(scenarist, SystemClock(), patience=45))

    async def kept() -> dict[InterviewState, tuple[str, dict[str, int | None]]]:
        async with telco.db() as db, db.read() as session:
            rows = list(await session.scalars(select(Interview)))
            said = list(await session.scalars(select(Answer)))
        return {
            row.state: (row.last_item, {each.item: each.value for each in said if each.interview == row.id})
            for row in rows
        }

    async def settled() -> bool:
        return set(await kept()) == {InterviewState.COMPLETE, InterviewState.PARTIAL}

    await telco.until(settled, what="both interviews were settled")
    found = await kept()
    marks = {"waiting": 5, "correctness": 4, "ability": 5, "courtesy": 5, "recommend": 10}
    assert found[InterviewState.COMPLETE] == ("", marks)
    assert found[InterviewState.PARTIAL] == ("correctness", {"waiting": 2})


@pytest.mark.asterisk
@pytest.mark.timeout(180)
async def test_wrong_pins_are_refused_over_a_line_and_stand_nowhere(
    telco: Telco, carrier: SipPhone, operator: SipPhone
) -> None:
    """The whole house runs: the event, the rule, the call, the keys; then every file of it is searched."""
    named = {each.scenario.scenario: each for each in SCENARIOS}
    guessed = named["After three wrong PINs nobody is asked any more"]
    await run_scenario(guessed, OverSip(Scenarist(telco, carrier, operator), SystemClock(), patience=45))
    pins = [pin.encode() for pin in (PIN, "739105", "739106", "739107")]

    def found() -> list[str]:
        files = (path for path in telco.home.rglob("*") if path.is_file())
        return [str(path) for path in files if any(pin in path.read_bytes() for pin in pins)]

    assert await asyncio.to_thread(found) == []
