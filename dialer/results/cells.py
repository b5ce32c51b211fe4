"""Attempts as lines of CSV that no spreadsheet takes for formulas. Pure."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from dialer.results.records import COLUMNS

_A_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def header() -> str:
    """The first line."""
    return lines([{name: name for name in COLUMNS}])


def lines(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180): commas, CRLF; times as ISO 8601 in UTC, an empty cell for what never came."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([cell(row[name]) for name in COLUMNS] for row in rows)
    return text.getvalue()


def cell(value: Any) -> str:
    """A value as a cell.

    What a spreadsheet would take for a formula gets an apostrophe before it; a plain number, such as a
    telephone number with its plus, is none.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    text = str(value)
    harmless = _A_NUMBER.fullmatch(text) is not None
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) and not harmless else text
