"""A report as CSV (RFC 4180), some lines at a time."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from dialer.results.cells import cell
from reports.asked import Asked
from reports.definitions import Language
from reports.tables import NOT_AVAILABLE, Column, Kind, Row, Table, Value

BOM: Final = "\ufeff"
"""Spreadsheets take a file for UTF-8 by it."""


async def csv_parts(table: Table, zone: ZoneInfo, language: Language) -> AsyncIterator[bytes]:
    """The file in parts, the header first. Seconds and shares are plain numbers; empty denominators `n/a`."""
    yield (BOM + _lines([[cell(column.title(language)) for column in table.columns]])).encode()
    async for rows in table.rows:
        if rows:
            yield _lines(_cells(table.columns, rows, zone)).encode()


async def write_csv(path: Path, table: Table, asked: Asked, language: Language) -> int:
    """Write a file; how many rows there are."""
    count = -1  # the header is no row
    with path.open("wb") as file:
        async for part in csv_parts(table, asked.clock, language):
            file.write(part)
            count += part.count(b"\r\n")
    return count


def _cells(columns: Sequence[Column], rows: Sequence[Row], zone: ZoneInfo) -> list[list[str]]:
    return [
        [plain(column, row.get(column.key, column_default(column)), zone) for column in columns]
        for row in rows
    ]


def column_default(column: Column) -> Value:
    """What a row that does not name a column has there: nothing of what can be counted."""
    return 0 if column.kind in {Kind.COUNT, Kind.SECONDS} and ":" in column.key else None


def plain(column: Column, value: Value, zone: ZoneInfo) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return "" if column.kind in {Kind.TEXT, Kind.COUNT} else NOT_AVAILABLE
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="minutes")
    if isinstance(value, float):
        return (
            f"{value:.6f}".rstrip("0").rstrip(".")
            if column.kind is Kind.SHARE
            else f"{value:.3f}".rstrip("0").rstrip(".")
        )
    return cell(value)


def _lines(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
