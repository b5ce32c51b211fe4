"""Events as a table, for those without an API: a line each, the columns are the fields' names.

Columns that a type does not know stay empty in its lines. Money is written `70.50 EUR`, a list `a|b`, offered
times `start/end|start/end`.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ivr.language.problems import did_you_mean, listing
from proactive.events.intake import Refused
from proactive.events.kinds import COMMON, KINDS
from proactive.events.reading import MOST, Read, id_of, read_objects
from values import BadInputError

COLUMNS: Final = tuple(
    dict.fromkeys([*sorted(COMMON), *(name for kind in KINDS.values() for name in kind.model_fields)])
)
"""What a table may have."""
_MONEY: Final = re.compile(
    r"(?P<whole>[0-9]{1,10})(?:[.,](?P<cents>[0-9]{2}))?(?:\s*(?P<currency>[A-Z]{3}))?"
)
_LISTS: Final = frozenset({"lines", "customers"})


def read_sheet(data: bytes) -> Read:
    """Events of a table in UTF-8 with commas, semicolons or tabs; a place is a line of the file, from 1.

    Raises `BadInputError` for what is no table of events at all.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BadInputError("the table is not in UTF-8; save it so", field="body") from problem
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        _check(names)
        return _read(names, rows)
    except csv.Error as problem:
        raise BadInputError(f"line {rows.line_num}: {problem}", field="body") from problem


def _read(names: Sequence[str], rows: Any) -> Read:
    objects: list[Mapping[str, Any]] = []
    places: list[int] = []
    refused: list[Refused] = []
    before = rows.line_num
    for row in rows:
        line, before = before + 1, rows.line_num
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            words = f"the line has {len(row)} cells, and the table {len(names)} columns"
            refused.append(Refused(line, "", "body", words))
            continue
        given = {name: cell.strip() for name, cell in zip(names, row, strict=True) if cell.strip()}
        try:
            objects.append({name: _value(name, cell) for name, cell in given.items()})
            places.append(line)
        except BadInputError as problem:
            words = str(problem).removeprefix(f"{problem.field}: ")
            refused.append(Refused(line, id_of(given), problem.field or "", words))
        if len(objects) > MOST:
            raise BadInputError(f"more than {MOST} lines; send the table in parts", field="body")
    found = read_objects(objects, places)
    return Read(found.events, found.places, sorted([*found.refused, *refused], key=lambda each: each.place))


def _value(name: str, cell: str) -> Any:
    if name == "unbilled":
        found = _MONEY.fullmatch(cell)
        if found is None:
            raise BadInputError("write an amount as in 70.50 EUR", field=name)
        minor = int(found["whole"]) * 100 + int(found["cents"] or 0)
        return {"minor": minor, "currency": found["currency"] or "EUR"}
    if name in _LISTS:
        return [each.strip() for each in cell.split("|") if each.strip()]
    if name == "slots":
        pairs = [each.partition("/") for each in cell.split("|")]
        return [{"start": start.strip(), "end": end.strip()} for start, _, end in pairs]
    return cell


def _check(names: Sequence[str]) -> None:
    if unknown := [name for name in names if name not in COLUMNS]:
        like = did_you_mean(unknown[0], COLUMNS)
        words = f"no event has a column {unknown[0][:40]!r}{like}; there are {listing(COLUMNS, at_most=60)}"
        raise BadInputError(words, field="body")
    if len(set(names)) < len(names):
        raise BadInputError("two columns have the same name", field="body")
    if missing := [name for name in ("id", "type", "at") if name not in names]:
        raise BadInputError(f"the first line names the columns; {missing[0]} is missing", field="body")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)
