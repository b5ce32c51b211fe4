"""Which day it is, where somebody lives."""

from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from values.errors import BadInputError

HOUSE_ZONE: Final = "Europe/Rome"
"""The house's own clocks: its days, weeks and months, where nothing else is said."""
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
"""Of times and days that anybody asks about: at the ends of the calendar not every zone has them."""


def local_day(at: datetime, zone: str) -> date:
    """The day people there call it: half past midnight in Rome is no longer the day that it still is in UTC.

    `zone` as `Europe/Rome`; one that nobody knows counts as UTC, as a date told is better than none.
    """
    place: tzinfo = UTC
    with suppress(ZoneInfoNotFoundError, ValueError, OSError):
        place = ZoneInfo(zone)
    return at.astimezone(place).date()


def check_year(field: str, year: int) -> None:
    """Refuse a year that nobody means. Raises `BadInputError`."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInputError(f"write a time of the years {FIRST_YEAR} to {LAST_YEAR}", field=field)
