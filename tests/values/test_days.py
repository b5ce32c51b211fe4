"""The day of a moment is the day that people there call it."""

from datetime import UTC, date, datetime

import pytest

from values import BadInputError, check_year, local_day

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (datetime(2026, 2, 28, 23, 30, tzinfo=UTC), "Europe/Rome", date(2026, 3, 1)),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "Europe/Rome", date(2026, 7, 2)),
        (datetime(2026, 7, 1, 3, 30, tzinfo=UTC), "America/New_York", date(2026, 6, 30)),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "", date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "../nowhere", date(2026, 7, 1)),
    ],
)
def test_a_moment_has_the_day_of_the_place(at: datetime, zone: str, day: date) -> None:
    assert local_day(at, zone) == day


def test_a_year_that_nobody_means_is_refused_by_its_field() -> None:
    for year in (2000, 2100):
        check_year("--at", year)
    for year in (1, 1999, 2101, 9999):
        with pytest.raises(BadInputError, match="--at: write a time of the years 2000 to 2100"):
            check_year("--at", year)
