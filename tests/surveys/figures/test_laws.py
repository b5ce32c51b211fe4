"""What holds of intervals and hidden cells whatever the answers are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.figures import Indicator, Tally, estimate
from surveys.figures.crossing import crossed
from surveys.figures.hiding import Path, hidden
from surveys.figures.intervals import effective, nps_error
from surveys.figures.trend import firm
from values.proportions import newcombe, newcombe_chance, wilson, wilson_reach

pytestmark = pytest.mark.unit
LEAST = 30

tallies = st.dictionaries(st.integers(0, 10), st.integers(0, 500), min_size=1).map(Tally.plain)
shares = st.floats(0, 1)
sizes = st.integers(1, 100_000)


@given(tallies, st.sampled_from(list(Indicator)))
def test_an_interval_contains_its_estimate_and_stays_on_the_scale(tally: Tally, which: Indicator) -> None:
    found = estimate(which, tally)
    if found is None:
        assert tally.within(which.definition.low, which.definition.high).total.n == 0
        return
    how = which.definition
    assert how.least <= found.low <= found.value <= found.high <= how.most
    assert found.worth <= found.n


@given(shares, sizes, sizes)
def test_more_answers_never_widen_an_interval(share: float, n: int, more: int) -> None:
    assert wilson_reach(share, n + more) <= wilson_reach(share, n)
    assert nps_error(share, (1 - share) / 2, n + more) <= nps_error(share, (1 - share) / 2, n)


@given(sizes, st.data())
def test_wilsons_ends_rise_with_the_share(n: int, data: st.DataObject) -> None:
    good = data.draw(st.integers(0, n))
    fewer = data.draw(st.integers(0, good))
    low, high = wilson(good / n, n)
    low_fewer, high_fewer = wilson(fewer / n, n)
    assert low_fewer <= low + 1e-12
    assert high_fewer <= high + 1e-12


few = st.integers(1, 400)


@given(few, few, st.data(), st.floats(0.5, 0.999))
def test_a_difference_is_more_than_chance_where_its_interval_leaves_nought_out(
    n: int, other_n: int, data: st.DataObject, confidence: float
) -> None:
    share, other = data.draw(st.integers(0, n)) / n, data.draw(st.integers(0, other_n)) / other_n
    chance = newcombe_chance(share, n, other, other_n)
    assert chance == newcombe_chance(other, other_n, share, n)
    assume(abs(chance - (1 - confidence)) > 1e-5)
    low, high = newcombe(share, n, other, other_n, confidence)
    assert (chance < 1 - confidence) == (low > 0 or high < 0)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50))
def test_weights_are_never_worth_more_than_their_number(weights: list[float]) -> None:
    worth = effective(sum(weights), sum(weight * weight for weight in weights))
    assert 1 - 1e-9 <= worth <= len(weights) + 1e-9


@given(st.lists(st.floats(0, 1), max_size=40))
def test_what_holds_together_holds_alone(chances: list[float]) -> None:
    held = firm(chances)
    assert all(p < 1 - 0.95 for p, holds in zip(chances, held, strict=True) if holds)
    if chances and min(chances) < 0.0499 / len(chances):
        assert any(held)


sites = st.dictionaries(
    st.tuples(st.sampled_from("AB"), st.sampled_from("xyz"), st.sampled_from("123")),
    st.integers(0, 90),
    min_size=1,
)


@settings(max_examples=200, deadline=None)
@given(sites)
def test_a_hidden_cell_cannot_be_reckoned_from_all_that_is_shown(counts: Mapping[Path, int]) -> None:
    away = hidden(counts, LEAST)
    nodes = _nodes(counts)
    shown = [leaves for node, leaves in nodes.items() if node not in away]
    assert all(_size(counts, leaves) >= LEAST for leaves in shown if _size(counts, leaves))
    for node, leaves in nodes.items():
        if 0 < _size(counts, leaves) < LEAST:
            assert node in away
            assert not _follows(leaves, shown, counts)


areas = st.dictionaries(
    st.tuples(st.sampled_from([("r",), ("s",), ("t",), ("u",)]), st.sampled_from(["voice", "adsl", "com"])),
    st.integers(0, 90),
    min_size=1,
)


@settings(max_examples=200, deadline=None)
@given(areas)
def test_a_table_by_areas_gives_nothing_away_beside_its_sums(counts: Mapping[tuple[Path, str], int]) -> None:
    """A site that works in one area alone may be given away by two sums; the cells add nothing to it."""
    away = crossed(counts, LEAST)
    flat = {(*path, area): n for (path, area), n in counts.items()}
    sums: list[Collection[Path]] = [list(flat)] if sum(flat.values()) >= LEAST else []
    for place in (0, 1):
        lines: dict[str, list[Path]] = defaultdict(list)
        for leaf in flat:
            lines[leaf[place]].append(leaf)
        gone = hidden({(name,): _size(flat, leaves) for name, leaves in lines.items()}, LEAST)
        sums += [leaves for name, leaves in lines.items() if (name,) not in gone]
    cells = [[(*path, area)] for path, area in counts if (path, area) not in away]
    assert all(flat[cell] >= LEAST for [cell] in cells if flat[cell])
    for leaf, n in flat.items():
        if 0 < n < LEAST and not _follows([leaf], sums, flat):
            assert not _follows([leaf], [*sums, *cells], flat)


def _nodes(counts: Mapping[Path, int]) -> dict[Path, list[Path]]:
    found: dict[Path, list[Path]] = defaultdict(list)
    for leaf in counts:
        for level in range(len(leaf) + 1):
            found[leaf[:level]].append(leaf)
    return found


def _size(counts: Mapping[Path, int], leaves: Collection[Path]) -> int:
    return sum(counts[leaf] for leaf in leaves)


def _follows(
    wanted: Collection[Path], shown: Collection[Collection[Path]], counts: Mapping[Path, int]
) -> bool:
    """Whether a sum is a combination of published sums. Whoever reckons knows which cells are empty."""
    unknown = [leaf for leaf in counts if counts[leaf]]
    rows = [[Fraction(leaf in leaves) for leaf in unknown] for leaves in shown]
    return _rank(rows) == _rank([*rows, [Fraction(leaf in wanted) for leaf in unknown]])


def _rank(rows: list[list[Fraction]]) -> int:
    rows = [list(row) for row in rows]
    rank = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[rank:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        for place, row in enumerate(rows):
            if place != rank and row[column]:
                factor = row[column] / pivot[column]
                rows[place] = [mine - factor * other for mine, other in zip(row, pivot, strict=True)]
        rank += 1
    return rank
