"""The values a flow carries: what callers key in, what actions answer, what prompts say."""

from contextlib import suppress
from datetime import date, datetime

from values.errors import BadInputError
from values.money import Money

Scalar = str | int | float | bool | date | datetime | Money | None

_KINDS = ("$money", "$date", "$time")


def to_json(value: Scalar) -> object:
    """A value as JSON can hold it; money, dates and times become one-key objects so that nothing is lost."""
    if isinstance(value, Money):
        return {"$money": [value.minor, value.currency]}
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    return value


def from_json(value: object) -> Scalar:
    """Read back what `to_json` wrote. Raises `BadInputError` for anything else."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dict) and len(value) == 1:
        kind, inner = next(iter(value.items()))
        with suppress(
            ValueError, TypeError, IndexError, OverflowError
        ):  # of the right kind, and not readable
            if kind == "$money" and isinstance(inner, list):
                return Money(int(inner[0]), str(inner[1]))
            if kind == "$date":
                return date.fromisoformat(str(inner))
            if kind == "$time":
                return datetime.fromisoformat(str(inner))
    raise BadInputError(
        f"{str(value)[:60]} is no value of a flow; use text, numbers, true/false or one of {_KINDS}"
    )
