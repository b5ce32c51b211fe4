"""When people may be called: windows by kind of day, in every time zone they may be in."""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import holidays
from pydantic import BaseModel, BeforeValidator

HORIZON_DAYS = 14
"""How far ahead an opening is looked for; no run of holidays is longer."""

_SATURDAY, _SUNDAY = 5, 6
_WINDOW = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")

Window = tuple[int, int]
"""Minutes of the local day, half open: 09:00-20:00 is (540, 1200)."""


class DayKind(StrEnum):
    """What sort of day it is, where the customer is. An earlier one in this list wins."""

    HOLIDAY = "holiday"
    SUNDAY = "sunday"
    SATURDAY = "saturday"
    EVE = "eve"
    """A weekday before a public holiday."""
    WEEKDAY = "weekday"


def _windows(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return tuple(_window(each) if isinstance(each, str) else each for each in value)


def _window(text: str) -> Window:
    found = _WINDOW.match(text)
    if not found:
        raise ValueError(f"{text!r} is no window of time; write 09:00-20:00")
    begin = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4])
    if not begin < end <= 24 * 60:
        raise ValueError(f"{text!r} must end after it begins, by 24:00 at the latest")
    return begin, end


Windows = Annotated[tuple[Window, ...], BeforeValidator(_windows)]


class Hours(BaseModel, frozen=True, extra="forbid"):
    """Windows by kind of day. `eve` follows `weekday` when left out; any other left out is closed."""

    weekday: Windows = ()
    eve: Windows | None = None
    saturday: Windows = ()
    sunday: Windows = ()
    holiday: Windows = ()

    def windows(self, kind: DayKind) -> tuple[Window, ...]:
        """The windows of such a day."""
        if kind is DayKind.EVE and self.eve is None:
            return self.weekday
        found: tuple[Window, ...] = getattr(self, kind.value)
        return found


def day_kind(day: date, country: str) -> DayKind:
    """What sort of day it is in a country ('' knows no holidays)."""
    if country and day in _holidays(country):
        return DayKind.HOLIDAY
    if day.weekday() == _SUNDAY:
        return DayKind.SUNDAY
    if day.weekday() == _SATURDAY:
        return DayKind.SATURDAY
    if country and day + timedelta(days=1) in _holidays(country):
        return DayKind.EVE
    return DayKind.WEEKDAY


def is_open(hours: Collection[Hours], zones: Collection[str], country: str, at: datetime) -> bool:
    """Whether all hours are open in all zones at that instant."""
    for zone in zones:
        local = at.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        kind = day_kind(local.date(), country)
        for each in hours:
            if not any(begin <= minute < end for begin, end in each.windows(kind)):
                return False
    return True


def next_open(
    hours: Sequence[Hours], zones: Collection[str], country: str, after: datetime
) -> datetime | None:
    """The first instant from `after` on at which all are open; None: at no time within two weeks.

    Open time is an intersection of half-open windows: it begins at `after` or where a window begins.
    """
    if is_open(hours, zones, country, after):
        return after
    begins = sorted(
        instant
        for zone in zones
        for each in hours
        for instant in _beginnings(each, ZoneInfo(zone), country, after)
        if instant > after
    )
    return next((instant for instant in begins if is_open(hours, zones, country, instant)), None)


def _beginnings(hours: Hours, zone: ZoneInfo, country: str, after: datetime) -> list[datetime]:
    first = after.astimezone(zone).date()
    found = []
    for days in range(HORIZON_DAYS + 1):
        day = first + timedelta(days=days)
        for begin, _ in hours.windows(day_kind(day, country)):
            local = datetime.combine(day, time(begin // 60, begin % 60), zone)
            found.append(local.astimezone(UTC))
    return found


@lru_cache(maxsize=32)
def _holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)
