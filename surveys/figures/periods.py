"""Weeks and months for which figures are told: `2026-W48` and `2026-11`. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from values import HOUSE_ZONE, BadInputError

MOST: Final = 120
"""Periods in one answer."""
_YEARS: Final = range(2000, 2101)


class By(StrEnum):
    """How long a period is."""

    WEEK = "week"
    """ISO 8601: from Monday on; the one that an interview counts for."""
    MONTH = "month"
    """By the house's clocks; the one in which the interview ended."""


def period_of(at: datetime, by: By, zone: str = HOUSE_ZONE) -> str:
    """Which period a moment lies in, by a zone's clocks."""
    day = at.astimezone(ZoneInfo(zone)).date()
    return _week(day) if by is By.WEEK else f"{day:%Y-%m}"


def may_be_asked(at: datetime, zone: str = HOUSE_ZONE) -> bool:
    """Whether a moment lies in any period at all."""
    return at.astimezone(ZoneInfo(zone)).year in _YEARS


def periods(first: str, last: str, by: By) -> Sequence[str]:
    """All periods from one to another, both included. Raises `BadInputError`."""
    begin, end = first_day(first, by, "from"), first_day(last, by, "to")
    if end < begin:
        raise BadInputError(f"{last} lies before {first}, with which it begins", field="to")
    found: list[str] = []
    day = begin
    while day <= end:
        found.append(_week(day) if by is By.WEEK else f"{day:%Y-%m}")
        day = day + timedelta(days=7) if by is By.WEEK else _next_month(day)
        if len(found) > MOST:
            raise BadInputError(f"at most {MOST} periods at once; choose fewer", field="to")
    return found


def last_periods(count: int, by: By, now: datetime, zone: str = HOUSE_ZONE) -> Sequence[str]:
    """The last so many periods, the one that goes on now included."""
    day = now.astimezone(ZoneInfo(zone)).date()
    if by is By.WEEK:
        return [_week(day - timedelta(days=7 * back)) for back in range(count - 1, -1, -1)]
    months = [day.year * 12 + day.month - 1 - back for back in range(count - 1, -1, -1)]
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months]


def first_day(period: str, by: By, field: str = "period") -> date:
    """The day with which it begins. Raises `BadInputError`."""
    day = _read(period, by)
    if day is not None and day.year in _YEARS:
        return day
    there, other = ("week", By.MONTH) if by is By.WEEK else ("month", By.WEEK)
    example = "a week as in 2026-W48" if by is By.WEEK else "a month as in 2026-11"
    what = f"is a {other}" if _read(period, other) is not None else f"is no {there}"
    if day is not None:
        what = f"does not lie from {_YEARS[0]} to {_YEARS[-1]}"
    raise BadInputError(f"{period[:20]!r} {what}; write {example}", field=field)


def _read(period: str, by: By) -> date | None:
    try:
        if by is By.WEEK and len(period) == len("2026-W48"):
            return date.fromisoformat(f"{period}-1")
        if by is By.MONTH and len(period) == len("2026-11"):
            return date.fromisoformat(f"{period}-01")
    except ValueError:
        pass
    return None


def begins(period: str, by: By, zone: str = HOUSE_ZONE) -> datetime:
    """When it begins, in UTC."""
    return _midnight(first_day(period, by), zone)


def ends(period: str, by: By, zone: str = HOUSE_ZONE) -> datetime:
    """When it ends, in UTC; that moment is the next one's."""
    day = first_day(period, by)
    return _midnight(day + timedelta(days=7) if by is By.WEEK else _next_month(day), zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
