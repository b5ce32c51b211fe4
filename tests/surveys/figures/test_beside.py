"""Changes and places: told only as far as they are sure."""

from itertools import pairwise

import pytest

from surveys.figures import By, Dimension, Estimate, Indicator, Question, Tally, estimate, scorecard
from surveys.figures.results import Cells, results_of
from surveys.figures.trend import change, firm, slope

pytestmark = pytest.mark.unit


def csat(good: int, n: int) -> Estimate:
    found = estimate(Indicator.CSAT, Tally.plain({5: good, 1: n - good}))
    assert found is not None
    return found


def test_two_proportions() -> None:
    # 80 % and 86 % of 400 each: Wilson's intervals are 75.80 to 83.63 and 82.26 to 89.06
    found = change(csat(320, 400), csat(344, 400))
    assert found.difference == pytest.approx(0.06)
    assert (found.low, found.high) == (pytest.approx(0.0079, abs=1e-4), pytest.approx(0.1119, abs=1e-4))
    assert found.p == pytest.approx(0.0241, abs=2e-4)
    assert found.significant
    assert not change(csat(320, 400), csat(336, 400)).significant
    assert not change(csat(400, 400), csat(400, 400)).significant


@pytest.mark.parametrize(
    ("before", "after", "sure"),
    [
        ((30, 30), (26, 30), False),  # Fisher's exact test: p = 0.11
        ((0, 30), (4, 30), False),
        ((30, 30), (24, 30), True),  # p = 0.024
        ((400, 400), (388, 400), True),
        ((30, 30), (0, 30), True),
    ],
)
def test_where_all_were_content_a_change_is_told_when_chance_would_not_bring_it(
    before: tuple[int, int], after: tuple[int, int], sure: bool
) -> None:
    for found in (change(csat(*before), csat(*after)), change(csat(*after), csat(*before))):
        assert (found.significant, not found.low <= 0 <= found.high) == (sure, sure)


def test_a_few_that_all_gave_ten_are_not_known_to_the_point() -> None:
    before = estimate(Indicator.NPS, Tally.plain({10: 30}))
    after = estimate(Indicator.NPS, Tally.plain({10: 380, 7: 20}))
    assert before is not None
    assert after is not None
    assert not change(before, after).significant


def test_two_nps() -> None:
    before = estimate(Indicator.NPS, Tally.plain({10: 200, 7: 120, 0: 80}))
    after = estimate(Indicator.NPS, Tally.plain({10: 240, 7: 100, 0: 60}))
    assert before is not None
    assert after is not None
    found = change(before, after)
    assert found.difference == pytest.approx(15)
    # 3.905 and 3.700: 5.379
    assert found.high - found.difference == pytest.approx(1.96 * 5.3793, abs=0.01)


def test_of_many_changes_only_the_strong_are_firm() -> None:
    assert firm([0.001, 0.04, 0.3, 0.02]) == [True, False, False, False]
    assert firm([0.04]) == [True]
    assert firm([]) == []


def sites(**good: int) -> Cells:
    """Of four hundred each, so many were content."""
    return {
        ("2026-W48", ("", name), "", "satisfaction"): Tally.plain({5: n, 1: 400 - n})
        for name, n in good.items()
    }


def test_places_are_told_where_intervals_leave_no_doubt() -> None:
    asked = Question(
        by=By.WEEK, since="2026-W48", until="2026-W48", dimension=Dimension.SITE, indicators=(Indicator.CSAT,)
    )
    cells = {**sites(Roma=360, Ivrea=300, Bari=290, Bolzano=200), **{
        ("2026-W48", ("", name), "", "satisfaction"): Tally.plain({5: 20}) for name in ("Enna", "Lodi")
    }}  # fmt: skip
    card = scorecard(results_of(asked, cells), "2026-W48")
    places = {site.name: site.marks[Indicator.CSAT] for site in card}
    assert {name: (mark.best, mark.worst, mark.rank) for name, mark in places.items()} == {
        "Roma": (1, 1, 1),
        "Ivrea": (2, 3, None),
        "Bari": (2, 3, None),
        "Bolzano": (4, 4, 4),
        "Enna": (None, None, None),
        "Lodi": (None, None, None),
    }


def test_a_slow_decline_that_no_step_shows() -> None:
    weeks = list(enumerate([csat(good, 400) for good in (340, 337, 333, 330, 326, 323, 319, 316)]))
    steps = [change(before, after) for (_, before), (_, after) in pairwise(weeks)]
    assert not any(step.significant for step in steps)
    line = slope(weeks)
    assert line is not None
    assert line.value == pytest.approx(-0.0086, abs=2e-4)
    assert line.low < line.value < line.high < 0
    assert (line.significant, line.periods) == (True, 8)
    steady = slope([(place, csat(320, 400)) for place in range(8)])
    assert steady is not None
    assert not steady.significant
    assert slope(weeks[:3]) is None


def test_a_line_through_weeks_in_which_all_were_content() -> None:
    line = slope([(place, csat(40, 40)) for place in range(5)])
    assert line is not None
    assert (line.value, line.significant) == (pytest.approx(0), False)


def test_the_table_has_a_line_for_each_row_and_for_all() -> None:
    asked = Question(
        by=By.WEEK, since="2026-W44", until="2026-W48", dimension=Dimension.SITE, indicators=(Indicator.CSAT,)
    )
    cells = {
        (week, ("", site), "", "satisfaction"): Tally.plain({5: good, 1: 400 - good})
        for place, week in enumerate(asked.periods)
        for site, good in {"Roma": 380 - 20 * place, "Ivrea": 300}.items()
    }
    found = results_of(asked, cells)
    lines = {path[-1]: line for (path, _), line in found.trends.items()}
    assert lines["Roma"].value == pytest.approx(-0.05, abs=2e-3)
    assert lines["Ivrea"].value == pytest.approx(0)
    assert found.whole[Indicator.CSAT].significant
