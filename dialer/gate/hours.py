"""When people may be called: windows by kind of day, in every time zone they may be in."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ValidationError

from dialer.gate.calendar import Calendar, DayKind
from values import BadInputError, what_to_do

HORIZON_DAYS = 14
"""How far ahead an opening is looked for; no run of holidays is longer."""

_SOON_DAYS = 2
_WINDOW = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")

Window = tuple[int, int]
"""Minutes of the local day, half open: 09:00-20:00 is (540, 1200)."""


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


def read_hours(hours: Mapping[str, Sequence[str]]) -> Hours:
    """A campaign's own hours. Raises `BadInputError` naming what is wrong."""
    try:
        return Hours.model_validate({day: list(windows) for day, windows in hours.items()})
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"][:1])
        raise BadInputError(f"{where}: {what_to_do(first, Hours.model_fields)}", field="hours") from problem


def is_open(hours: Collection[Hours], zones: Iterable[str], calendar: Calendar, at: datetime) -> bool:
    """Whether all hours are open in all zones at that instant, by the clock on the wall there."""
    for zone in zones:
        local = at.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        kind = calendar.kind(local.date())
        for each in hours:
            if not any(begin <= minute < end for begin, end in each.windows(kind)):
                return False
    return True


def next_open(
    hours: Sequence[Hours], zones: Collection[str], calendar: Calendar, after: datetime
) -> datetime | None:
    """The first instant from `after` on at which all are open; None: at no time within two weeks.

    Open time is an intersection of half-open windows: it begins at `after`, where a window begins, or where
    the clocks are changed.
    """
    if is_open(hours, zones, calendar, after):
        return after
    soon = _first(hours, zones, calendar, after, _SOON_DAYS)
    if soon is not None and soon <= after + timedelta(days=_SOON_DAYS):
        return soon
    return _first(hours, zones, calendar, after, HORIZON_DAYS)


def _first(
    hours: Sequence[Hours], zones: Collection[str], calendar: Calendar, after: datetime, days: int
) -> datetime | None:
    begins = {
        instant
        for zone in zones
        for instant in _beginnings(hours, zone, calendar, after, days)
        if instant > after
    }
    return next((instant for instant in sorted(begins) if is_open(hours, zones, calendar, instant)), None)


def _beginnings(
    hours: Sequence[Hours], zone: str, calendar: Calendar, after: datetime, days: int
) -> Iterable[datetime]:
    """Where a window begins, on so many days and today."""
    first = after.astimezone(ZoneInfo(zone)).date()
    for ahead in range(days + 1):
        day = first + timedelta(days=ahead)
        kind = calendar.kind(day)
        changed = clock_change(zone, day)
        if changed is not None:
            yield changed
        for each in hours:
            for begin, _ in each.windows(kind):
                local = datetime.combine(day, time(begin // 60, begin % 60), ZoneInfo(zone))
                yield local.astimezone(UTC)
                if changed is not None:  # what the wall shows twice begins twice
                    yield local.replace(fold=1).astimezone(UTC)


@lru_cache(maxsize=4096)
def clock_change(zone: str, day: date) -> datetime | None:
    """The instant at which the clocks of a zone are changed on a day; None on any other day.

    To the minute, the first where there are several.
    """
    place = ZoneInfo(zone)
    begin = datetime.combine(day, time(), place).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), place).astimezone(UTC)
    before = (begin - timedelta(minutes=1)).astimezone(place).utcoffset()  # clocks may change at midnight
    if end.astimezone(place).utcoffset() == before:
        return None
    low, high = begin - timedelta(minutes=1), end
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (middle, high) if middle.astimezone(place).utcoffset() == before else (low, middle)
    return high
