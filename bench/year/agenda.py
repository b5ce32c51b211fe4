"""When a year's events come: so many each working day, in a few waves, fewer in August. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import holidays

YEAR: Final = 2009
ROME: Final = ZoneInfo("Europe/Rome")
MONTHS: Final = (1.04, 1.02, 1.08, 1.02, 1.0, 0.98, 0.96, 0.62, 1.02, 1.10, 1.08, 1.08)
"""How busy each month is beside the others; in August Italy is at the sea."""
WEEKDAYS: Final = (1.15, 1.1, 1.05, 1.05, 1.0, 0.4, 0.0)
WAVES: Final = (time(9, 30), time(15, 30))
"""When other systems hand over what has happened: Monday to Friday."""
SATURDAY: Final = (time(10, 0),)


@dataclass(frozen=True, slots=True)
class Wave:
    """A moment at which events are handed over, and which share of the whole year's they are."""

    at: datetime
    share: float


def waves(part: float) -> Sequence[Wave]:
    """The waves of this part of the year: whole days at their full load, one after the other, in autumn.

    A hundredth of the year is three or four of its days, not a year with a hundredth of the people: so each
    of its moments is as busy as it would be, and whom one day did not reach is tried again on the
    next. Less than a day is the first waves of one.
    """
    days = list(_days())
    total = sum(weight for _, weight in days)
    found = [
        Wave(datetime.combine(day, at, ROME).astimezone(UTC), weight / total / len(times))
        for day, weight in _spread(days, part)
        for times in [SATURDAY if day.weekday() == _SATURDAY else WAVES]
        for at in times
    ]
    found = found[: max(1, round(part * len(days) * len(WAVES)))]
    scale = part / sum(each.share for each in found)
    return [Wave(each.at, each.share * scale) for each in found]


def _spread(days: Sequence[tuple[date, float]], part: float) -> Sequence[tuple[date, float]]:
    wanted = min(len(days), max(1, round(part * len(days))))
    first = min(int(_AUTUMN * len(days)), len(days) - wanted)
    return days[first : first + wanted]


def _days() -> Iterator[tuple[date, float]]:
    closed = holidays.country_holidays("IT", years=YEAR)
    day = date(YEAR, 1, 1)
    while day.year == YEAR:
        weight = MONTHS[day.month - 1] * WEEKDAYS[day.weekday()]
        if weight and day not in closed:
            yield day, weight
        day += timedelta(days=1)


_SATURDAY = 5
_AUTUMN = 0.76
