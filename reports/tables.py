"""What a report comes to: columns that say what they mean, and rows. Pure."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from reports.definitions import Language, told

Value = str | int | float | datetime | None
Row = Mapping[str, Value]

NOT_AVAILABLE: Final = "n/a"
"""Shown where there is nothing to divide by: never 0 and never 100 %."""


class Kind(StrEnum):
    """What a column's values are."""

    TEXT = "text"
    TIME = "time"
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    """0 to 1, shown as per cent; may be above 1 where the definition says so."""
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    key: str
    """Stable, for programs. Behind a colon stands a word of the house's own: `pause:lunch`."""
    kind: Kind = Kind.COUNT
    word: str = ""
    """How people call that word, where it has a title of its own."""

    def title(self, language: Language) -> str:
        """What stands above it."""
        return told(self.key, language, "title", self.word)

    def means(self, language: Language) -> str:
        """Its definition."""
        return told(self.key, language, "means", self.word)


@dataclass(frozen=True, slots=True)
class Table:
    """A report under way: its columns are known, its rows come some at a time, the earliest first."""

    columns: Sequence[Column]
    rows: AsyncIterator[Sequence[Row]]
    main: str
    """The column that is drawn."""
    name: str
    """The column that says whose a row is."""


def ratio(part: float, whole: float) -> float | None:
    """A part of a whole; None of nothing."""
    return part / whole if whole else None
