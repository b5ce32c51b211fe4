"""The bench's table of scenarios and contenders."""

import pytest

from bench.pacing import TARGETS, goals, measure
from dialer.simulator import BASELINES, load_scenario, run_days, shipped

pytestmark = pytest.mark.unit


def test_the_bench_tells_each_contender() -> None:
    found = measure(1, ["three_agents"], ["progressive"])["three_agents"]
    assert found["scenario"] == "3 agents, 25 % answer"
    assert found["progressive"]["days"] == 1
    assert found["progressive"]["abandonment"]["mean"] == 0


def test_the_dialler_is_held_to_its_goals() -> None:
    days = run_days(load_scenario("three_agents", {"hours": "1"}), BASELINES["progressive"], [1])
    told = goals("fifty_agents", days, 0.03)
    assert told["abandonment_of_the_worst_day"] == {"value": 0.0, "goal": "<= 0.03", "met": True}
    assert told["utilisation"]["goal"] == ">= 0.93"
    assert not told["utilisation"]["met"]
    assert told["decision_milliseconds"]["goal"] == "< 0.2"
    assert set(goals("three_agents", days, 0.03)) == {"abandonment_of_the_worst_day"}


def test_every_target_is_for_a_scenario_that_is_shipped() -> None:
    assert set(TARGETS) <= set(shipped())
