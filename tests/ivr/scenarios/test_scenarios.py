"""Calls as they should go: one file, three ways to make the call."""

import json
from collections.abc import Callable, Sequence

import jsonschema
import pytest
import yaml

from ivr.language import load_flow
from ivr.language.model import Flow
from ivr.scenarios import (
    Driver,
    Ended,
    EngineDriver,
    LoadedScenario,
    OverSip,
    Scenario,
    ScenarioFailedError,
    ScenarioFileError,
    TextDriver,
    load_scenarios,
    run_scenario,
)
from ivr.scenarios.published import SCHEMA, scenario_schema, schema_text
from values.testing import FixedClock

pytestmark = pytest.mark.unit

FLOW = load_flow(
    """
flow: room.bill
title: The bill
languages: [en, it]
start: main
give_up: gave_up
inputs: {name: {sample: Anna}}
calendars: {desk: {open: {mon: ["08:00-12:00"]}}}
steps:
  main:
    menu:
      greeting: {en: "Hello {name}. Bill 1, PIN 2, person 3.", it: "Ciao {name}. 1, 2, 3."}
      choices: {"1": {to: look, set: {reason: billing}}, "2": pin, "3": when}
      no_input: {tries: 2, to: gave_up}
  look: {do: room.balance, on_error: trouble, on_timeout: slow, next: tell}
  tell:
    say: {en: "You owe {owed:money}, due {due:date}.", it: "Deve {owed:money} entro {due:date}."}
    next: fine
  pin:
    ask: {prompt: {en: PIN., it: PIN.}, into: pin, digits: 4, private: true, must: [{action: room.right}]}
    next: sub
  sub: {run: room.sub, next: fine}
  when: {hours: desk, open: person, closed: gave_up}
  person: {transfer: operator, busy: gave_up, next: fine}
  fine: {end: fine, goal: true}
  trouble: {end: trouble}
  slow: {end: slow}
  gave_up: {end: gave_up}
""",
    file="bill.yaml",
).flow
SUB = load_flow(
    """
flow: room.sub
title: Sub
languages: [en, it]
start: sure
give_up: done
steps:
  sure: {menu: {greeting: {en: Sure., it: Sicuro.}, choices: {"1": done}}}
  done: {end: done}
""",
    file="sub.yaml",
).flow
FLOWS = [FLOW, SUB]

GOOD = """
scenarios:
  - scenario: Who owes hears the amount
    flow: room.bill
    language: it
    variables: {name: Bruno}
    answers:
      room.balance: {owed: {money: 72.50}, due: {date: 2026-12-01}}
    steps:
      - expect: main
        says: Ciao Bruno
      - press: 1
      - expect: tell
        says: settantadue euro e cinquanta entro martedì primo dicembre
    outcome: fine
    goal: true
    results: {reason: billing, owed: {money: 72.50}}

  - scenario: A wrong PIN, then the right one, then a hang-up in the sub-flow
    flow: room.bill
    answers: {room.right: {ok: false}}
    steps:
      - expect: main
      - press: "2"
      - expect: pin
      - press: "1111"
      - expect: pin
      - answer: {room.right: {ok: true}}
      - press: "4242"
      - expect: sub>sure
      - hang_up: true
    outcome: ""

  - scenario: Nobody answers
    flow: room.bill
    steps: [{silence: true}, {expect: main}, {silence: true}, {expect: gave_up}]
    outcome: gave_up
    goal: false

  - scenario: The desk is closed in the afternoon
    flow: room.bill
    at: 2026-03-02T15:00:00+01:00
    steps: [{press: "3"}, {expect: gave_up}]
    outcome: gave_up

  - scenario: The desk is busy in the morning
    flow: room.bill
    transfers: [busy]
    steps: [{press: "3"}, {expect: person}]
    outcome: gave_up

  - scenario: The balance cannot be read
    flow: room.bill
    answers: {room.balance: fails}
    steps: [{press: "1"}]
    outcome: trouble

  - scenario: The balance takes too long
    flow: room.bill
    answers: {room.balance: late}
    steps: [{press: "1"}]
    outcome: slow

  - scenario: The caller just leaves
    flow: room.bill
    steps: [{expect: main}]
"""

DRIVERS: list[Callable[[Sequence[Flow]], Driver]] = [EngineDriver, TextDriver]


def scenarios(text: str = GOOD) -> list[LoadedScenario]:
    return load_scenarios(text, file="bill.scenarios.yaml")


@pytest.mark.parametrize("make", DRIVERS)
@pytest.mark.parametrize("loaded", scenarios(), ids=lambda loaded: loaded.scenario.scenario)
async def test_one_file_runs_in_the_engine_and_at_the_player(
    loaded: LoadedScenario, make: Callable[[Sequence[Flow]], Driver]
) -> None:
    await run_scenario(loaded, make(FLOWS))


def one(items: str, *, more: str = "outcome: fine") -> LoadedScenario:
    return load_scenarios(f"scenario: Try\nflow: room.bill\nsteps:\n{items}\n{more}\n", file="try.yaml")[0]


