"""When, as rules write it: `now + 2h`, `planned - 2d at 18:00`. Pure.

    moment = [ value ] [ ("+" | "-") number ("m" | "h" | "d") ] [ "at" HH:MM ]

The value is a date or a time of the fact, or `now`; days and clock times are those of the customer's zone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from values import BadInputError, Scalar

_MOMENT = re.compile(
    r"(?:(?P<base>[a-z][a-z0-9_]*)\b)?\s*(?:(?P<sign>[+-])\s*(?P<count>[0-9]{1,4})(?P<unit>[mhd])\b)?"
    r"\s*(?:at\s+(?P<clock>[0-9]{2}:[0-9]{2}))?"
)
_QUIET = re.compile(r"(?P<first>[0-9]{2}:[0-9]{2})\s*-\s*(?P<last>[0-9]{2}:[0-9]{2})")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time that depends on a fact."""

    base: str
    offset: timedelta
    days: int
    clock: time | None

    def when(self, values: Mapping[str, Scalar], zone: str, now: datetime) -> datetime | None:
        """The instant, or None where the fact has no such value."""
        base = now if self.base == "now" else values.get(self.base)
        place = zone_of(zone)
        if isinstance(base, datetime):
            local = base.astimezone(place)
        elif isinstance(base, date):
            local = datetime.combine(base, time(), place)
        else:
            return None
        local = datetime.combine(local.date() + timedelta(days=self.days), local.timetz())
        if self.clock is not None:
            local = datetime.combine(local.date(), self.clock, place)
        return local.astimezone(UTC) + self.offset


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day in which nobody is called for a rule, in the customer's zone."""

    first: time
    last: time
    """The first minute at which it may ring again."""

    def after(self, when: datetime, zone: str) -> datetime:
        """The first instant from `when` on that is not within."""
        place = zone_of(zone)
        local = when.astimezone(place)
        over_midnight = self.first > self.last
        clock = local.time()
        if over_midnight and not self.last <= clock < self.first:
            day = local.date() + timedelta(days=1 if clock >= self.first else 0)
        elif not over_midnight and self.first <= clock < self.last:
            day = local.date()
        else:
            return when
        return datetime.combine(day, self.last, place).astimezone(UTC)


@lru_cache(maxsize=1024)
def parse_moment(text: str) -> Moment:
    """Read one. Raises `BadInputError`."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None or not text.strip():
        raise BadInputError(f"{text!r} is no moment; write as in now + 2h or planned - 2d at 18:00")
    sign = -1 if found["sign"] == "-" else 1
    count = sign * int(found["count"] or 0)
    days = count if found["unit"] == "d" else 0
    offset = timedelta(**{_UNITS[found["unit"]]: count}) if found["unit"] in ("m", "h") else timedelta()
    return Moment(found["base"] or "now", offset, days, _clock(found["clock"]) if found["clock"] else None)


def parse_quiet(text: str) -> Quiet:
    """Read quiet hours: `21:00-09:00`. Raises `BadInputError`."""
    found = _QUIET.fullmatch(text.strip())
    if found is None:
        raise BadInputError(f"{text!r} are no hours; write as in 21:00-09:00")
    first, last = _clock(found["first"]), _clock(found["last"])
    if first == last:
        raise BadInputError(f"{text!r} leaves no hour of the day, or takes none; write as in 21:00-09:00")
    return Quiet(first, last)


@lru_cache(maxsize=512)
def zone_of(name: str) -> tzinfo:
    """A time zone by its name; one that nobody knows counts as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as problem:
        raise BadInputError(f"{text} is no time of the day; write as in 09:30") from problem
