"""Reading a queue's settings: each reader takes a field's name and what was written. Pure."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from values import BadInputError

Reader = Callable[[str, Any], Any]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")


def know(settings: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse a name that nobody knows."""
    if unknown := sorted(set(settings) - set(known)):
        raise BadInputError(
            f"there is no such setting; there are: {', '.join(sorted(known))}", field=unknown[0]
        )


def flag(field: str, value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise BadInputError("write true or false", field=field)
    return value


def number(least: float, most: float) -> Reader:
    """A number within bounds."""

    def read(field: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise BadInputError(f"write a number from {least:g} to {most:g}", field=field)
        return float(value)

    return read


seconds = number
"""The same; the fields are seconds."""


def numbers(least: float, most: float) -> Reader:
    """Numbers by name."""

    def read(field: str, value: object) -> dict[str, float]:
        if not isinstance(value, Mapping):
            raise BadInputError("write names with numbers", field=field)
        return {str(name)[:40]: number(least, most)(field, each) for name, each in value.items()}

    return read


def text(longest: int, *, pattern: str = "") -> Reader:
    """One line; empty is allowed."""

    def read(field: str, value: object) -> str:
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            raise BadInputError(f"write a text of one line, at most {longest} letters", field=field)
        if value and pattern and not re.fullmatch(pattern, value):
            raise BadInputError(f"{value[:40]!r} is none: it does not look like {pattern}", field=field)
        return value

    return read


def texts(pattern: str) -> Reader:
    """A list of texts of one form."""

    def read(field: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(
            isinstance(each, str) and re.fullmatch(pattern, each) for each in value
        ):
            raise BadInputError(f"write a list of texts that look like {pattern}", field=field)
        return tuple(value)

    return read


def words(known: Sequence[str]) -> Reader:
    """Some of a few words, each once, in the order written."""

    def read(field: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(each in known for each in value):
            raise BadInputError(f"write a list out of: {', '.join(known)}", field=field)
        return tuple(dict.fromkeys(value))

    return read


def one_of(known: Sequence[str]) -> Reader:
    """One of a few words."""

    def read(field: str, value: object) -> str:
        if value not in known:
            raise BadInputError(f"write one of: {', '.join(known) or 'nothing'}", field=field)
        return str(value)

    return read


def opening(field: str, value: object) -> dict[str, list[str]]:
    """Windows by day."""
    if not isinstance(value, Mapping) or set(value) - set(DAYS):
        raise BadInputError(f"write windows by day, out of {', '.join(DAYS)}", field=field)
    for windows in value.values():
        if not isinstance(windows, list | tuple) or not all(
            isinstance(each, str) and _WINDOW.fullmatch(each) for each in windows
        ):
            raise BadInputError('write each day as ["08:00-13:00", "14:00-20:00"]', field=field)
    return {day: list(windows) for day, windows in value.items()}
