"""Intervals of a report: quarters of an hour to weeks, by the clocks of a zone. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo


class Step(StrEnum):
    """How long each row's interval is."""

    QUARTER = "15m"
    HALF = "30m"
    HOUR = "60m"
    DAY = "day"
    """From midnight to midnight: 23 or 25 hours when the clocks are changed."""
    WEEK = "week"
    """From Monday to Monday."""
    TOTAL = "total"
    """The whole range in one."""

    @property
    def seconds(self) -> int | None:
        """Its length, where that is fixed."""
        return _SECONDS.get(self)


_SECONDS: Final = {Step.QUARTER: 900, Step.HALF: 1800, Step.HOUR: 3600}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time that is read at once: some intervals of one length, at most a day of short ones."""

    since: datetime
    until: datetime
    base: datetime
    """When the first interval began; before `since` where the range begins within one."""
    step: int
    """Seconds of each interval."""

    def place(self, at: datetime) -> int:
        """Which interval an instant lies in, 0 the first."""
        return int((at - self.base).total_seconds() // self.step)

    def begin(self, place: int) -> datetime:
        """When an interval begins, within the range."""
        return max(self.since, self.base + timedelta(seconds=place * self.step))

    def end(self, place: int) -> datetime:
        """When it ends, within the range."""
        return min(self.until, self.base + timedelta(seconds=(place + 1) * self.step))

    @property
    def places(self) -> range:
        """All its intervals."""
        return range(self.place(self.until - timedelta(microseconds=1)) + 1)

    def parts(self, begin: datetime, end: datetime) -> Iterator[tuple[int, float]]:
        """How many seconds of a stretch lie in each interval."""
        begin, end = max(begin, self.since), min(end, self.until)
        if begin >= end:
            return
        for place in range(self.place(begin), self.place(end - timedelta(microseconds=1)) + 1):
            seconds = (min(end, self.end(place)) - max(begin, self.begin(place))).total_seconds()
            if seconds > 0:
                yield place, seconds


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone, UTC; where midnight is left out, when the clocks have been changed."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def spans(since: datetime, until: datetime, step: Step, zone: ZoneInfo) -> Iterator[Span]:
    """A range cut up. Intervals are aligned to local midnights and clipped to the range."""
    if step is Step.TOTAL:
        yield _whole(since, until, since, until)
        return
    day = since.astimezone(zone).date()
    if step is Step.WEEK:
        day -= timedelta(days=day.weekday())
    stride = timedelta(days=7 if step is Step.WEEK else 1)
    while (base := midnight(day, zone)) < until:
        day += stride
        end = midnight(day, zone)
        first, last = max(since, base), min(until, end)
        if first >= last:
            continue
        if step.seconds:
            skipped = int((first - base).total_seconds() // step.seconds) * step.seconds
            yield Span(first, last, base + timedelta(seconds=skipped), step.seconds)
        else:
            yield _whole(base, end, first, last)


def _whole(base: datetime, end: datetime, since: datetime, until: datetime) -> Span:
    return Span(since, until, base, max(1, -int(-(end - base).total_seconds() // 1)))
