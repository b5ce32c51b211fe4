"""Lines into people, or into words about what is wrong with them. Pure, and run in processes of its own."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NoReturn

import orjson

from dialer.gate.zones import known_zone
from dialer.lists.cells import read_date, read_moment, read_money, read_number
from dialer.lists.columns import CUSTOMER, EXPIRES, NOT_BEFORE, PRIORITY, SCORE, ZONE, Layout
from dialer.lists.phones import Phones
from dialer.lists.plan import ImportPlan, Line, Parsed, Person, Problem
from values import BadInputError, PhoneNumber, to_json

LONGEST_TEXT = 2000
"""Characters of a cell."""
LONGEST_ID = 64
_SHOWN = 60
_MOST_PRIORITY = 1_000_000
_DIGITS = re.compile(r"\d(?:[ .\-/]?\d){4,}")
_DAY = r"(?:[0-9]{4}([/.\-])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([/.\-])[0-9]{1,2}\2(?:[0-9]{2}|[0-9]{4}))"
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_MOMENT = re.compile(rf"{_DAY}(?:[T ]{_TIME}(?:Z|[+\-][0-9]{{2}}:?[0-9]{{2}})?)?")
"""What looks like a day or a time, a wrong one too: where one is expected it is shown as it stands."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that reading a line needs; the same for a whole file."""

    plan: ImportPlan
    layout: Layout
    delimiter: str


class _Wrong(Exception):  # noqa: N818  (it never leaves this module)
    """A line cannot be taken."""


def parse(reading: Reading, lines: Sequence[Line]) -> Parsed:
    """What these lines came to."""
    reader = _Reader(reading)
    people = []
    bad = 0
    for line in lines:
        try:
            person = reader.person(line)
        except _Wrong:
            bad += 1
        else:
            if person is not None:
                people.append(person)
    return Parsed(people, reader.problems, bad)


class _Reader:
    def __init__(self, reading: Reading) -> None:
        self._plan = reading.plan
        self._layout = reading.layout
        self._delimiter = reading.delimiter
        self._phones = _phones(reading.plan.country)
        self._moments = {reading.layout.single.get(NOT_BEFORE), reading.layout.single.get(EXPIRES)}
        self.problems: list[Problem] = []
        self._line = 0

    def person(self, line: Line) -> Person | None:
        """None for an empty line. Raises `_Wrong` after saying what is wrong."""
        self._line = line.number
        cells = self._cells(line.text)
        if cells is None:
            return None
        plan, single = self._plan, self._layout.single
        zone = plan.zone
        if ZONE in single and (said := cells[single[ZONE]]):
            if not known_zone(said):
                self._wrong(single[ZONE], "this is no time zone; write one as Europe/Rome", said)
            zone = said
        numbers = self._numbers(cells)
        number = numbers[0]
        fields = {each.name: self._field(cells, each.column, each.kind) for each in self._layout.fields}
        return (
            self._customer(cells),
            number,
            orjson.dumps(numbers).decode() if len(numbers) > 1 else "[]",
            zone,
            self._phones.zones(number, zone),
            orjson.dumps(fields).decode(),
            int(self._figure(cells, PRIORITY, plan.priority)),
            float(self._figure(cells, SCORE, plan.score)),
            self._moment(cells, NOT_BEFORE, zone, None),
            self._moment(cells, EXPIRES, zone, plan.expires),
        )

    def _cells(self, text: str | tuple[str, ...]) -> list[str] | None:
        cells = list(text) if isinstance(text, tuple) else self._split(text)
        if not any(cells):
            return None
        wanted = len(self._layout.names)
        if len(cells) > wanted:
            if any(cells[wanted:]):
                self._wrong(None, f"{len(cells)} columns where the header has {wanted}", cells[wanted])
            del cells[wanted:]
        elif len(cells) < wanted:
            self._wrong(None, f"{len(cells)} columns where the header has {wanted}", "")
        return cells

    def _split(self, text: str) -> list[str]:
        if "\0" in text:
            self._wrong(None, "it has NUL characters: the file is damaged, or in another encoding", text)
        if '"' not in text:
            return [cell.strip() for cell in text.split(self._delimiter)]
        try:
            return [cell.strip() for cell in next(csv.reader([text], delimiter=self._delimiter, strict=True))]
        except (csv.Error, StopIteration) as problem:
            self._wrong(None, f"its quotes are broken ({problem})", text)

    def _customer(self, cells: Sequence[str]) -> str:
        column = self._layout.single.get(CUSTOMER)
        if column is None:
            return ""
        found = cells[column]
        if len(found) > LONGEST_ID:
            self._wrong(column, f"longer than {LONGEST_ID} characters", found)
        return found

    def _numbers(self, cells: Sequence[str]) -> tuple[PhoneNumber, ...]:
        """All numbers that can be read; the others are told, and only without any the line is wrong."""
        found: dict[PhoneNumber, None] = {}
        for column in self._layout.numbers:
            if cells[column]:
                try:
                    found[self._phones.read(cells[column])] = None
                except BadInputError as problem:
                    self._tell(column, _words(problem), cells[column])
        if not found:
            if not any(cells[column] for column in self._layout.numbers):
                self._tell(self._layout.numbers[0], "there is no number", "")
            raise _Wrong
        return tuple(found)

    def _figure(self, cells: Sequence[str], target: str, otherwise: float) -> float:
        column = self._layout.single.get(target)
        if column is None or not cells[column]:
            return otherwise
        try:
            found = read_number(cells[column], self._plan.country)
        except BadInputError as problem:
            self._wrong(column, _words(problem), cells[column])
        if abs(found) > _MOST_PRIORITY or (target == PRIORITY and found != int(found)):
            self._wrong(column, "write a whole number up to a million", cells[column])
        return found

    def _moment(
        self, cells: Sequence[str], target: str, zone: str, otherwise: datetime | None
    ) -> datetime | None:
        column = self._layout.single.get(target)
        if column is None or not cells[column]:
            return otherwise
        try:
            return read_moment(cells[column], self._plan.country, zone, end=target == EXPIRES)
        except (BadInputError, OverflowError) as problem:
            self._wrong(column, _words(problem), cells[column])

    def _field(self, cells: Sequence[str], column: int, kind: str) -> Any:
        text = cells[column]
        if kind == "text":
            if len(text) > LONGEST_TEXT:
                self._wrong(column, f"longer than {LONGEST_TEXT} characters", text)
            return text
        if not text:
            return None
        country = self._plan.country
        try:
            if kind == "money":
                return to_json(read_money(text, country, self._plan.currency))
            return to_json(read_number(text, country) if kind == "number" else read_date(text, country))
        except BadInputError as problem:
            self._wrong(column, _words(problem), text)

    def _wrong(self, column: int | None, what: str, value: str) -> NoReturn:
        self._tell(column, what, value)
        raise _Wrong

    def _tell(self, column: int | None, what: str, value: str) -> None:
        name = "" if column is None else self._layout.names[column]
        dated = column is not None and column in self._moments and _MOMENT.fullmatch(value)
        self.problems.append(Problem(self._line, name, what, value if dated else masked(value)))


def masked(value: str) -> str:
    """A value as a report may show it: short, and of every longer number the last three digits only."""
    short = value.replace("\0", "").replace("\n", " ")[:_SHOWN]
    return _DIGITS.sub(lambda found: "•" * (len(found[0]) - 3) + found[0][-3:], short)


def _words(problem: Exception) -> str:
    text = str(problem)
    field = getattr(problem, "field", None)
    return text.removeprefix(f"{field}: ") if field else text


@cache
def _phones(country: str) -> Phones:
    return Phones(country)
