"""The months of a period, by the calendar of a place. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from values import BadInputError

MOST: Final = 60
"""Months that can be asked for at once."""
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
"""At the ends of the calendar a time exists in one zone and not in another."""


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, as far as the period reaches into it."""

    name: str
    """`2026-03`."""
    since: datetime
    until: datetime
    """The first instant that is no longer in it."""


def months_of(since: datetime, until: datetime, zone: str) -> Sequence[Month]:
    """The months from one instant to another. Raises `BadInputError` naming the field."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInputError(
            f"there is no time zone {zone[:40]!r}; write as in Europe/Rome", field="zone"
        ) from None
    for field, at in ("since", since), ("until", until):
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise BadInputError(f"write a time of the years {FIRST_YEAR} to {LAST_YEAR}", field=field)
    if until <= since:
        raise BadInputError("must come after its beginning", field="until")
    found: list[Month] = []
    at = since
    while at < until:
        local = at.astimezone(place)
        year, month = local.year + local.month // 12, local.month % 12 + 1
        ends = min(datetime(year, month, 1, tzinfo=place).astimezone(UTC), until)
        found.append(Month(f"{local:%Y-%m}", at.astimezone(UTC), ends))
        at = ends
        if len(found) > MOST:
            raise BadInputError(f"ask for at most {MOST} months at once", field="since")
    return found
