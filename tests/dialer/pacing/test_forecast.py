"""The forecast's arithmetic against the exact one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.pacing import PacingState
from dialer.pacing.forecast import foresee
from dialer.pacing.handling import HandlingModel
from dialer.pacing.ring import RingModel
from dialer.pacing.shortfall import Counts, chance_short

pytestmark = pytest.mark.unit

agents = st.lists(st.floats(0.0, 0.15), max_size=25)
calls = st.lists(st.floats(0.0, 0.4), max_size=25)
anything = st.lists(st.floats(0.0, 0.95), max_size=6)


def exact(free: int, freed: list[float], answers: list[float]) -> float:
    """P(answers - freed >= free), event by event."""
    spread = {0: 1.0}
    for chance, step in [(p, 1) for p in answers] + [(p, -1) for p in freed]:
        following: dict[int, float] = {}
        for at, weight in spread.items():
            following[at] = following.get(at, 0.0) + weight * (1 - chance)
            following[at + step] = following.get(at + step, 0.0) + weight * chance
        spread = following
    return sum(weight for at, weight in spread.items() if at >= free)


def counts(events: list[float]) -> Counts:
    return Counts(sum(events), max(1e-9, sum(p * (1 - p) for p in events)))


@given(st.integers(-3, 8), agents, calls)
def test_the_chance_to_be_short_is_close_to_the_exact_one(
    free: int, freed: list[float], answers: list[float]
) -> None:
    near = chance_short(free, counts(freed), counts(answers))
    assert near == pytest.approx(exact(free, freed, answers), abs=0.04)


@given(st.integers(-3, 8), anything, anything)
def test_a_few_events_of_all_kinds_give_a_chance_too(
    free: int, freed: list[float], answers: list[float]
) -> None:
    near = [chance_short(free + more, counts(freed), counts(answers)) for more in range(3)]
    assert all(-1e-9 <= chance <= 1 + 1e-9 for chance in near)
    assert near == sorted(near, reverse=True)


@given(st.integers(0, 6), st.integers(0, 12), st.floats(0.001, 0.5))
def test_more_calls_are_never_less_risk(free: int, ringing: int, threshold: float) -> None:
    state = PacingState(0.0, free, [30.0 * i for i in range(10)], [float(i) for i in range(ringing)], 0)
    forecast = foresee(state, free, RingModel(), HandlingModel(2.0))
    risks = [forecast.risk(calls) for calls in range(8)]
    assert risks == sorted(risks) or max(b - a for a, b in zip(risks[1:], risks, strict=False)) < 0.02
    placed = forecast.most_calls(threshold)
    assert placed == 0 or forecast.risk(placed - 1) <= threshold
    assert forecast.risk(placed) > threshold or placed > 8


def test_no_agent_comes_back_when_all_leave() -> None:
    state = PacingState(0.0, 0, [100.0] * 4, [], 0, leaving=4)
    forecast = foresee(state, 0, RingModel(), HandlingModel(2.0))
    assert all(agents.mean == 0 for agents in forecast.freed)


def test_a_call_under_analysis_counts_by_the_share_of_persons() -> None:
    ring = RingModel()
    for _ in range(300):
        ring.ended("machine", placed=0.0, rang=8.0)
    state = PacingState(0.0, 2, [], [], 0, analysing=4)
    forecast = foresee(state, 2, ring, HandlingModel(2.0))
    assert forecast.answers[-1].mean < 0.4


def test_an_agent_is_soon_free_when_most_calls_end_at_that_age() -> None:
    handling = HandlingModel(2.0)
    for i in range(400):
        handling.freed(95.0 + i % 10)
    early, late = handling.rows([10.0, 96.0])
    assert early[5] < 0.1
    assert late[5] > 0.6


def test_a_call_that_rings_long_is_hardly_answered_any_more() -> None:
    ring = RingModel()
    for i in range(400):
        live = i % 3 == 0
        ring.ended("connected" if live else "no_answer", placed=float(i), rang=10.0 if live else 27.0)
    fresh, late = ring.rows([1.0, 22.0])
    assert fresh[9] > 0.2
    assert late[9] < 0.05
