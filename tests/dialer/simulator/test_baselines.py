"""The baselines behave as was seen of what they stand for (anchors §8)."""

from collections.abc import Sequence

import pytest

from dialer.pacing import PacingState
from dialer.simulator import BASELINES, Summary, load_scenario, run_days
from dialer.simulator.baselines import (
    FixedRatioPacer,
    GenesysPacer,
    IssabelPacer,
    ProgressivePacer,
    VicidialMethod,
    VicidialPacer,
)

pytestmark = pytest.mark.unit


def state(
    *, now: float = 0, idle: int = 0, busy: Sequence[float] = (), ringing: int = 0, waiting: int = 0
) -> PacingState:
    return PacingState(now=now, idle_agents=idle, busy_agents=busy, ringing=[1.0] * ringing, waiting=waiting)


def days(scenario: str, contender: str, number: int = 2) -> Summary:
    return run_days(load_scenario(scenario), BASELINES[contender], range(1, number + 1))


@pytest.mark.parametrize(
    ("scenario", "utilisation"), [("ten_agents", 0.72), ("twenty_five_agents", 0.73), ("fifty_agents", 0.63)]
)
def test_progressive_abandons_nobody_and_is_as_slow_as_was_measured(
    scenario: str, utilisation: float
) -> None:
    seen = days(scenario, "progressive", 1)
    assert seen.worst_abandonment == 0
    assert seen.utilisation == pytest.approx(utilisation, abs=0.02)


def test_issabel_overshoots_with_few_agents() -> None:
    seen = days("ten_agents", "issabel")
    assert seen.abandonment > 0.10
    assert seen.utilisation == pytest.approx(0.89, abs=0.03)


def test_vicidial_spends_its_drops_in_the_morning_and_crawls_all_day() -> None:
    seen = days("ten_agents", "vicidial")
    assert seen.utilisation == pytest.approx(0.72, abs=0.03)
    assert seen.abandonment == pytest.approx(0.032, abs=0.005)
    assert seen.worst_hour > 0.06


def test_genesys_with_a_multiplier_of_two() -> None:
    seen = days("ten_agents", "genesys")
    assert seen.utilisation == pytest.approx(0.825, abs=0.02)
    assert seen.abandonment == pytest.approx(0.028, abs=0.012)


def test_impact_looks_for_the_best_factor_within_its_limit() -> None:
    seen = days("twenty_five_agents", "impact", 1)
    assert 0.75 < seen.utilisation < 0.92
    assert seen.abandonment < 0.05


def test_progressive_and_fixed_ratio_count_what_is_open() -> None:
    assert ProgressivePacer().calls_to_place(state(idle=5, ringing=2, waiting=1)) == 2
    assert FixedRatioPacer(2.5).calls_to_place(state(idle=3, ringing=2)) == 6
    assert FixedRatioPacer(2.5).calls_to_place(state(idle=0, ringing=2)) == 0


def test_genesys_formula() -> None:
    assert GenesysPacer(2).calls_to_place(state(idle=5, ringing=3, waiting=1)) == 4  # 2·(5 − 1 − 2)
    assert GenesysPacer(1.5).calls_to_place(state(idle=3)) == 4


def test_issabel_counts_who_has_talked_long_and_divides_by_the_answer_rate() -> None:
    pacer = IssabelPacer(every=0)
    for number in range(20):
        answered = number % 2 == 0
        pacer.call_ended(placed=0, ended=10, outcome="connected" if answered else "busy", rang=10)
    for _ in range(10):
        pacer.agent_freed(100)
    # 1 − exp(−(345 + 10)/100) = 0.971, 1 − exp(−(300 + 10)/100) = 0.955; half of all answer
    assert pacer.calls_to_place(state(now=20, idle=1, busy=[345, 300])) == 4
    assert pacer.calls_to_place(state(now=20 + 1801, idle=1, busy=[345])) == 2  # the half hour has passed


def test_vicidials_level_grows_with_idle_agents() -> None:
    pacer = VicidialPacer(talking=1)
    assert pacer.calls_to_place(state(idle=5, busy=[1] * 5)) == 10  # level 1.5: round(1.5·10) − 5 in calls
    assert pacer.level == 1.5
    assert pacer.calls_to_place(state(now=1, idle=5, busy=[1] * 5)) == 0  # one pass in two and a half seconds
    assert pacer.calls_to_place(state(now=3, idle=5, busy=[1] * 5, ringing=10)) == 0
    for now in range(15, 200, 15):
        pacer.calls_to_place(state(now=now, idle=10))
    assert pacer.level == 3  # and no more


@pytest.mark.parametrize(
    ("method", "level"),
    [(VicidialMethod.HARD_LIMIT, 1.0), (VicidialMethod.AVERAGE, 1.5), (VicidialMethod.TAPERED, 2.0)],
)
def test_vicidials_methods_above_the_limit(method: VicidialMethod, level: float) -> None:
    pacer = VicidialPacer(method, starts=10 * 3600, latest=1666, talking=1)
    for number in range(100):
        outcome = "abandoned" if number < 4 else "connected"
        pacer.call_ended(placed=0, ended=0, outcome=outcome, rang=10)
    pacer.level = 3.0
    pacer.calls_to_place(state(now=61, idle=0, busy=[5] * 10))  # 16:66 − 10:01 = 665 of 1000
    assert pacer.level == pytest.approx(level, abs=0.01)
