"""Intervals of reports: quarters, half hours, hours, days and weeks of a place's clock. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from agents.queues.visits import QUARTER


class Interval(StrEnum):
    """How fine."""

    QUARTER = "15m"
    HALF = "30m"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    """From Monday."""


_MINUTES = {Interval.QUARTER: 15, Interval.HALF: 30, Interval.HOUR: 60}


def begins(quarter: int, interval: Interval, zone: ZoneInfo) -> datetime:
    """When the interval began that a quarter belongs to, by the clocks of a zone."""
    local = datetime.fromtimestamp(quarter * QUARTER, UTC).astimezone(zone)
    if minutes := _MINUTES.get(interval):
        return local - timedelta(minutes=local.minute % minutes)
    day = local.date()
    if interval is Interval.WEEK:
        day -= timedelta(days=day.weekday())
    return midnight(day, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), zone)
