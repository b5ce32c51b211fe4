"""What each mode may place, and which settings are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.pacing import PacingState, make_pacer
from dialer.pacing.campaign import CampaignPacer
from dialer.pacing.making import campaign_pacer
from dialer.pacing.plain import RatioPacer
from values import BadInputError

pytestmark = pytest.mark.unit

MODES = ["preview", "progressive", "ratio", "ratio:2.5", "predictive"]
ages = st.lists(st.floats(0, 20_000), max_size=40)
states = st.builds(
    PacingState,
    now=st.floats(0, 2e9),
    idle_agents=st.integers(0, 40),
    busy_agents=ages,
    ringing=ages,
    waiting=st.integers(0, 5),
    analysing=st.integers(0, 5),
    leaving=st.integers(0, 5),
    inbound_waiting=st.integers(0, 5),
)


def state(
    idle: int = 0, *, now: float = 0.0, ringing: int = 0, waiting: int = 0, inbound: int = 0
) -> PacingState:
    return PacingState(now, idle, [], [5.0] * ringing, waiting, inbound_waiting=inbound)


@given(states, st.sampled_from(MODES))
def test_no_mode_takes_calls_back_or_fails(seen: PacingState, mode: str) -> None:
    assert make_pacer(mode).calls_to_place(seen) >= 0


@given(states)
def test_progressive_has_never_more_calls_under_way_than_free_agents(seen: PacingState) -> None:
    placed = make_pacer("progressive").calls_to_place(seen)
    taken = seen.waiting + seen.analysing + seen.inbound_waiting + len(seen.ringing)
    assert placed == 0 or placed + taken <= seen.idle_agents


@given(states)
def test_preview_places_nothing(seen: PacingState) -> None:
    assert make_pacer("preview").calls_to_place(seen) == 0


@pytest.mark.parametrize("mode", MODES)
def test_without_agents_nothing_is_dialled(mode: str) -> None:
    assert make_pacer(mode).calls_to_place(state(0)) == 0
    gone = PacingState(0.0, 0, [100.0, 200.0], [], 0, leaving=2)
    assert make_pacer(mode).calls_to_place(gone) == 0


def test_ratio_places_its_lines_for_each_free_agent() -> None:
    assert make_pacer("ratio").calls_to_place(state(10)) == 15
    assert make_pacer("ratio:1.8").calls_to_place(state(10, ringing=3)) == 15


def test_ratio_can_be_changed_while_running() -> None:
    pacer = campaign_pacer("ratio:2")
    assert isinstance(pacer, RatioPacer)
    pacer.lines_per_agent = 3
    assert pacer.calls_to_place(state(4)) == 12


def test_ratio_over_the_limit_goes_on_with_one_line_each() -> None:
    pacer = campaign_pacer("ratio:3")
    pacer.restore(connected=10, abandoned=2)
    assert pacer.calls_to_place(state(4, ringing=1)) == 3


@pytest.mark.parametrize("mode", ["progressive", "ratio:1", "predictive"])
def test_callers_in_the_queue_come_first(mode: str) -> None:
    assert make_pacer(mode).calls_to_place(state(5, inbound=5)) == 0
    assert make_pacer(mode).calls_to_place(state(5, inbound=3, waiting=1)) == 1


@pytest.mark.parametrize(
    ("mode", "settings", "field"),
    [
        ("agentless", {}, "mode"),
        ("guessing", {}, "mode"),
        ("", {}, "mode"),
        ("predictive:2", {}, "mode"),
        ("ratio:many", {}, "ratio"),
        ("ratio:0.5", {}, "ratio"),
        ("ratio:nan", {}, "ratio"),
        ("predictive", {"max_abandon": -0.01}, "max_abandon"),
        ("predictive", {"max_abandon": 1.01}, "max_abandon"),
        ("progressive", {"max_abandon": float("nan")}, "max_abandon"),
        ("predictive", {"max_occupancy": 0.0}, "max_occupancy"),
        ("predictive", {"max_occupancy": 1.2}, "max_occupancy"),
        ("ratio", {"max_occupancy": float("nan")}, "max_occupancy"),
    ],
)
def test_impossible_settings_are_refused_by_name(mode: str, settings: dict[str, float], field: str) -> None:
    with pytest.raises(BadInputError) as refused:
        make_pacer(mode, **settings)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_setting_refused_while_running_changes_nothing() -> None:
    pacer = campaign_pacer("predictive", max_occupancy=0.9)
    for name, value in (("max_abandon", 2.0), ("max_occupancy", 7.0), ("patience", -1.0)):
        before = getattr(pacer, name)
        with pytest.raises(BadInputError):
            setattr(pacer, name, value)
        assert getattr(pacer, name) == before


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(BadInputError):
        make_pacer("predictive").call_ended(placed=0, ended=9, outcome="lost", rang=9)


def test_what_is_made_can_be_steered() -> None:
    assert isinstance(make_pacer("predictive"), CampaignPacer)
