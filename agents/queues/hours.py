"""When a queue is open: the same windows and holidays as in call flows. Pure."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agents.queues.queue import Queue
from ivr.language.model import Calendar
from ivr.runner.hours import OpeningHours, prepare_hours
from values import BadInputError


def is_open(queue: Queue, now: datetime) -> bool:
    """Whether callers may wait in it now."""
    if not queue.active:
        return False
    day = now.astimezone(ZoneInfo(queue.zone)).date().isoformat()
    if day in queue.closed_days:
        return False
    if not queue.hours and not queue.holidays:
        return True
    windows = tuple((day, tuple(each)) for day, each in queue.hours.items())
    return _prepared(queue.zone, windows, queue.holidays).open_at(now)


def check_hours(queue: Queue) -> None:
    """Raises `BadInputError` for a zone or a country that nobody knows."""
    try:
        ZoneInfo(queue.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInputError(f"there is no time zone {queue.zone[:40]!r}", field="zone") from None
    try:
        _prepared(queue.zone, (), queue.holidays)
    except NotImplementedError:
        raise BadInputError(f"nobody knows the holidays of {queue.holidays}", field="holidays") from None


@lru_cache(maxsize=128)
def _prepared(zone: str, windows: tuple[tuple[str, tuple[str, ...]], ...], holidays: str) -> OpeningHours:
    days = dict(windows) or dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))
    calendar = Calendar.model_validate(
        {"zone": zone, "open": {day: list(each) for day, each in days.items()}, "holidays": holidays or None}
    )
    return prepare_hours(calendar)
