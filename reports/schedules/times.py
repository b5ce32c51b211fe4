"""When a report goes out. Pure; by the clocks of its zone, also when they are changed."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from reports.asked import time_of_day, zone_of
from values import BadInputError

LAST_MONTH_DAY: Final = 28
"""Every month has this day."""
WAITS: Final = (60, 300, 900, 3600, 7200, 14_400)
"""Seconds after each failed try; after the last a report is given up, unless it is patient."""
PATIENT_DAYS: Final = 14
"""For how long the last wait is repeated for what comes but once a month."""
_DAY: Final = 86_400
_FURTHEST: Final = 62


def next_due(after: datetime, *, time: str, zone: str, days: Collection[int], month_day: int) -> datetime:
    """The first time after an instant; a time of day that the clocks leave out comes an hour later."""
    clock, at = zone_of(zone), time_of_day(time, "time")
    day = after.astimezone(clock).date()
    for ahead in range(_FURTHEST):
        then = day + timedelta(days=ahead)
        fits = then.day == month_day if month_day else not days or then.isoweekday() in days
        if fits:
            moment = datetime.combine(then, at, clock).astimezone(UTC)
            if moment > after:
                return moment
    raise BadInputError("no such day comes; write 1 (Monday) to 7, or a day of the month", field="days")


def check_days(days: Collection[int], month_day: int) -> None:
    """Raises `BadInputError` naming the field."""
    if any(not isinstance(day, int) or not 1 <= day <= 7 for day in days):  # noqa: PLR2004  (of the week)
        raise BadInputError("write days of the week from 1 (Monday) to 7", field="days")
    if not 0 <= month_day <= LAST_MONTH_DAY:
        raise BadInputError(f"write a day of the month from 1 to {LAST_MONTH_DAY}, or 0", field="month_day")
    if days and month_day:
        raise BadInputError("is for schedules without days of the week", field="month_day")


def again_at(tries: int, now: datetime, *, patient: bool = False) -> datetime | None:
    """When to try again after so many failed tries; None when it was the last.

    `patient`: the last wait comes again and again for `PATIENT_DAYS`.
    """
    more = PATIENT_DAYS * _DAY // WAITS[-1] if patient else 0
    wait = WAITS[min(tries, len(WAITS)) - 1]
    return now + timedelta(seconds=wait) if tries <= len(WAITS) + more else None
