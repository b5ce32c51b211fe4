"""Subscribers who understand what they are asked: their keys lead somewhere in every flow of ours."""

import re
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

import proactive
import surveys
from centralino.city import PEOPLE
from centralino.rooms import flow_files
from city import read_people
from city.hearing import Understanding
from city.people import Asked
from city.subscribers import Subscribers
from customers.seed import number_of
from dialer import CampaignPlan, Gate, Purpose, load_profiles, set_up
from dialer.models import AttemptState
from ivr.language import load_flow
from ivr.language.document import Document
from ivr.scenarios import EngineDriver, LoadedScenario, Scenario, run_scenario
from store import Database
from tests.dialer.results.samples import add, attempt_row
from values.testing import FixedClock

PEOPLE_OF_TOWN = read_people(PEOPLE)
FLOWS = {
    flow.flow: flow
    for flow in (load_flow(path.read_text("utf-8"), file=path.name).flow for path in flow_files())
}
ANSWERS = {
    "surveys.begin": {"ask": True},
    "surveys.finish": {"counted": True},
    "proactive.pin_open": {"pin_open": True},
    "proactive.talk_about_traffic": {"promised": True},
    "proactive.appointment": {
        "state": "offered", "proposed": True, "day": {"date": "2026-03-09"}, "others": 2,
        "begins": {"time": "2026-03-09T09:00:00+01:00"}, "ends": {"time": "2026-03-09T12:00:00+01:00"},
    },
    "proactive.confirm_appointment": {"booked": True},
    "proactive.choose_slot": {"ok": True},
    "proactive.cancel_appointment": {"cancelled": True},
}  # fmt: skip
EVERYBODY = [(flow, each) for flow, asked in PEOPLE_OF_TOWN.asked.items() for each in asked]


@pytest.mark.unit
def test_every_flow_that_rings_customers_is_understood() -> None:
    rings = {
        load_flow(path.read_text("utf-8"), file=path.name).flow.flow
        for path in flow_files([proactive.FLOWS, surveys.FLOWS])
    }
    # what is keyed after a repair is what those key who are asked nothing of their own
    assert PEOPLE_OF_TOWN.asked.keys() == rings - {"proactive.fault_closure"}


@pytest.mark.unit
@pytest.mark.parametrize(("flow", "asked"), EVERYBODY, ids=lambda each: getattr(each, "keys", each))
async def test_what_they_key_is_a_choice_where_they_key_it(flow: str, asked: Asked) -> None:
    steps = [{"press": keys} for keys in re.findall("[^.]+", asked.keys)] or [{"silence": True}]
    scenario = Scenario.model_validate(
        {"scenario": asked.keys, "flow": flow, "answers": ANSWERS, "steps": steps}
    )
    driver = EngineDriver(FLOWS.values())
    await run_scenario(LoadedScenario(scenario, "people.yaml", Document("", {}, {})), driver)
    strange = [(step.path, step.how) for step in driver.trace if step.how in {"no_match", "refused"}]
    assert strange == []


@pytest.mark.unit
async def test_most_of_those_who_agree_answer_to_the_end() -> None:
    for flow in (name for name in PEOPLE_OF_TOWN.asked if name.startswith("surveys.")):
        ends: Counter[bool] = Counter()
        for asked in PEOPLE_OF_TOWN.asked[flow]:
            steps = [{"press": keys} for keys in re.findall("[^.]+", asked.keys)]
            scenario = Scenario.model_validate(
                {"scenario": flow, "flow": flow, "answers": ANSWERS, "steps": steps}
            )
            driver = EngineDriver(FLOWS.values())
            ended = await run_scenario(LoadedScenario(scenario, "people.yaml", Document("", {}, {})), driver)
            ends[ended.goal] += int(asked.share)
        assert ends[True] > 0.7 * ends.total(), flow


@pytest.mark.unit
def test_the_same_person_answers_one_flow_always_alike_and_each_flow_in_its_own_way() -> None:
    heeding = [number_of(i) for i in range(100, 400)]
    does = [PEOPLE_OF_TOWN.called_at(number).answers for number in heeding]
    people = [(number, each) for number, each in zip(heeding, does, strict=True) if each and each.heeds]
    assert len(people) > 100
    nps = [PEOPLE_OF_TOWN.answering(number, "surveys.nps", each).keys for number, each in people]
    again = [PEOPLE_OF_TOWN.answering(number, "surveys.nps", each).keys for number, each in people]
    assert nps == again
    assert len(set(nps)) == len(PEOPLE_OF_TOWN.asked["surveys.nps"])
    number, one = people[0]
    assert PEOPLE_OF_TOWN.answering(number, "proactive.fault_closure", one) == one
    exact = PEOPLE_OF_TOWN.called_at(number_of(1)).answers
    assert exact is not None
    assert PEOPLE_OF_TOWN.answering(number_of(1), "surveys.nps", exact) == exact


class Line:
    """A subscriber's telephone: what is done with it, in order."""

    route = "called"

    def __init__(self, number: str) -> None:
        self.dialled = number
        self.keys = ""

    async def answer(self) -> None:
        pass

    async def hangup(self) -> None:
        pass

    async def execute(self, app: str, *args: str) -> str:
        self.keys += args[0] if app == "SendDTMF" else ""
        return "0"


class Heard:
    """Everybody is asked the same."""

    def __init__(self, flow: str) -> None:
        self.flow = flow

    async def flow_on(self, number: str) -> str:
        return self.flow


@pytest.mark.unit
async def test_who_is_rung_keys_what_the_flow_that_speaks_to_them_wants() -> None:
    town = (number_of(i) for i in range(100, 400))
    number, does = next(
        (each, a) for each in town if (a := PEOPLE_OF_TOWN.called_at(each).answers) and a.heeds
    )
    wanted = PEOPLE_OF_TOWN.answering(number, "surveys.four_items", does).keys.replace(".", "")
    for hearing, keys in ((Heard("surveys.four_items"), wanted), (None, does.keys.replace(".", ""))):
        line = Line(number)
        subscribers = Subscribers(PEOPLE_OF_TOWN, FixedClock(), Random(1), hearing=hearing)
        await subscribers.take(line)  # type: ignore[arg-type]
        assert line.keys == keys


@pytest.mark.database
async def test_what_a_call_is_about_is_known_while_it_is_up(database: Database) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    plans = [
        CampaignPlan(name=name, flow=flow, purpose=Purpose.SERVICE, profile="none", caller_id="+390650000611")
        for name, flow in (("fixed", "proactive.fault_closure"), ("bills", "surveys.bill_delivered"))
    ]
    async with database.write() as session:
        for plan in plans:
            await set_up(session, Gate(load_profiles(), country="IT"), plan)
        for nth, (campaign, state) in enumerate(
            [("fixed", AttemptState.DONE), ("bills", AttemptState.ANSWERED)], start=1
        ):
            row = attempt_row(
                nth, id=f"a{nth}", campaign=campaign, number="+393290000100", state=state, committed=now
            )
            await add(session, row)
    understanding = Understanding(database)
    assert await understanding.flow_on("+393290000100") == "surveys.bill_delivered"
    assert await understanding.flow_on("+393290000101") == ""
