"""What a printed report is made of. Pure: plain values, in the language it is printed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reports.definitions import Language


class Shape(StrEnum):
    """How a number is written."""

    TEXT = "text"
    COUNT = "count"
    """A whole number."""
    NUMBER = "number"
    """With one digit behind the point."""
    FINE = "fine"
    """With two."""
    SHARE = "share"
    """0 to 1, written as per cent."""
    SCORE = "score"
    """−100 to 100, always with its sign."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; `value` None: too few were asked, or nobody."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    why: str = ""
    """Why there is no value, in words; '': the booklet's own words for too few."""


Said = str | int | float | Estimate | None
"""What a cell may hold. None: nothing to divide by."""


@dataclass(frozen=True, slots=True)
class Key:
    """A figure that stands large, with what it is and a word on it."""

    label: str
    value: Said
    shape: Shape = Shape.COUNT
    note: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """Key figures in a row."""

    items: Sequence[Key]


@dataclass(frozen=True, slots=True)
class Line:
    """A series over time."""

    name: str
    values: Sequence[Estimate]
    marked: frozenset[int] = frozenset()
    """The points that changed significantly."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Series over time, each with the band of its interval."""

    title: str
    labels: Sequence[str]
    series: Sequence[Line]
    shape: Shape = Shape.NUMBER
    least: float | None = None
    """The axis goes down to this at least; None: as the values want it."""
    most: float | None = None
    marked_means: str = ""
    """What a marked point says."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A series of bars."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Stacks:
    """Bars, the series on top of each other."""

    title: str
    labels: Sequence[str]
    series: Sequence[Stack]


@dataclass(frozen=True, slots=True)
class Whisker:
    """A figure with its interval beside its name."""

    label: str
    value: Estimate


@dataclass(frozen=True, slots=True)
class Whiskers:
    """Points with their intervals below each other, on one scale."""

    title: str
    rows: Sequence[Whisker]
    shape: Shape = Shape.NUMBER
    least: float | None = None
    most: float | None = None
    target: float | None = None
    """A line through all of them."""
    target_means: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table."""

    title: str
    shape: Shape = Shape.TEXT
    wide: float = 1.0
    """How much of the width it takes, beside the others."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Said]]
    empty: str = ""
    """What is said when there are no rows."""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph."""

    text: str
    small: bool = False


Block = Keys | Lines | Stacks | Whiskers | Grid | Note


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject: a page of its own, a sheet of its own."""

    title: str
    lead: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Term:
    """What a word of the report means."""

    name: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the frame itself says."""

    page: str
    """`Page {page} of {pages}`."""
    made: str
    """`Made on {at}`."""
    definitions: str
    contents: str
    few: str
    """Where too few were asked."""
    nothing: str
    """In place of a chart without a single value."""
    none: str
    """Where there is nothing to divide by."""
    low: str
    """Above an interval's lower end, in a workbook."""
    high: str
    interval: str
    """What the whiskers and bands are: `95 % interval`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booklet:
    """A whole report."""

    title: str
    period: str
    company: str
    language: Language
    made: datetime
    """In the zone it is read in."""
    topics: Sequence[Topic]
    terms: Sequence[Term]
    words: Words
