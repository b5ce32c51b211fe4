"""`centralino dnc import`: numbers into the house's list, a public register, a campaign's exclusions."""

import asyncio
import csv
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.dnc.numberfile import BadLine, read_numbers
from centralino.cli.dnc.words import print_json, settings_of_command, source_of_command
from centralino.cli.given import given
from centralino.cli.maycall import read_time
from centralino.cli.target import check_folder
from centralino.settings import Settings
from dialer.campaigns import campaign
from dialer.do_not_call import exclude, forbid_calls
from dialer.gate import Suppression
from dialer.registers import add_entries, drop_editions, new_edition, publish_edition
from store import Database
from values import BadInputError, PhoneNumber, SystemClock

CHUNK = 5000
"""Numbers of one transaction."""
SHOWN = 5
"""Bad lines that are told at once; the report has all."""

Write = Callable[[AsyncSession, list[PhoneNumber]], Awaitable[None]]


def read_in(
    file: Annotated[Path, typer.Argument(help="One number a line, or CSV.", readable=False, callback=given)],
    register: Annotated[str, typer.Option(help="A public register, as the jurisdiction names it: rpo.")] = "",
    dated: Annotated[str, typer.Option(help="When the authority made the register's file.")] = "",
    what: Annotated[
        Suppression | None, typer.Option("--for", help="The house's own list: what they are not called for.")
    ] = None,
    name: Annotated[str, typer.Option("--campaign", help="Numbers that one campaign leaves out.")] = "",
    source: Annotated[str, typer.Option(help="Who said so; the account at the terminal if left out.")] = "",
    report: Annotated[
        Path | None, typer.Option(readable=False, help="Where lines are told that have no number.")
    ] = None,
) -> None:
    """Read a file of numbers in. A register's entries replace those it had, in one moment.

    Lines without a number are passed over and told in the report, FILE.errors.csv unless named.
    """
    if sum(map(bool, (register, what, name))) != 1:
        raise BadInputError(
            "say one of --register NAME --dated DAY, --for WHAT, --campaign NAME", field="import"
        )
    if register and not dated:
        raise BadInputError("say when the authority made the file: --dated 2026-03-01", field="--dated")
    settings = settings_of_command()
    made = read_time(dated, "", "--dated") if dated else None
    target = check_folder(report) if report else file.with_name(f"{file.name}.errors.csv").absolute()
    reader = _Reader(file, settings.country, target)
    asyncio.run(_read_in(settings, reader, register, made, what, name, source_of_command(source)))
    print_json(reader.summary())


async def _read_in(
    settings: Settings,
    reader: "_Reader",
    register: str,
    dated: datetime | None,
    what: Suppression | None,
    name: str,
    source: str,
) -> None:
    clock = SystemClock()
    async with Database(settings.database) as db:
        if register and dated:
            edition = new_edition()
            await reader.write(db, lambda session, numbers: add_entries(session, register, edition, numbers))
            if reader.spoiled:
                raise BadInputError(
                    "has too many lines without a number; the register stays as it is", field=reader.file.name
                )
            async with db.write() as session:
                await publish_edition(
                    session, register, edition, dated=dated, file=reader.file.name, at=clock.now()
                )
            while await _dropped(db, register):
                pass
        elif what is not None:
            at = clock.now()
            await reader.write(
                db, lambda session, numbers: forbid_calls(session, numbers, what, source=source, at=at)
            )
        else:
            async with db.read() as session:
                await campaign(session, name)
            at = clock.now()
            await reader.write(
                db, lambda session, numbers: exclude(session, name, numbers, source=source, at=at)
            )


async def _dropped(db: Database, register: str) -> int:
    async with db.write() as session:
        return await drop_editions(session, register)


class _Reader:
    """Reads the file once, chunk by chunk, and keeps count."""

    def __init__(self, file: Path, country: str, report: Path) -> None:
        self.file = file
        self.numbers = 0
        self._country = country
        self._report = report
        self._bad = 0

    async def write(self, db: Database, write: Write) -> None:
        """Write all numbers, each chunk in a transaction of its own."""
        with self._progress() as passed:
            for chunk in self._chunks(passed):
                async with db.write() as session:
                    await write(session, chunk)
                self.numbers += len(chunk)

    @property
    def spoiled(self) -> bool:
        """Whether the file is none to replace a register with: empty, or one line in a hundred is bad."""
        return self._bad * 100 >= self.numbers

    def summary(self) -> dict[str, object]:
        """What came of it."""
        return {
            "file": self.file.name,
            "numbers": self.numbers,
            "bad_lines": self._bad,
            "report": str(self._report) if self._bad else None,
        }

    def _chunks(self, passed: Callable[[int], None]) -> Iterator[list[PhoneNumber]]:
        chunk: list[PhoneNumber] = []
        self._report.unlink(missing_ok=True)
        with self.file.open("rb") as lines:
            for each in read_numbers(lines, self._country):
                if isinstance(each, BadLine):
                    self._tell(each)
                    continue
                chunk.append(each)
                if len(chunk) >= CHUNK:
                    passed(lines.tell())
                    yield chunk
                    chunk = []
        if chunk:
            yield chunk

    def _tell(self, bad: BadLine) -> None:
        self._bad += 1
        if self._bad <= SHOWN:
            sys.stderr.write(f"line {bad.line}: {bad.problem}\n")
        with self._report.open("a", newline="", encoding="utf-8") as report:
            rows = csv.writer(report)
            if self._bad == 1:
                rows.writerow(["line", "problem"])
            rows.writerow([bad.line, bad.problem])

    @contextmanager
    def _progress(self) -> Iterator[Callable[[int], None]]:
        size = self.file.stat().st_size
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            bar = bars.add_task(self.file.name, total=size)
            yield lambda done: bars.update(bar, completed=done)
