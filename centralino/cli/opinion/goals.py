"""`centralino opinion goals`: agents' and teams' goals beside what customers say, for their MBO."""

import asyncio
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from centralino.cli.campaign.desk import settings_here
from centralino.cli.given import given
from centralino.cli.opinion.contracts import read
from centralino.cli.target import check_folder
from centralino.settings import Settings
from dialer.results.cells import cell
from store import Database
from surveys.figures import Indicator, Unit
from surveys.goals import COLUMNS, EXAMPLE, Goals, Standing, read_goals, standings
from values import BadInputError

NOTHING = "n/a"


def add_to(app: typer.Typer) -> None:
    """Put this command under `centralino opinion`."""
    app.command("goals", help="Targets beside what was reached, as CSV or XLSX.")(goals)


def goals(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="YAML; without one an example.", readable=False, callback=given),
    ] = None,
    to_csv: Annotated[str, typer.Option("--csv", metavar="FILE", help="Where to; - is the terminal.")] = "-",
    to_xlsx: Annotated[str, typer.Option("--xlsx", metavar="FILE", help="Where to.")] = "",
) -> None:
    """Write one row for each agent, team, site or partner and each goal. Shares are from 0 to 1."""
    if file is None:
        sys.stdout.write(EXAMPLE.read_text(encoding="utf-8"))
        return
    asked = read_goals(read(file))
    settings = settings_here()
    target = None if to_csv == "-" and not to_xlsx else check_folder(Path(to_xlsx or to_csv))
    rows = asyncio.run(_rows(settings, asked))
    try:
        if target is None:
            sys.stdout.write(_csv(rows))
        elif to_xlsx:
            _workbook(asked, rows).save(target)
        else:
            target.write_text("\ufeff" + _csv(rows), encoding="utf-8", newline="")
    except OSError as problem:
        raise BadInputError(f"cannot be written: {problem.strerror}", field=to_xlsx or to_csv) from problem


def _csv(rows: Sequence[Standing]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([cell(_plain(getattr(row, column))) for column in COLUMNS])
    return text.getvalue()


def _plain(value: Any) -> Any:
    if value is None:
        return NOTHING
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _workbook(asked: Goals, rows: Sequence[Standing]) -> Workbook:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("MBO")
    sheet.freeze_panes = "A3"
    sheet.append([_text(sheet, f"{asked.title}: {asked.since} to {asked.until}", bold=True)])
    sheet.append([_text(sheet, column, bold=True) for column in COLUMNS])
    for row in rows:
        share = Indicator(row.indicator).definition.unit is Unit.SHARE
        sheet.append([_made(sheet, getattr(row, column), column, share=share) for column in COLUMNS])
    return book


def _made(sheet: Any, value: Any, column: str, *, share: bool) -> Any:
    if value is None or isinstance(value, str):
        return _text(sheet, NOTHING if value is None else value)
    made = WriteOnlyCell(sheet, value)
    if column in {"target", "value", "low", "high"}:
        made.number_format = "0.0%" if share else "0.00"
    return made


def _text(sheet: Any, value: str, *, bold: bool = False) -> Any:
    """A text, whatever it begins with: never a formula."""
    made = WriteOnlyCell(sheet, str(value))
    made.data_type = "s"
    made.quotePrefix = True
    if bold:
        made.font = Font(bold=True)
    return made


async def _rows(settings: Settings, asked: Goals) -> Sequence[Standing]:
    async with Database(settings.database) as db, db.read() as session:
        return await standings(session, asked)
