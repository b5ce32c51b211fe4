"""The law's formula and its windows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.pacing.appetite import Appetite
from dialer.pacing.budget import Budget
from values import BadInputError

pytestmark = pytest.mark.unit

DAY = 86_400.0
counts = st.integers(0, 10_000)


@given(counts, counts, st.floats(0, 100), st.floats(0, 1))
def test_what_is_left_is_negative_exactly_when_the_limit_is_passed(
    connected: int, abandoned: int, charged: float, limit: float
) -> None:
    budget = Budget(limit)
    budget.restore(connected=connected, abandoned=abandoned, charged=charged)
    lost = abandoned + charged
    assert budget.live == pytest.approx(connected + lost)
    if budget.live:
        assert budget.share == pytest.approx(lost / (connected + lost))
        assert budget.left == pytest.approx((limit - budget.share) * budget.live, abs=1e-6)


def test_a_rolling_window_forgets_what_is_older() -> None:
    budget = Budget(0.03)
    budget.over(DAY)
    budget.at(1_000.0)
    budget.abandon()
    budget.at(1_000.0 + DAY / 2)
    budget.connect()
    assert (budget.abandoned, budget.connected) == (1, 1)
    budget.at(2_000.0 + DAY)
    assert (budget.abandoned, budget.connected) == (0, 1)
    budget.at(2_000.0 + 2 * DAY)
    assert budget.live == 0


def test_restored_counts_leave_the_window_when_their_time_is_over() -> None:
    budget = Budget(0.03)
    budget.over(DAY)
    budget.restore(connected=100, abandoned=2, charged=0, ago=DAY / 2)
    budget.at(1.7e9)
    assert budget.abandoned == 2
    budget.at(1.7e9 + DAY * 0.4)
    budget.connect()
    assert budget.abandoned == 2
    budget.at(1.7e9 + DAY * 0.6)
    assert (budget.abandoned, budget.connected) == (0, 1)


def test_without_a_window_all_counts_until_it_is_begun_anew() -> None:
    budget = Budget(0.03)
    budget.at(0.0)
    budget.abandon()
    budget.at(1e9)
    assert budget.abandoned == 1


def test_another_window_keeps_the_counts() -> None:
    budget = Budget(0.03)
    budget.at(500.0)
    budget.abandon()
    budget.over(30 * DAY)
    budget.at(600.0)
    assert budget.abandoned == 1


@pytest.mark.parametrize("seconds", [0.0, -5.0])
def test_a_window_of_no_length_is_refused(seconds: float) -> None:
    with pytest.raises(BadInputError):
        Budget(0.03).over(seconds)


def test_counts_below_nothing_are_refused() -> None:
    with pytest.raises(BadInputError):
        Budget(0.03).restore(connected=-1, abandoned=0, charged=0)
    with pytest.raises(BadInputError):
        Budget(0.03).charge(-0.1)


@given(st.integers(1, 300), st.integers(0, 400), st.floats(0.001, 0.2))
def test_the_more_was_abandoned_the_less_is_risked(agents: int, abandoned: int, limit: float) -> None:
    budget = Budget(limit)
    appetite = Appetite(budget)
    budget.restore(connected=5_000, abandoned=abandoned, charged=0)
    before = appetite.threshold(agents)
    budget.abandon()
    assert 0 <= appetite.threshold(agents) <= before <= 0.6
    if budget.share > limit + 0.01:
        assert appetite.threshold(agents) == 0


def test_what_is_only_estimated_keeps_more_in_reserve() -> None:
    counted, estimated = Budget(0.03), Budget(0.03)
    counted.restore(connected=5_000, abandoned=140, charged=0)
    estimated.restore(connected=5_000, abandoned=100, charged=40)
    assert counted.left == pytest.approx(estimated.left)
    assert Appetite(estimated).threshold(50) < Appetite(counted).threshold(50)


def test_a_day_on_its_reserve_is_dialled_at_a_price_near_the_limit() -> None:
    for agents in (3, 10, 50, 300):
        budget = Budget(0.03)
        appetite = Appetite(budget)
        budget.restore(connected=9_700, abandoned=300 - appetite._reserve(agents), charged=0)
        assert 0.03 < appetite.threshold(agents) < 0.14
