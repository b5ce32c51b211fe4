"""Midnights, where the clocks may be changed in between."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def midnight_before(at: datetime, zone: str) -> datetime:
    """The last midnight in a zone, or `at` itself; UTC."""
    local = at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return local.astimezone(UTC)


def midnight_after(at: datetime, zone: str) -> datetime:
    """The next midnight in a zone; UTC."""
    local = at.astimezone(ZoneInfo(zone)).replace(
        hour=0, minute=0, second=0, microsecond=0, tzinfo=None, fold=0
    )
    return (local + timedelta(days=1)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
