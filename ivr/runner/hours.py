"""Opening hours: whether a calendar is open at an instant."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from ivr.language.model import Calendar

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = "24:00"
_REMEMBERED = 7  # days whose answer is kept; only today and yesterday are asked for


@dataclass(frozen=True, slots=True)
class Window:
    """From the first moment to just before the last; past midnight when it ends before it begins."""

    opens: time
    closes: time | None
    """None is the end of the day."""

    @property
    def overnight(self) -> bool:
        """Whether it reaches into the next day."""
        return self.closes is not None and self.closes <= self.opens

    def holds(self, at: time) -> bool:
        """Whether this time of its own day is inside."""
        return self.opens <= at and (self.closes is None or self.overnight or at < self.closes)

    def reaches(self, at: time) -> bool:
        """Whether this time of the following day is still inside."""
        return self.overnight and self.closes is not None and at < self.closes


@dataclass(frozen=True)
class OpeningHours:
    """A calendar, ready to be asked. Its times are what the clocks on the wall show, summer and winter."""

    zone: ZoneInfo
    windows: tuple[tuple[Window, ...], ...]
    """By weekday, Monday first."""
    holidays: holidays.HolidayBase | None
    _closed: dict[date, bool] = field(default_factory=dict)

    def open_at(self, instant: datetime) -> bool:
        """Whether it is open. A window that began before midnight goes on, also into a holiday."""
        local = instant.astimezone(self.zone)
        at, today = local.time(), local.date()
        before = today - timedelta(days=1)
        return any(window.holds(at) for window in self._of(today)) or any(
            window.reaches(at) for window in self._of(before)
        )

    def _of(self, day: date) -> tuple[Window, ...]:
        if self.holidays is not None:
            closed = self._closed.get(day)
            if closed is None:
                if len(self._closed) > _REMEMBERED:
                    self._closed.clear()
                closed = self._closed[day] = day in self.holidays
            if closed:
                return ()
        return self.windows[day.weekday()]


def prepare_hours(calendar: Calendar) -> OpeningHours:
    """Read a calendar once."""
    return OpeningHours(
        zone=ZoneInfo(calendar.zone),
        windows=tuple(
            tuple(_window(text) for text in calendar.open.get(day, ()))  # type: ignore[call-overload]
            for day in _DAYS
        ),
        holidays=holidays.country_holidays(calendar.holidays) if calendar.holidays else None,
    )


def _window(text: str) -> Window:
    opens, closes = text.split("-")
    return Window(time.fromisoformat(opens), None if closes == _MIDNIGHT else time.fromisoformat(closes))
