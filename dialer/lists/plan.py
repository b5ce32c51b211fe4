"""How a file is to be taken into a list, and what came of it: values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from phonenumbers import SUPPORTED_REGIONS

from dialer.gate.zones import known_zone
from values import BadInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What whoever brings a file says about it."""

    list: str
    """The list it goes into; made when there is none of that name."""
    campaign: str
    country: str = "IT"
    """Whose people wrote the numbers, dates and amounts (ISO 3166)."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """What is in which column, where the header does not tell: `number` → `Telefono`, or `3` (from 1)."""
    zone: str = ""
    """The time zone of customers whose line names none; '' when only the number tells.

    Times without a zone are by its clock, else by the house's.
    """
    priority: int = 0
    score: float = 0.0
    expires: datetime | None = None
    currency: str = "EUR"
    encoding: str = ""
    """As Python names it; '' to find out."""
    delimiter: str = ""
    """One character; '' to find out."""
    header: bool = True
    """Whether the first line names the columns; without it `mapping` counts them."""
    again: bool = False
    """Whether a customer may be called who is in another list of the campaign already."""

    def check(self) -> None:
        """Raises `BadInputError` naming what nobody can read a file by."""
        if self.country not in SUPPORTED_REGIONS:
            raise BadInputError(f"{self.country[:40]!r} is no country; write one as IT", field="country")
        if self.zone and not known_zone(self.zone):
            raise BadInputError(f"{self.zone[:40]!r} is no time zone; write one as Europe/Rome", field="zone")

    def kept(self) -> dict[str, Any]:
        """What decides how a line is read: an import goes on only with the same."""
        return {
            "mapping": dict(self.mapping), "country": self.country, "zone": self.zone,
            "priority": self.priority, "score": self.score,
            "expires": self.expires.isoformat() if self.expires else "",
            "currency": self.currency, "header": self.header, "again": self.again,
        }  # fmt: skip


class Problem(NamedTuple):
    """What is wrong with a line, for whoever has to mend it."""

    line: int
    """As an editor counts it, from 1."""
    column: str
    what: str
    value: str
    """What stood there; digits of numbers are masked."""


class Line(NamedTuple):
    """One line, or one row of a sheet: where it begins, and its text or its cells."""

    number: int
    text: str | tuple[str, ...]


Person = tuple[str, str, str, str, str, str, int, float, datetime | None, datetime | None]
"""A line that can be taken in: customer, number, all numbers as JSON, zone, zone key, fields as JSON,
priority, score, not before, expires. Plain, since a million of them go from process to process."""


class Parsed(NamedTuple):
    """What some lines came to."""

    people: list[Person]
    problems: list[Problem]
    bad: int
    """How many lines could not be taken; one may have several problems, or one that does not matter much."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    lines: int
    added: int
    known: int
    bad: int
    share: float
    """Of the whole file, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of an import, together with what an interrupted run before it had done."""

    id: str
    list: str
    lines: int
    added: int
    known: int
    """Lines whose customer was there already."""
    bad: int
    report: str
    """The error report's file; '' when there is nothing to report."""
    resumed: bool
    """Whether an interrupted import was taken up."""
    same: bool
    """Whether this very file had been imported before: nothing was done."""
    notes: tuple[str, ...]
    """What was found out about the file, in words: its encoding, its delimiter, which column is what."""
