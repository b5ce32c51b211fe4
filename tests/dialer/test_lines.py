"""Campaigns that share lines: by priority, then by weight, nothing left lying about and nothing overdrawn."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.campaigns import Demand, share

pytestmark = pytest.mark.unit


def demand(name: str, *, priority: int = 0, weight: float = 1.0, want: int = 100, in_use: int = 0) -> Demand:
    return Demand(name, priority, weight, want, in_use, limit=100)


def test_the_more_urgent_campaign_gets_all_that_it_wants_first() -> None:
    urgent, other = demand("urgent", priority=5, want=7), demand("other", want=30)
    assert share(10, [other, urgent]).grants == {"urgent": 7, "other": 3}
    assert share(5, [other, urgent]).grants == {"urgent": 5, "other": 0}


def test_equals_share_by_their_weights() -> None:
    demands = [demand("a", weight=3), demand("b", weight=1)]
    assert share(40, demands).grants == {"a": 30, "b": 10}


def test_what_one_cannot_take_goes_to_the_others() -> None:
    demands = [demand("a", weight=3, want=4), demand("b"), demand("c")]
    assert share(30, demands).grants == {"a": 4, "b": 13, "c": 13}


def test_lines_in_use_count_so_that_the_latecomer_catches_up() -> None:
    demands = [demand("early", in_use=60), demand("late")]
    assert share(20, demands).grants == {"early": 0, "late": 20}
    assert share(80, demands).grants == {"early": 10, "late": 70}


def test_a_campaigns_own_limit_holds() -> None:
    narrow = Demand("narrow", 0, 1.0, want=50, in_use=8, limit=10)
    assert share(100, [narrow, demand("wide", want=10)]).grants == {"narrow": 2, "wide": 10}


def test_a_small_share_of_very_few_calls_still_gets_its_turn() -> None:
    """One call at a time is free, and each is over before the next."""
    demands = [demand("big", weight=3), demand("small", weight=1)]
    owed: dict[str, float] = {}
    turns: Counter[str] = Counter()
    for _ in range(400):
        shares = share(1, demands, owed)
        owed = dict(shares.owed)
        turns.update({name: count for name, count in shares.grants.items() if count})
    assert turns == {"big": 300, "small": 100}


def test_equal_cases_are_decided_by_name_and_always_alike() -> None:
    demands = [demand("b"), demand("a")]
    assert [share(1, demands).grants for _ in range(3)] == [{"b": 0, "a": 1}] * 3


demands_of_any_kind = st.lists(
    st.builds(
        Demand,
        campaign=st.text("abcdefgh", min_size=1, max_size=4),
        priority=st.integers(-2, 2),
        weight=st.floats(0.01, 1000),
        want=st.integers(0, 200),
        in_use=st.integers(0, 200),
        limit=st.integers(1, 200),
    ),
    max_size=12,
    unique_by=lambda each: each.campaign,
)


@given(st.integers(0, 500), demands_of_any_kind, st.integers(1, 5))
def test_all_that_is_free_is_given_as_far_as_it_is_wanted_and_never_more(
    free: int, demands: list[Demand], rounds: int
) -> None:
    owed: dict[str, float] = {}
    for _ in range(rounds):
        shares = share(free, demands, owed)
        owed = dict(shares.owed)
        wanted = sum(each.room for each in demands)
        assert sum(shares.grants.values()) == min(free, wanted)
        assert all(0 <= shares.grants[each.campaign] <= each.room for each in demands)
        assert all(-1 <= part <= 1 for part in owed.values())
        assert share(free, list(reversed(demands)), owed).grants == share(free, demands, owed).grants


@given(st.integers(0, 500), demands_of_any_kind)
def test_nobody_gets_a_call_before_somebody_more_urgent_has_all(free: int, demands: list[Demand]) -> None:
    grants = share(free, demands).grants
    for each in demands:
        if grants[each.campaign]:
            assert all(
                grants[other.campaign] == other.room for other in demands if other.priority > each.priority
            )
