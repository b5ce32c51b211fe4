"""Sharing agents: priority first, then weight, as far as skills go, and never an agent twice."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import AgentState, Claim, Seat, portions, share

pytestmark = pytest.mark.unit


def test_weights_divide_what_is_there() -> None:
    claims = [Claim("a", weight=2.0), Claim("b", weight=1.0)]
    assert share([()] * 9, claims) == {"a": 6, "b": 3}


def test_higher_priority_goes_first_and_leaves_what_it_has_no_use_for() -> None:
    claims = [Claim("low"), Claim("high", priority=5, wants=4)]
    assert share([()] * 10, claims) == {"low": 6, "high": 4}
    assert share([()] * 3, claims) == {"low": 0, "high": 3}


def test_who_knows_more_is_kept_for_those_who_need_it() -> None:
    claims = [Claim("anybody", wants=1), Claim("fibre", skill="fibre"), Claim("mobile", skill="mobile")]
    crowd = [{"mobile", "fibre"}, {"fibre", "x"}, set()]
    assert share(crowd, claims) == {"anybody": 1, "fibre": 1, "mobile": 1}


def test_a_campaign_that_got_too_little_goes_first_when_there_is_one_agent() -> None:
    def one(a: float, b: float) -> dict[str, int]:
        return share([()], [Claim("a", weight=2.0, had=a), Claim("b", weight=1.0, had=b)])

    assert one(0, 0) == {"a": 1, "b": 0}
    assert one(4, 0) == {"a": 0, "b": 1}
    assert one(1, 1) == {"a": 1, "b": 0}


def test_one_after_the_other_they_get_their_weights() -> None:
    had: Counter[str] = Counter()
    for _ in range(300):
        claims = [Claim(name, weight=weight, had=had[name]) for name, weight in (("a", 3.0), ("b", 1.0))]
        had.update(share([()], claims))
    assert had == {"a": 225, "b": 75}


def test_nobody_asks_and_nobody_is_there() -> None:
    assert share([()] * 3, []) == {}
    assert share([], [Claim("a")]) == {"a": 0}
    assert share([()], [Claim("a", wants=0), Claim("b", weight=0.0)]) == {"a": 0, "b": 0}


claims = st.lists(
    st.builds(
        Claim,
        campaign=st.sampled_from("abcdef"),
        skill=st.sampled_from(["", "x", "y"]),
        priority=st.integers(0, 2),
        weight=st.sampled_from([0.5, 1.0, 3.0]),
        wants=st.integers(0, 12),
        had=st.integers(0, 9).map(float),
    ),
    unique_by=lambda claim: claim.campaign,
)
crowds = st.lists(st.sets(st.sampled_from(["x", "y"])), max_size=15)


@given(crowds, claims)
def test_nobody_is_counted_twice_or_for_what_they_do_not_know(
    crowd: list[set[str]], asked: list[Claim]
) -> None:
    got = share(crowd, asked)
    assert sum(got.values()) <= len(crowd)
    for claim in asked:
        assert 0 <= got[claim.campaign] <= claim.wants
        assert got[claim.campaign] <= sum(not claim.skill or claim.skill in skills for skills in crowd)
    for skill in ("x", "y"):
        assert sum(got[c.campaign] for c in asked if c.skill == skill) <= sum(skill in s for s in crowd)
    assert got == share(list(reversed(crowd)), asked)


@given(crowds, claims)
def test_nobody_stays_unused_whom_a_campaign_wants(crowd: list[set[str]], asked: list[Claim]) -> None:
    got = share(crowd, asked)
    if sum(got.values()) < len(crowd):
        for claim in asked:
            if not claim.skill:
                assert got[claim.campaign] == claim.wants


def seat(name: str, state: AgentState, *, campaign: str = "", skills: tuple[str, ...] = ()) -> Seat:
    return Seat(
        name, frozenset(skills), state, parked=state is AgentState.READY, campaign=campaign, busy_since=40.0
    )


def test_busy_ones_are_shared_like_idle_ones_and_count_for_their_own_campaign() -> None:
    seats = [
        seat("a1", AgentState.TALKING, campaign="a"),
        seat("a2", AgentState.WRAP_UP, campaign="a"),
        seat("b1", AgentState.TALKING, campaign="b"),
        seat("i1", AgentState.READY),
        seat("i2", AgentState.PAUSED),
        seat("i3", AgentState.READY),
    ]
    got = portions(seats, [Claim("a"), Claim("b")], 100.0)
    assert sum(part.idle for part in got.values()) == 2
    assert sum(len(part.busy) for part in got.values()) == 3
    assert {name: part.idle + len(part.busy) for name, part in got.items()} == {"a": 3, "b": 2}
    assert all(seconds == 60.0 for part in got.values() for seconds in part.busy)
