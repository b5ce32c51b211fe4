"""What questions are called everywhere, and on which scale each is answered. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from surveys.models import Occasion
from values import HOUSE_ZONE, BadInputError, local_day

RECOMMEND = "recommend"
COMMENT = "comment"
DETRACTOR = 6
"""Whoever would recommend us with at most this is not content."""

SCALES: Final[Mapping[str, tuple[int, int]]] = {
    RECOMMEND: (0, 10),
    "waiting": (1, 5),
    "correctness": (1, 5),
    "ability": (1, 5),
    "courtesy": (1, 5),
    "satisfaction": (1, 5),
    "effort": (1, 7),
}
"""The lowest and the highest answer. Other items are free."""


class OffScaleError(BadInputError):
    """That is no answer to this question."""

    error_id = "off-scale"


def on_scale(item: str, value: int | None) -> int | None:
    """The value, if it can be one of the item's; raises `OffScaleError`."""
    low, high = SCALES.get(item, (None, None))
    if value is not None and low is not None and high is not None and not low <= value <= high:
        raise OffScaleError(f"{item} is answered from {low} to {high}, not by {value}", field=item)
    return value


def week_of(at: datetime) -> str:
    """The ISO week in which something was asked: `2026-W48`."""
    year, week, _ = local_day(at, HOUSE_ZONE).isocalendar()
    return f"{year}-W{week:02d}"


def next_week(at: datetime) -> datetime:
    """When the week after this one begins, in UTC."""
    today = local_day(at, HOUSE_ZONE)
    monday = today + timedelta(days=7 - today.weekday())
    return datetime.combine(monday, time(), ZoneInfo(HOUSE_ZONE)).astimezone(UTC)


def counted_week(occasion: Occasion, week: str) -> str:
    """The week under which a cell counts: polls count as a whole."""
    return "" if occasion is Occasion.POLL else week
