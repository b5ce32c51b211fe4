"""`centralino report monthly`: the month on paper, or as a workbook."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from centralino.cli.campaign.desk import settings_here
from centralino.cli.target import check_folder
from centralino.settings import Settings
from reports import Language
from store import Database
from surveys.figures import By, last_periods
from values import BadInputError, SystemClock
from web.opinion.monthly import Form, Reader, file_of, monthly, name_of
from web.words import Words

Month = Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="Unset: the last one that is over.")]
Language_ = Annotated[Language, typer.Option("--language", help="Of the report.")]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Where to; .pdf, or .xlsx for a workbook.")]


def take_monthly(month: Month = "", language: Language_ = Language.IT, out: Out = "") -> None:
    """Volumes, opinions with intervals, sites and partners of a month, as PDF or XLSX."""
    asked = month or last_periods(2, By.MONTH, SystemClock().now())[0]
    path = Path(out or name_of(asked, language.value, Form.PDF))
    try:
        form = Form(path.suffix.removeprefix(".").lower())
    except ValueError:
        raise BadInputError("name a file that ends in .pdf or .xlsx", field="--out") from None
    settings = settings_here()
    path = check_folder(path)
    asyncio.run(_write(settings, asked, language, path, form))
    sys.stderr.write(f"{asked} is in {path}\n")


async def _write(settings: Settings, month: str, language: Language, path: Path, form: Form) -> None:
    reader = Reader(language, Words().speaking(language.value), settings.company)
    async with Database(settings.database) as db, db.read() as session:
        booklet = await monthly(session, month, reader, SystemClock().now())
    data = await file_of(booklet, form, settings.fonts)
    half = path.with_name(f".{path.name}.part")
    try:
        await asyncio.to_thread(half.write_bytes, data)
        half.replace(path)
    except OSError as problem:
        raise BadInputError(f"cannot be written: {problem.strerror}", field=str(path)) from problem
    finally:
        half.unlink(missing_ok=True)
