"""Draws that can be done again, whoever does them and in whatever order."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sampling import Candidate, Drawn, by_chance, shared, spread
from surveys.sampling.chance import by_stratum, digest, drawn

pytestmark = pytest.mark.unit

frames = st.lists(
    st.builds(Candidate, st.text(max_size=5), st.sampled_from(["", "a", "b", "c"])), max_size=60
)


@given(frames, st.integers(0, 80), st.text(max_size=100), st.randoms())
def test_the_same_seed_draws_the_same_people_in_any_order(
    frame: list[Candidate], wanted: int, seed: str, chance: random.Random
) -> None:
    strata = by_stratum(frame)
    parts = shared(wanted, {name: len(people) for name, people in strata.items()})
    first = drawn(strata, parts, seed)
    chance.shuffle(frame)
    again = by_stratum([*frame, *frame])
    assert drawn(again, parts, seed) == first
    assert digest(again) == digest(strata)
    people = {each.customer_id for each in frame}
    assert len(first) == min(wanted, len(people)) == len({each.customer_id for each in first})
    # those drawn stand for everybody of the strata of which anybody was drawn
    reached = sum(len(strata[name]) for name in {each.stratum for each in first})
    assert sum(each.weight for each in first) == pytest.approx(reached)


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 500)), st.integers(0, 2000), st.integers(0, 40))
def test_a_sample_is_shared_out_whole(sizes: dict[str, int], total: int, least: int) -> None:
    parts = shared(total, sizes, least)
    assert all(min(least, sizes[name]) <= parts[name] <= sizes[name] for name in sizes)
    floor = sum(min(least, size) for size in sizes.values())
    assert sum(parts.values()) == max(floor, min(total, sum(sizes.values())))


def test_everybody_is_drawn_as_often_as_anybody_else() -> None:
    strata = by_stratum([Candidate(f"c{number}") for number in range(50)])
    times = Counter(
        each.customer_id for seed in range(2000) for each in drawn(strata, {"": 10}, str(seed))
    )  # 400 times each; six standard deviations are 107
    assert len(times) == 50
    assert all(293 < count < 507 for count in times.values())


def test_a_fifth_of_the_calls_is_chosen_before_anybody_talks() -> None:
    chosen = [by_chance("2009", f"call-{number}", 0.2) for number in range(10_000)]
    assert 1800 < sum(chosen) < 2200
    assert chosen == [by_chance("2009", f"call-{number}", 0.2) for number in range(10_000)]
    assert not by_chance("2009", "call-1", 0.0)
    assert by_chance("2009", "call-1", 1.0)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.text(max_size=20))
def test_places_are_rung_in_turns_whatever_their_sizes(sizes: list[int], seed: str) -> None:
    people = [
        Drawn(f"{place}-{n}", f"p{place}", 1.0) for place, size in enumerate(sizes) for n in range(size)
    ]
    turns = spread(people, seed)
    assert turns == spread(people, seed)
    assert Counter(each.stratum for each, _ in turns) == Counter(each.stratum for each in people)
    for done in range(len(turns)):
        rung = Counter(each.stratum for each, _ in turns[:done])
        upto = turns[done][1]
        assert all(abs(rung[f"p{place}"] - upto * size) <= 1 for place, size in enumerate(sizes))
