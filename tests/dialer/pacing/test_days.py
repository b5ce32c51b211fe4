"""Whole stretches of a day: the limit holds, and agents talk more than they would otherwise."""

import pytest

from dialer.pacing import Pacer, make_pacer
from tests.dialer.pacing.days import Day, always

pytestmark = pytest.mark.unit

NOON = 3600.0


def predictive() -> Pacer:
    return make_pacer("predictive", seed=1)


@pytest.mark.parametrize(
    ("agents", "answer", "gain", "seed"), [(3, 0.3, 0.05, 1), (10, 0.3, 0.08, 2), (50, 0.2, 0.25, 3)]
)
def test_the_limit_holds_and_agents_talk_more_than_one_call_each_lets_them(
    agents: int, answer: float, gain: float, seed: int
) -> None:
    day = Day(always(agents), always(answer), hours=2, seed=seed).run(predictive())
    plain = Day(always(agents), always(answer), hours=2, seed=seed).run(make_pacer("progressive"))
    assert plain.abandoned == 0
    assert day.abandonment <= 0.03
    assert day.utilisation > plain.utilisation + gain


def test_the_limit_holds_when_at_noon_agents_leave_and_thrice_as_many_answer() -> None:
    day = Day(lambda t: 25 if t < NOON else 15, lambda t: 0.15 if t < NOON else 0.45, hours=2, seed=3)
    day.run(predictive())
    assert day.abandonment <= 0.03
    assert day.utilisation > 0.8


def test_half_seconds_and_any_origin_of_the_clock_will_do() -> None:
    day = Day(always(20), always(0.3), every=0.5, origin=1.7e9, hours=1.5).run(predictive())
    assert day.abandonment <= 0.03
    assert day.utilisation > 0.82


def test_machines_answer_too_and_take_their_time_to_be_told() -> None:
    day = Day(always(20), always(0.25), machines=0.2, hours=1.5).run(predictive())
    assert day.abandonment <= 0.03
    assert day.utilisation > 0.8


def test_agents_are_no_busier_than_the_cap() -> None:
    day = Day(always(20), always(0.3), hours=2).run(make_pacer("predictive", max_occupancy=0.75))
    assert 0.7 < day.utilisation <= 0.76
    assert day.abandonment <= 0.03


def test_a_tighter_limit_is_kept_too() -> None:
    day = Day(always(20), always(0.3), hours=1.5).run(make_pacer("predictive", max_abandon=0.01))
    assert day.abandonment <= 0.01
    assert day.utilisation > 0.8


def test_the_same_day_is_dialled_the_same_way() -> None:
    first, second = (Day(always(8), always(0.3), hours=0.5).run(predictive()) for _ in range(2))
    assert (first.placed, first.connected) == (second.placed, second.connected)
