"""Which times an event may carry: none that a broken clock or an empty field makes, as 1970. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from proactive.events.kinds import KINDS, AnyEvent, UsageRead

OLDEST: Final = timedelta(days=366)
"""What happened longer ago is told to nobody any more."""
AHEAD: Final = timedelta(hours=24)
"""How far a sender's clock may be ahead of ours."""
FARTHEST: Final = timedelta(days=731)
"""How far plans may lie in the future."""

_HAPPENED: Final = frozenset({"at", "activated"})
_PLANNED: Final = frozenset({"planned", "work_from", "work_to", "expected_end", "until", "start", "end"})
_DATED: Final = {
    name: (
        tuple(field for field in kind.model_fields if field in _HAPPENED),
        tuple(field for field in kind.model_fields if field in _PLANNED),
    )
    for name, kind in KINDS.items()
}


def strange_date(event: AnyEvent, now: datetime) -> tuple[str, str] | None:
    """The first field with a time that cannot be meant, and what is wrong with it; None when all are well."""
    happened, planned = _DATED[event.type]
    earliest = now - OLDEST
    for field in happened:
        when = getattr(event, field)
        if when < earliest:
            return field, f"{when.date()} is more than a year ago; is the sender's clock right?"
        if when > now + AHEAD:
            return field, f"{when.date()} has not come yet; what is told must have happened"
    for field, when in _plans(event, planned):
        if when < earliest:
            return field, f"{when.date()} is more than a year ago; write the planned time"
        if when > now + FARTHEST:
            return field, f"{when.date()} is more than two years ahead; is that year meant?"
    return _strange_cycle(event, now) if event.type == "usage.read" else None


def _strange_cycle(read: UsageRead, now: datetime) -> tuple[str, str] | None:
    """Of each other cycle there would be another alarm, about traffic that is billed or has not been yet."""
    year, month = read.cycle.split("-")
    if abs(_months(int(year), int(month)) - _months(now.year, now.month)) <= 1:
        return None
    return (
        "cycle",
        f"{read.cycle} is not open on {now:%Y-%m-%d}; write this month, the one before or the next",
    )


def _months(year: int, month: int) -> int:
    return 12 * year + month


def _plans(event: AnyEvent, fields: tuple[str, ...]) -> Iterator[tuple[str, datetime]]:
    for field in fields:
        when: date | datetime | None = getattr(event, field)
        if isinstance(when, datetime):
            yield field, when
        elif when is not None:
            yield field, datetime.combine(when, time(12), UTC)
    for place, slot in enumerate(event.slots if event.type == "appointment.offered" else ()):
        yield f"slots.{place}.start", slot.start
        yield f"slots.{place}.end", slot.end
