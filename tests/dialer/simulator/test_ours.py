"""The dialler's own pacer in the simulator."""

import pytest

from dialer.pacing.campaign import CampaignPacer
from dialer.simulator import CONTENDERS, OURS, Scenario, contenders, load_scenario, run_day
from dialer.simulator.ours import charged, own_pacer
from tests.dialer.simulator.days import scenario
from values import BadInputError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("mode", ["progressive", "ratio", "predictive"])
def test_a_campaigns_mode_makes_its_pacer(mode: str) -> None:
    pacer = own_pacer(scenario(campaign={"mode": mode, "ratio": 3, "max_abandon": 0.02, "answer_within": 3}))
    assert pacer.max_abandon == 0.02
    assert pacer.patience == 3
    assert mode in type(pacer).__name__.lower()


def test_predictive_uses_agents_better_than_progressive_within_the_limit() -> None:
    world = load_scenario("twenty_five_agents", {"hours": "3"})
    slow = run_day(world, CONTENDERS["progressive"], 1)
    ours = run_day(world, CONTENDERS[OURS], 1)
    assert ours.utilisation > slow.utilisation + 0.08
    assert ours.abandonment <= 0.03
    assert ours.decisions == 3 * 3600
    assert ours.decision_seconds > 0


def _uk(false_positive: float, formula: str = "uk") -> Scenario:
    return scenario(campaign={"formula": formula}, detection={"false_positive": false_positive})


def test_persons_hung_up_as_machines_are_taken_from_the_budget_where_the_law_counts_them() -> None:
    world = _uk(0.02)
    pacer = own_pacer(world)
    told = charged(pacer, world)
    for _ in range(98):
        told.call_ended(placed=0, ended=1, outcome="connected", rang=1)
    told.call_ended(placed=0, ended=1, outcome="machine", rang=1)
    assert pacer.estimates.abandonment == pytest.approx(2 / 100)  # 98·0.02/0.98 = 2 of 100
    for free in (_uk(0.02, "live"), _uk(1.0), scenario()):
        pacer = own_pacer(free)
        assert charged(pacer, free) is pacer


def test_a_contender_is_found_by_name() -> None:
    assert [each.name for each in contenders("issabel, genesys")] == ["issabel", "genesys"]
    assert contenders("none") == []
    assert len(contenders("all")) == 8
    with pytest.raises(BadInputError, match="against: there is no 'avaya'"):
        contenders("avaya")
    assert isinstance(CONTENDERS[OURS].make(scenario(), 1), CampaignPacer)
