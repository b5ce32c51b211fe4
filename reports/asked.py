"""What is asked of a report: which, over what time, in which intervals, of whom. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from reports.steps import Step, midnight
from values import HOUSE_ZONE, BadInputError

LONGEST: Final = timedelta(days=400)
LONGEST_SHORT: Final = timedelta(days=93)
"""With intervals of less than a day."""


class ReportName(StrEnum):
    """Which report."""

    AGENTS = "agents"
    CAMPAIGNS = "campaigns"
    QUEUES = "queues"
    FUNNEL = "funnel"
    MONTHLY = "monthly"
    """What a month came to, on paper. No table: it goes out by mail, and has a page of its own."""


TABLES: Final = (ReportName.AGENTS, ReportName.CAMPAIGNS, ReportName.QUEUES, ReportName.FUNNEL)
"""Those that are columns and rows."""


class Range(StrEnum):
    """A time by its name, as of now."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_7_DAYS = "last_7_days"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One report, as it is wanted."""

    report: ReportName
    since: datetime
    until: datetime
    """Not included."""
    by: Step = Step.DAY
    zone: str = HOUSE_ZONE
    """Whose midnights and hours."""
    only: frozenset[str] = frozenset()
    """Agents, campaigns, queues or flows by name; empty: all."""
    version: str = ""
    """Of a flow's published versions, one; '' for all, each by itself."""
    agents: frozenset[str] | None = None
    """Nobody else may be seen by whoever asks: a partner's manager sees the partner's agents. None: all."""

    def __post_init__(self) -> None:
        """Refuse what nobody can mean. Raises `BadInputError` naming the field."""
        if self.report not in TABLES:
            raise BadInputError(
                f"is no table; write one of: {', '.join(TABLES)}; the month on paper is under Opinion",
                field="report",
            )
        if self.until <= self.since:
            raise BadInputError("must be later than the beginning", field="to")
        longest = LONGEST_SHORT if self.by.seconds else LONGEST
        if self.until - self.since > longest:
            raise BadInputError(
                f"at most {longest.days} days in such intervals; choose fewer days or longer intervals",
                field="to",
            )

    @property
    def clock(self) -> ZoneInfo:
        """The zone."""
        return zone_of(self.zone)


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises `BadInputError`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        raise BadInputError("write a time zone as in Europe/Rome", field="zone") from problem


def range_of(name: Range, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """From when until when a named range goes; one that is not over ends with its last day."""
    clock = zone_of(zone)
    today = now.astimezone(clock).date()
    week, month = today - timedelta(days=today.weekday()), today.replace(day=1)
    first, after = {
        Range.TODAY: (today, today + timedelta(days=1)),
        Range.YESTERDAY: (today - timedelta(days=1), today),
        Range.LAST_7_DAYS: (today - timedelta(days=7), today),
        Range.THIS_WEEK: (week, week + timedelta(days=7)),
        Range.LAST_WEEK: (week - timedelta(days=7), week),
        Range.THIS_MONTH: (month, (month + timedelta(days=32)).replace(day=1)),
        Range.LAST_MONTH: ((month - timedelta(days=1)).replace(day=1), month),
    }[name]
    return midnight(first, clock), midnight(after, clock)


def moment_of(text: str, zone: str, field: str, *, ends: bool = False) -> datetime:
    """A day or a time as people write it, by the zone's clocks; a day that `ends` a range belongs to it.

    Raises `BadInputError` naming the field.
    """
    clock = zone_of(zone)
    try:
        if len(text) == len("2026-12-24"):
            day = date.fromisoformat(text)
            return midnight(day + timedelta(days=1) if ends else day, clock)
        moment = datetime.fromisoformat(text.replace(" ", "T", 1))
        return (moment if moment.tzinfo else moment.replace(tzinfo=clock)).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise BadInputError(
            "write a day or a time, as in 2026-12-24 or 2026-12-24T18:30", field=field
        ) from problem


def time_of_day(text: str, field: str) -> time:
    """`07:30`. Raises `BadInputError`."""
    try:
        hour, minute = text.split(":")
        return time(int(hour), int(minute))
    except ValueError as problem:
        raise BadInputError("write a time of day as in 07:30", field=field) from problem


def names_of(text: str | Collection[str]) -> frozenset[str]:
    """Names with commas between them."""
    words = text.split(",") if isinstance(text, str) else text
    return frozenset(word.strip() for word in words if word.strip())