@pytest.mark.parametrize(
    ("items", "more", "told"),
    [
        ("  - press: 1\n  - expect: pin", "", "try.yaml:5: Try: expected the step 'pin', but it ended"),
        ("  - expect: pin", "", "try.yaml:4: Try: expected the step 'pin', but it waits at main"),
        ("  - expect: main\n    says: Goodbye", "", "try.yaml:4: Try: nothing like 'Goodbye' was said"),
        ("  - press: 1\n  - press: 2", "", "try.yaml:5: Try: the call is over"),
        (
            "  - expect: main",
            "outcome: fine",
            "try.yaml:5: Try: the flow should have ended, but it waits at main",
        ),
        ("  - press: 1", "outcome: trouble", "try.yaml:5: Try: expected the outcome 'trouble', but"),
        ("  - press: 1", "goal: false", "try.yaml:5: Try: the goal was reached"),
        (
            "  - press: 1",
            "outcome: fine\nresults: {reason: fault}",
            "try.yaml:6: Try: expected reason to be 'fault'",
        ),
        ("  - press: 1\n  - expect: main", "", "try.yaml:5:"),  # what came before the key does not count
    ],
)
async def test_what_goes_otherwise_is_told_with_its_line(items: str, more: str, told: str) -> None:
    with pytest.raises(ScenarioFailedError) as failure:
        await run_scenario(one(items, more=more), EngineDriver(FLOWS))
    assert str(failure.value).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a list", "try.yaml:1: a scenario begins with"),
        (
            "scenario: x\nflow: room.bill\nsteps:\n  - pres: 1\n",
            "try.yaml:4: steps.0: each line needs one of: press",
        ),
        ("scenario: x\nflow: room.bill\nsteps:\n  - press: abc\n", "try.yaml:4: steps.0.press: "),
        (
            "scenario: x\nflow: room.bill\nstops: 1\nsteps: [{press: 1}]\n",
            "try.yaml:3: stops: there is no such word",
        ),
        ("scenario: x\nsteps: [{press: 1}]\n", "try.yaml:1: : Field required"),
        ("scenario: [x\n", "try.yaml:"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text: str, told: str) -> None:
    with pytest.raises(ScenarioFileError) as problem:
        load_scenarios(text, file="try.yaml")
    assert str(problem.value).startswith(told)


async def test_the_player_shows_what_a_person_would_see_and_hides_private_keys() -> None:
    driver = TextDriver(FLOWS)
    await run_scenario(one('  - press: "2"\n  - press: "4242"\n  - press: "1"', more="outcome: fine"), driver)
    assert driver.transcript.splitlines() == [
        "  · main (menu)", "« Hello Anna. Bill 1, PIN 2, person 3.", "» 2",
        "  · pin (ask)", "« PIN.",
        "  private: what you type now stays hidden; Enter when it is done", "» ••••", "  keys ••••",
        "  · sub (run)", "  · sub>sure (menu)", "« Sure.", "» 1",
        "  · sub>done (end)", "  · fine (end)",
    ]  # fmt: skip


class Phone:
    """Stands for a real telephone: a little later than asked, the trace shows what happened."""

    def __init__(self, ways: dict[str, list[str]], end: Ended | None) -> None:
        self._ways = ways
        self._end = end
        self._came: list[str] = []
        self._coming: list[str] = []
        self.did: list[str] = []

    def _go(self, act: str) -> None:
        self.did.append(act)
        self._coming += self._ways.get(act, [])

    async def dial(self, scenario: Scenario) -> None:
        self._go("dial")

    async def press(self, keys: str) -> None:
        self._go(keys)

    async def hang_up(self) -> None:
        self._go("hang up")
        self._end = Ended("", goal=False, path=self._came[-1])

    async def entered(self) -> Sequence[str]:
        if self._coming:
            self._came.append(self._coming.pop(0))
        return list(self._came)

    async def ended(self) -> Ended | None:
        await self.entered()
        return self._end if not self._coming else None


async def test_the_same_file_leads_a_telephone() -> None:
    phone = Phone({"dial": ["main"], "1": ["look", "tell", "fine"]}, Ended("fine", goal=True, path="fine"))
    await run_scenario(scenarios()[0], OverSip(phone, FixedClock()))
    assert phone.did == ["dial", "1"]


async def test_a_telephone_that_goes_elsewhere_fails_with_the_line() -> None:
    phone = Phone({"dial": ["main"], "1": ["look", "trouble"]}, None)
    with pytest.raises(
        ScenarioFailedError, match=r"yaml:13: .* expected the step 'tell', but the call is at main"
    ):
        await run_scenario(scenarios()[0], OverSip(phone, FixedClock(), patience=2))


def test_the_schema_in_the_docs_is_the_language() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run python -m ivr.scenarios.published"
    validate = jsonschema.Draft202012Validator(scenario_schema())
    assert not list(validate.iter_errors(json.loads(json.dumps(yaml.safe_load(GOOD), default=str))))
    assert list(validate.iter_errors({"scenario": "x", "flow": "room.bill", "steps": [{"pres": "1"}]}))
