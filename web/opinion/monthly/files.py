"""The monthly report as a file: PDF or workbook."""

import asyncio
from enum import StrEnum
from pathlib import Path

from reports.printed import Booklet, find_fonts, write_book, write_pdf


class Form(StrEnum):
    """What kind of file."""

    PDF = "pdf"
    XLSX = "xlsx"


async def file_of(booklet: Booklet, form: Form, fonts: Path | None) -> bytes:
    """Its bytes, made beside the loop. Raises `FontsMissingError` for a PDF without letters."""
    if form is Form.XLSX:
        return await asyncio.to_thread(write_book, booklet)
    found = find_fonts(fonts)
    return await asyncio.to_thread(write_pdf, booklet, found)


def name_of(month: str, language: str, form: Form) -> str:
    """What the file is called."""
    return f"monthly-{month}-{language}.{form}"
