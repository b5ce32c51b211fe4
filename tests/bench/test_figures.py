import math

import pytest

from bench.figures import Burst, Goal, all_met, bucket_bound, percentile, ratio, told

pytestmark = pytest.mark.unit


def bursts(*rates: float) -> list[Burst]:
    return [Burst(round(rate * 10), 0, 10.0) for rate in rates]


def test_one_slow_burst_does_not_decide() -> None:
    assert ratio(bursts(100, 20, 110), bursts(200, 200, 1)) == pytest.approx(0.5)


def test_a_burst_that_failed_is_told_with_its_failures() -> None:
    seen = told([Burst(90, 10, 10.0), Burst(110, 0, 10.0)])
    assert seen == {"calls_per_second": 10.0, "runs": [9.0, 11.0], "calls": 200, "failed": 10}


def test_nothing_measured_is_nothing_reached() -> None:
    assert told([]) == {"calls_per_second": 0.0, "runs": [], "calls": 0, "failed": 0}
    assert ratio([], bursts(1)) == 0
    assert ratio(bursts(1), [Burst(0, 0, 0.0)]) == 0


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (0.999, 100), (0.0, 1), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([*range(100, 0, -1)], share) == value


def test_a_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 0.99) == 0


def test_a_histogram_gives_the_bound_that_holds_the_share() -> None:
    counts = {0.001: 900.0, 0.005: 990.0, 0.01: 999.0, math.inf: 1000.0}
    assert bucket_bound(counts, 0.5) == 0.001
    assert bucket_bound(counts, 0.99) == 0.005
    assert bucket_bound(counts, 0.991) == 0.01
    assert bucket_bound(counts, 1.0) == math.inf
    assert bucket_bound({}, 0.99) == 0


@pytest.mark.parametrize(
    ("sign", "bound", "value", "met"),
    [
        (">=", 0.5, 0.5, True),
        (">=", 0.5, 0.49, False),
        ("<", 5, 5, False),
        ("<=", 0, 0, True),
        ("<=", 0, 1, False),
    ],
)
def test_a_figure_stands_beside_its_goal(sign: str, bound: float, value: float, met: bool) -> None:
    assert Goal(sign, bound).judged(value) == {"value": value, "goal": f"{sign} {bound:g}", "met": met}


def test_one_goal_missed_anywhere_is_seen_at_the_top() -> None:
    good, bad = Goal("<", 5).judged(1), Goal("<", 5).judged(9)
    assert all_met({"a": good, "b": {"c": good}, "at": "today"})
    assert not all_met({"a": good, "b": {"c": bad}})
