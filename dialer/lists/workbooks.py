"""Rows of an Excel workbook's first sheet, read one after the other in little memory."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from dialer.lists.cells import Figure
from dialer.lists.plan import Line
from values import BadInputError


def sheet_rows(path: Path) -> Iterator[Line]:
    """Every row with what its cells show. Raises `BadInputError` for what is no workbook."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that it leaves out
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                    yield Line(number, tuple(shown(cell) for cell in row))
            finally:
                book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError) as problem:
        raise BadInputError(
            f"it is no Excel workbook that can be read ({problem})", field="file"
        ) from problem


def shown(cell: Any) -> str:
    """A cell as text: whole numbers without a point, others as a `Figure`, days as 2026-12-24."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else Figure(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
