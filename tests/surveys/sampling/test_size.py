"""How many it takes, against the textbook's numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.figures import Indicator, Tally
from surveys.figures.tallies import Count
from surveys.sampling import Precision, more_needed, nps_variance, share_variance, size_for, targets
from values import BadInputError
from values.proportions import wilson_reach

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("words", "complete"),
    [
        ({"margin": 0.05}, 385),
        ({"margin": 0.03}, 1068),
        ({"margin": 0.05, "population": 1000}, 278),
        ({"margin": 0.05, "deff": 1.5}, 577),
        ({"margin": 0.05, "population": 1000, "deff": 1.5}, 417),
        ({"margin": 0.05, "population": 50}, 45),
        ({"margin": 0.05, "confidence": 0.99}, 664),
        ({"margin": 0.05, "variance": nps_variance()}, 1537),
        ({"margin": 0.05, "variance": nps_variance(0.5, 0.2)}, 938),
        ({"margin": 0.05, "variance": share_variance(0.9)}, 139),
    ],
)
def test_textbook(words: dict[str, float], complete: int) -> None:
    assert size_for(Precision(**words)).complete == complete  # type: ignore[arg-type]


def test_who_answers_seldom_is_invited_in_numbers() -> None:
    size = size_for(Precision(margin=0.05, response=0.2))
    assert (size.complete, size.invite, size.enough) == (385, 1925, True)
    small = size_for(Precision(margin=0.05, response=0.2, population=1000))
    assert (small.complete, small.invite, small.enough) == (278, 1000, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("margin", 0), ("margin", 1), ("deff", 0.9), ("response", 0), ("population", 0), ("confidence", 1)],
)
def test_what_nobody_can_mean_is_named(field: str, value: float) -> None:
    with pytest.raises(BadInputError, match=field):
        Precision(**({"margin": 0.05} | {field: value}))  # type: ignore[arg-type]


@given(st.floats(0.01, 0.5), st.integers(1, 10_000), st.floats(1, 3))
def test_more_precision_never_takes_fewer_and_nobody_is_asked_twice(
    margin: float, population: int, deff: float
) -> None:
    size = size_for(Precision(margin=margin, population=population, deff=deff))
    finer = size_for(Precision(margin=margin / 2, population=population, deff=deff))
    assert 1 <= size.complete <= finer.complete <= population


def test_how_many_more_to_two_points() -> None:
    there = more_needed(Indicator.NPS, Tally.plain({10: 200, 7: 120, 0: 80}), response=0.25)
    assert (there.n, there.reach) == (400, pytest.approx(7.65, abs=0.01))
    assert (there.needed, there.more) == (5859, 5459)
    assert there.invite == 4 * 5459
    share = more_needed(Indicator.CSAT, Tally.plain({5: 42, 1: 8}))
    assert wilson_reach(0.84, share.needed) <= 0.02 < wilson_reach(0.84, share.needed - 1)
    nobody = more_needed(Indicator.CSAT, Tally(), margin=5)
    assert (nobody.n, nobody.more) == (0, 381)  # Wilson's interval is a little narrower than 385 says
    assert more_needed(Indicator.CSAT, Tally.plain({5: 9000}), margin=2).more == 0


def test_three_that_all_said_ten_are_not_enough() -> None:
    there = more_needed(Indicator.NPS, Tally.plain({10: 3}))
    assert (there.n, there.needed, there.more) == (3, 3202, 3199)
    assert there.reach == pytest.approx(65.3, abs=0.1)  # half an answer of three on a scale of 200 points
    mean = more_needed(Indicator.CES, Tally.plain({7: 3}), margin=0.1)
    assert (mean.reach, mean.more) == (pytest.approx(1.96, abs=0.01), 1150)
    assert more_needed(Indicator.NPS, Tally.plain({10: 400})).more == 0


def test_quotas_follow_the_contacts_and_leave_no_cell_unseen() -> None:
    contacts = {"voice|Roma": 6000, "voice|Ivrea": 3000, "adsl|Roma": 950, "adsl|Ivrea": 50}
    assert targets(400, contacts) == {
        "voice|Roma": 240, "voice|Ivrea": 120, "adsl|Roma": 38, "adsl|Ivrea": 2,
    }  # fmt: skip
    seen = targets(400, contacts, least=30)
    assert min(seen.values()) == 30
    assert sum(seen.values()) == 400


def test_weights_that_differ_take_more() -> None:
    plain = more_needed(Indicator.NPS, Tally.plain({10: 50, 0: 50}), margin=5)
    weighted = more_needed(
        Indicator.NPS, Tally({10: Count(50, 100.0, 250.0), 0: Count(50, 100.0, 250.0)}), margin=5
    )  # 200² / 500: a hundred answers are worth eighty
    assert (plain.needed, weighted.needed) == (1537, 1922)
