"""Readers of settings: a value from outside in, a value of the right kind out, or words that say what to do.

Each takes what JSON or YAML gives and raises `UnfitError` with words for a person; `Setting.read` puts the
field's name before them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from dialer.gate.zones import known_zone
from values import BadInputError

Reader = Callable[[object], Any]

LONGEST_TEXT = 200
MOST_ITEMS = 100
_MOST = 1_000_000
_YEARS = range(1900, 9000)
"""Others are how programs write "never" or "unknown"; not all zones and databases know them."""


class UnfitError(ValueError):
    """A value that a setting cannot have, in words that say what to write."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to set: its name, how it is read, and what it means."""

    name: str
    reader: Reader
    words: str
    """Its meaning, for `--help` and the reference."""

    def read(self, value: object) -> Any:
        """The value, checked. Raises `BadInputError` naming the field."""
        try:
            return self.reader(value)
        except UnfitError as problem:
            raise BadInputError(str(problem), field=self.name) from problem


def text(value: object) -> str:
    """A text; may be empty."""
    if not isinstance(value, str):
        raise UnfitError("write a text")
    if len(value) > LONGEST_TEXT:
        raise UnfitError(f"write at most {LONGEST_TEXT} characters")
    if any(ord(each) < ord(" ") for each in value):
        raise UnfitError("holds a character that no text has")
    return value.strip()


def whole(least: int, most: int = _MOST) -> Reader:
    """A whole number in a range, ends included."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise UnfitError(f"write a whole number from {least} to {most}")
        return value

    return read


def number(*, above: float | None = None, least: float | None = None, most: float = _MOST) -> Reader:
    """A number in a range: `above` is left out of it, the other ends are in."""
    low = above if above is not None else least if least is not None else -_MOST
    words = f"write a number {'above' if above is not None else 'from'} {low:g} {_up_to(above)} {most:g}"

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise UnfitError(words)
        if not low <= value <= most or value == above:
            raise UnfitError(words)
        return float(value)

    return read


def _up_to(above: float | None) -> str:
    return "up to" if above is not None else "to"


def choice(kind: type[StrEnum]) -> Reader:
    """One of a few words."""

    def read(value: object) -> StrEnum:
        try:
            return kind(str(value))
        except ValueError:
            raise UnfitError(f"write one of: {', '.join(kind)}") from None

    return read


def flag(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise UnfitError("write true or false")
    return value


def moment(value: object) -> datetime:
    """An instant with its zone."""
    words = "write a time with its zone, as in 2026-03-02T09:00:00+01:00"
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise UnfitError(words) from None
    if not isinstance(value, datetime) or value.tzinfo is None or value.year not in _YEARS:
        raise UnfitError(words)
    return value


def zone(value: object) -> str:
    """A time zone, or nothing: a mistyped one would not keep anybody's night."""
    name = text(value)
    if name and not known_zone(name):
        raise UnfitError(f"{name[:40]!r} is no time zone; write one as Europe/Rome")
    return name


def optional(reader: Reader) -> Reader:
    """The same, or nothing at all."""

    def read(value: object) -> Any:
        return None if value is None else reader(value)

    return read


def texts(value: object) -> list[str]:
    """A list of texts, none empty and none twice."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise UnfitError("write a list of texts")
    if len(value) > MOST_ITEMS:
        raise UnfitError(f"write at most {MOST_ITEMS}")
    read = [text(each) for each in value]
    if "" in read:
        raise UnfitError("one of them is empty; leave it out")
    if twice := sorted({each for each in read if read.count(each) > 1}):
        raise UnfitError(f"{twice[0]!r} is there twice; leave one out")
    return read


def table(value: object) -> dict[str, Any]:
    """Values by name."""
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise UnfitError("write values by name, as in {weekday: [...]}")
    return dict(value)


def text_lists(value: object) -> dict[str, list[str]]:
    """Lists of texts by name."""
    return {name: texts(each) for name, each in table(value).items()}


def tables(value: object) -> list[dict[str, Any]]:
    """A list of values by name."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise UnfitError("write a list of values by name")
    if len(value) > MOST_ITEMS:
        raise UnfitError(f"write at most {MOST_ITEMS}")
    return [table(each) for each in value]


def plain(value: Any) -> Any:
    """A setting's value as JSON has it: what the readers read again."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value
