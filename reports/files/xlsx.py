"""A report as a workbook: the rows on one sheet, on a second what each column means."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from reports.asked import Asked
from reports.definitions import Language
from reports.files.csv import column_default
from reports.tables import NOT_AVAILABLE, Column, Kind, Row, Table, Value
from values import CentralinoError

MOST_ROWS: Final = 1_000_000
"""A sheet holds 1,048,576."""
_FORMATS: Final = {
    Kind.TIME: "yyyy-mm-dd hh:mm",
    Kind.COUNT: "#,##0",
    Kind.SECONDS: "[h]:mm:ss",
    Kind.SHARE: "0.0%",
    Kind.NUMBER: "0.00",
}
_DAY_SECONDS: Final = 86_400
_SHEETS: Final = {
    Language.EN: ("Report", "Definitions", "Column", "Meaning", "Time zone", "From", "To"),
    Language.IT: ("Report", "Definizioni", "Colonna", "Significato", "Fuso orario", "Da", "A"),
    Language.RU: ("Отчёт", "Определения", "Столбец", "Значение", "Часовой пояс", "С", "До"),
}
_LONGEST: Final = 32_000
"""Letters that a cell takes."""


class TooManyRowsError(CentralinoError):
    """So many rows fit into no sheet: choose fewer days, longer intervals, or CSV."""

    error_id = "too-many-rows"


async def write_xlsx(path: Path, table: Table, asked: Asked, language: Language) -> int:
    """Write a workbook row by row; how many rows there are. Texts are never taken for formulas.

    Raises `TooManyRowsError`.
    """
    book = Workbook(write_only=True)
    words = _SHEETS[language]
    sheet = book.create_sheet(words[0])
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = 22 if column.kind is Kind.TEXT else 16
    sheet.append([_bold(sheet, column.title(language)) for column in table.columns])
    count = 0
    async for rows in table.rows:
        count += len(rows)
        if count > MOST_ROWS:
            raise TooManyRowsError
        await asyncio.to_thread(_append, sheet, table.columns, rows, asked.clock)
    _definitions(book, table.columns, asked, language)
    await asyncio.to_thread(book.save, path)
    return count


def _append(sheet: Any, columns: Sequence[Column], rows: Iterable[Row], zone: ZoneInfo) -> None:
    for row in rows:
        sheet.append(
            [_cell(sheet, column, row.get(column.key, column_default(column)), zone) for column in columns]
        )


def _cell(sheet: Any, column: Column, value: Value, zone: ZoneInfo) -> Any:
    if value is None:
        return "" if column.kind in {Kind.TEXT, Kind.COUNT} else NOT_AVAILABLE
    if isinstance(value, str):
        return _text(sheet, value)
    shown: Any = value
    if isinstance(value, datetime):
        shown = value.astimezone(zone).replace(tzinfo=None)
    elif column.kind is Kind.SECONDS:
        shown = float(value) / _DAY_SECONDS
    made = WriteOnlyCell(sheet, shown)
    made.number_format = _FORMATS[column.kind]
    return made


def _text(sheet: Any, value: str) -> Any:
    """A text, whatever it begins with: `=1+1` stays three letters and no formula."""
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST])
    made.data_type = "s"
    made.quotePrefix = True
    return made


def _bold(sheet: Any, value: str) -> Any:
    made = _text(sheet, value)
    made.font = Font(bold=True)
    return made


def _definitions(book: Workbook, columns: Sequence[Column], asked: Asked, language: Language) -> None:
    words = _SHEETS[language]
    sheet = book.create_sheet(words[1])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 110
    sheet.append([_bold(sheet, words[2]), _bold(sheet, words[3])])
    for column in columns:
        meaning = _text(sheet, column.means(language))
        meaning.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([_text(sheet, column.title(language)), meaning])
    sheet.append([])
    for name, moment in ((words[5], asked.since), (words[6], asked.until)):
        sheet.append([_text(sheet, name), _text(sheet, _local(moment, asked.clock))])
    sheet.append([_text(sheet, words[4]), _text(sheet, asked.zone)])


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(UTC).astimezone(zone).isoformat(sep=" ", timespec="minutes")
