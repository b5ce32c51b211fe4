"""Scenario files: what is shipped can be used, and what is wrong is said by file, line and field."""

from pathlib import Path
from random import Random

import pytest

from dialer.simulator import ScenarioError, load_scenario, read_scenario, shipped
from dialer.simulator.distributions import mean_of, sampler
from dialer.simulator.population import Kind, Population
from dialer.simulator.scenario import Scenario, Staff
from tests.dialer.simulator.days import scenario

pytestmark = pytest.mark.unit

GOOD = """\
scenario: a test
population:
  person: 0.3
staff:
  agents: 5
"""


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_can_be_read_and_says_what_it_shows(name: str) -> None:
    assert len(load_scenario(name).scenario) > 5


def test_there_are_the_five_of_the_anchors_and_others() -> None:
    five = {"ten_agents", "twenty_five_agents", "fifty_agents", "hundred_agents", "midday_change"}
    assert five < set(shipped())
    assert len(shipped()) >= 11


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_scenario(str(path), {"max_abandon": "0.02"}).campaign.max_abandon == 0.02


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "  agent: 5\n", "mine.yaml:6: staff.agent: there is no such word"),
        (
            GOOD.replace("0.3", "1.3"),
            "mine.yaml:3: population.person: write 1 or less",
        ),
        (GOOD.replace("0.3", "much"), "mine.yaml:3: population.person: write a number"),
        (GOOD.replace("  agents: 5", "  talk: 5"), "mine.yaml:4: staff.agents: is missing"),
        (GOOD + "  talk: {lognormal: {mean: -3, cv: 1}}\n", "mine.yaml:6: staff.talk.lognormal.mean: "),
        (
            GOOD + "  talk: {normal: 3}\n",
            "mine.yaml:6: staff.talk: a length of time is a number of seconds or",
        ),
        (
            GOOD + "  wrap_up:\n    - {from: 9am, is: 3}\n",
            "mine.yaml:7: staff.wrap_up.0.from: '9am' is no time of day",
        ),
        (
            GOOD + '  wrap_up: [{from: "10:00", is: 3}, {from: "09:00", is: 4}]\n',
            "mine.yaml:6: staff.wrap_up: each time must be later than the one before",
        ),
        (
            GOOD.replace("person: 0.3", "person: 0.3\n  busy: 0.8"),
            "mine.yaml:2: population: at 00:00 the shares come to 1.15",
        ),
        (
            GOOD + "  talk: {mixture: [{share: 0.5, takes: 3}, {share: 0.4, takes: 9}]}\n",
            "mine.yaml:6: staff.talk.mixture: the shares must come to 1, not 0.9",
        ),
        (GOOD.replace("0.3", "[]"), "mine.yaml:3: population.person: an empty list has no value"),
        ("- 1\n", "mine.yaml:1: a scenario begins with `scenario:`"),
        ("a: [\n", "mine.yaml: cannot be read: line 2: "),
        ("", "mine.yaml:1: a scenario begins with"),
    ],
)
def test_what_is_wrong_is_said_by_file_line_and_field(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as told:
        read_scenario(text, file="mine.yaml")
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("max_abandn", "0.02", "max_abandn: there is no such setting; there are: "),
        ("max_abandon", "7", "mine.yaml as changed: campaign.max_abandon: write 0.5 or less"),
        ("staff.agents", "-1", "mine.yaml as changed: staff.agents: write 0 or more"),
        ("staff.nobody", "1", "mine.yaml as changed: staff.nobody: there is no such word"),
        ("hours.x", "1", "hours: "),
        ("max_abandon", "[", "max_abandon: '[' cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_changed_so_is_named(field: str, value: str, said: str) -> None:
    with pytest.raises(ScenarioError) as told:
        read_scenario(GOOD, file="mine.yaml", changes={field: value})
    assert said in str(told.value)


def test_times_of_day_may_go_without_quotes() -> None:
    text = GOOD.replace("person: 0.3", "person: [{from: 08:00, is: 0.1}, {from: 12:30, is: 0.4}]")
    person = read_scenario(text, file="mine.yaml").population.person
    assert [person.at(hour * 3600) for hour in (7, 12, 12.5, 18)] == [0.1, 0.1, 0.4, 0.4]


@pytest.mark.parametrize(
    "written",
    [
        25,
        {"lognormal": {"mean": 150, "cv": 0.8}},
        {"gamma": {"mean": 25, "cv": 0.5}},
        {"exponential": 40},
        {"mixture": [{"share": 0.7, "takes": 20}, {"share": 0.3, "takes": {"exponential": 300}}]},
    ],
)
def test_a_distribution_has_the_mean_that_was_written(written: object) -> None:
    talk = Staff.model_validate({"agents": 1, "talk": written}).talk.steps[0].value
    random, draw = Random(1), sampler(talk)
    drawn = [draw(random) for _ in range(20_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(mean_of(talk), rel=0.04)


def _drawn(world: Scenario, now: float, number: int = 5000) -> list[Kind]:
    population = Population(world, Random(3))
    return [population.draw(now).kind for _ in range(number)]


def test_the_population_follows_its_shares_by_time_of_day() -> None:
    day = {
        "person": [{"from": "09:00", "is": 0.1}, {"from": "12:00", "is": 0.5}],
        "machine": 0.2,
        "busy": 0.1,
        "failed": 0,
    }
    world = scenario(population=day)
    morning, noon = _drawn(world, 3600), _drawn(world, 3 * 3600)
    assert morning.count(Kind.PERSON) / 5000 == pytest.approx(0.1, abs=0.02)
    assert noon.count(Kind.PERSON) / 5000 == pytest.approx(0.5, abs=0.02)
    assert noon.count(Kind.MACHINE) / 5000 == pytest.approx(0.2, abs=0.02)
    assert noon.count(Kind.NO_ANSWER) / 5000 == pytest.approx(0.2, abs=0.02)
    assert noon.count(Kind.FAILED) == 0


def test_who_would_answer_after_the_last_ring_answers_at_it() -> None:
    world = scenario(population={"person": 1, "rings": {"person": 90}}, campaign={"ring_seconds": 25})
    assert Population(world, Random(1)).draw(0).rings == 25
