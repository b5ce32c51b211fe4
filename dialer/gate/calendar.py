"""What kind of day it is where the customer is: weekdays, eves, public holidays, regional ones too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

_SATURDAY, _SUNDAY = 5, 6


class DayKind(StrEnum):
    """What sort of day it is, where the customer is. An earlier one in this list wins."""

    HOLIDAY = "holiday"
    SUNDAY = "sunday"
    SATURDAY = "saturday"
    EVE = "eve"
    """A weekday before a public holiday."""
    WEEKDAY = "weekday"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A country's public holidays, those of some of its regions, and single days."""

    country: str = ""
    """ISO 3166; '' knows no holidays."""
    regions: Sequence[str] = ()
    """A holiday in any of them is one: who could say in which the customer lives."""
    days: frozenset[date] = frozenset()
    """Further days."""

    def holiday(self, day: date) -> bool:
        """Whether it is a public holiday."""
        if day in self.days:
            return True
        return bool(self.country) and any(
            day in _holidays(self.country, region) for region in self.regions or ("",)
        )

    def kind(self, day: date) -> DayKind:
        """What sort of day it is."""
        if self.holiday(day):
            return DayKind.HOLIDAY
        if day.weekday() == _SUNDAY:
            return DayKind.SUNDAY
        if day.weekday() == _SATURDAY:
            return DayKind.SATURDAY
        return DayKind.EVE if self.holiday(day + timedelta(days=1)) else DayKind.WEEKDAY


@lru_cache(maxsize=64)
def _holidays(country: str, region: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=region or None)
