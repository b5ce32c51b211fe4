"""Which day it is, where somebody lives."""

from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOUSE_ZONE: Final = "Europe/Rome"
"""The house's own clocks: its days, weeks and months, where nothing else is said."""


def local_day(at: datetime, zone: str) -> date:
    """The day people there call it: half past midnight in Rome is no longer the day that it still is in UTC.

    `zone` as `Europe/Rome`; one that nobody knows counts as UTC, as a date told is better than none.
    """
    place: tzinfo = UTC
    with suppress(ZoneInfoNotFoundError, ValueError, OSError):
        place = ZoneInfo(zone)
    return at.astimezone(place).date()
