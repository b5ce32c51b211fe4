"""The shipped scenarios, the same files: at the text player, in the engine, and over real SIP."""

import asyncio
import re
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
FLOWS = [load_flow(path.read_text("utf-8"), file=path.name).flow for path in flow_files()]
SCENARIOS = [
    scenario for path in FILES for scenario in load_scenarios(path.read_text("utf-8"), file=path.name)
]
OVER_SIP = {
    "care.service_0611": {
        "A known customer hears what the bill comes to",
        "A stranger is asked for number and code, and a wrong code is refused",
        "The operator is busy and a corrected number is called back",
        "A restored fault is settled by the customer who rings about it",
        "No agent is at work, and the operator's telephone rings",
        "Who is touched by an outage hears of it, and may go on",
    },
    "care.ring_back": {
        "Who wants no more such calls gets none from that moment on",
        "Where an agent would have talked to them an operator does",
        "Nobody is free and we call again",
        "At night nobody is rung, and a call that cannot be promised is not",
    },
    "proactive.appointment": {"The customer chooses another time"},
    "proactive.fault_closure": {
        "The customer says that the line works",
        "The customer says that it does not, after a key that means nothing",
        "Somebody else answers and hears nothing about the line",
        "The customer hangs up when asked",
    },
    "proactive.line_notice": {"The customer hears the day of the connection and hangs up"},
    "proactive.traffic_warning": {"Who hangs up after the amount has been told all the same"},
    "proactive.works_notice": {"Nobody has said yet from when until when"},
    "surveys.after_process": {"After a repair all is well, and they would recommend us"},
    "surveys.bill_delivered": {"The bill never came, so nobody asks when"},
    "surveys.ces": {"It was easy"},
    "surveys.csat": {"A satisfied customer is through with two keys"},
    "surveys.nps": {"Who would not is asked, and leaves a comment"},
}
"""By flow, what is led over a line too: lines are dear, so only what a line adds to."""
BY_THEMSELVES = {"proactive.welcome_call", "surveys.four_items"}
"""Flows whose calls over a line have tests of their own below."""
RUN_BY_OTHERS = {"care.identify", "care.outage"}
"""Flows that take no call of their own; those of 0611 run them."""
REAL = [each for each in SCENARIOS if each.scenario.scenario in OVER_SIP.get(each.scenario.flow, ())]


def told(scenario: LoadedScenario) -> str:
    return scenario.where()


@pytest.mark.unit
def test_every_flow_has_scenarios_and_takes_a_real_call() -> None:
    flows = {flow.flow for flow in FLOWS}
    assert {each.scenario.flow for each in SCENARIOS} == flows
    assert OVER_SIP.keys() | BY_THEMSELVES | RUN_BY_OTHERS == flows
    assert len(REAL) == sum(len(names) for names in OVER_SIP.values()), "a name that no scenario has"
    assert not [each.where() for each in REAL if impossible(each.scenario)]


@pytest.mark.unit
@pytest.mark.parametrize("kind", [TextDriver, EngineDriver], ids=["text", "engine"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=told)
async def test_without_a_telephone(scenario: LoadedScenario, kind: type[LocalDriver]) -> None:
    await run_scenario(scenario, kind(FLOWS))


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
    # A moment's microseconds are six digits after a point, of which some are a PIN by chance.
    pins = re.compile(rf"(?<![.\d])({PIN}|73910[567])(?!\d)".encode())

    def found() -> list[str]:
        files = (path for path in telco.home.rglob("*") if path.is_file())
        return [str(path) for path in files if pins.search(path.read_bytes())]

    assert await asyncio.to_thread(found) == []
