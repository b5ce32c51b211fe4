"""The formulas against the vectors that the rules of the house name."""

import pytest

from surveys.figures import Dispositions, Indicator, Tally, estimate
from surveys.figures.intervals import design_effect, effective, nps_error
from values.proportions import newcombe, wilson

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("good", "n", "low", "high"), [(42, 50, 0.715, 0.917), (0, 20, 0.0, 0.161), (20, 20, 0.839, 1.0)]
)
def test_wilson(good: int, n: int, low: float, high: float) -> None:
    assert wilson(good / n, n) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_newcombes_difference_of_two_shares() -> None:
    """His table II, example a."""
    low, high = newcombe(56 / 70, 70, 48 / 80, 80)
    assert (low, high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    assert newcombe(48 / 80, 80, 56 / 70, 70) == (pytest.approx(-high), pytest.approx(-low))


def test_nps_of_four_hundred_is_thirty_and_seven_point_seven_either_way() -> None:
    assert 1.959964 * nps_error(0.5, 0.2, 400) == pytest.approx(7.65, abs=0.01)
    found = estimate(Indicator.NPS, Tally.plain({9: 100, 10: 100, 8: 60, 7: 60, 0: 40, 6: 40}))
    assert found is not None
    assert (found.value, found.low, found.high) == (
        pytest.approx(30),
        pytest.approx(22.35, abs=0.01),
        pytest.approx(37.65, abs=0.01),
    )


def test_csat_is_the_two_best_of_five_and_easy_is_five_to_seven() -> None:
    csat = estimate(Indicator.CSAT, Tally.plain({1: 8, 4: 20, 5: 22}))
    assert csat is not None
    assert (csat.value, csat.low) == (0.84, pytest.approx(0.715, abs=5e-4))
    answers = Tally.plain({1: 10, 4: 10, 5: 10, 7: 10})
    mean, easy = estimate(Indicator.CES, answers), estimate(Indicator.CES_EASY, answers)
    assert mean is not None
    assert easy is not None
    assert (mean.value, easy.value) == (4.25, 0.5)


def test_of_nobody_there_is_no_figure() -> None:
    assert estimate(Indicator.NPS, Tally()) is None
    assert estimate(Indicator.CSAT, Tally.plain({9: 40})) is None  # no answer on this scale
    assert Dispositions(ineligible=5, pending=3).response is None


def test_kish() -> None:
    # a hundred people, half of whom stand for three times as many as the others
    assert effective(50 * 1 + 50 * 3, 50 * 1 + 50 * 9) == 80
    assert design_effect(100, 200, 500) == 1.25


def test_aapor() -> None:
    found = Dispositions(
        complete=300, partial=20, refused=80, no_contact=500, other=30, unknown=70, ineligible=40
    )
    assert found.response == 300 / 1000  # RR1
    assert found.cooperation == 300 / 430  # COOP1
    assert found.refusal == 80 / 1000  # REF1
    assert found.contact == 430 / 1000  # CON1
