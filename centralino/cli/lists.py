"""`centralino list`: lists of people to be called: bring them in from files, hold, release, remove them."""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from centralino.cli.campaign.desk import By, settings_here, show, who
from centralino.cli.given import given
from centralino.cli.maycall import read_time
from centralino.places import Places
from centralino.settings import Settings
from dialer.lists import (
    ImportPlan,
    ImportResult,
    activate_list,
    contact_lists,
    create_list,
    import_file,
    list_imports,
    remove_list,
)
from dialer.lists import Progress as Standing
from store import Database
from values import BadInputError, SystemClock

BAD_LINES = 3
"""How an import ends that left lines out."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

ListName = Annotated[str, typer.Argument(metavar="LIST", help="The list's name.")]
Campaign = Annotated[str, typer.Option("--campaign", help="The campaign whose list it is.")]


@app.command("create")
def create(
    name: ListName, campaign: Campaign, title: Annotated[str, typer.Option(help="What people call it.")] = ""
) -> None:
    """Make an empty list for a campaign."""
    asyncio.run(_create(settings_here(), name, campaign, title))


@app.command("import")
def bring_in(
    file: Annotated[
        Path,
        typer.Argument(help="A CSV file or an Excel workbook (.xlsx).", readable=False, callback=given),
    ],
    name: Annotated[str, typer.Option("--list", help="The list it goes into; made when there is none.")],
    campaign: Campaign,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="WHAT=COLUMN", help="Which column is what: number=Telefono, money:due=Importo."
        ),
    ] = None,
    country: Annotated[str, typer.Option(help="Whose people wrote it, as IT; the house's if left out.")] = "",
    zone: Annotated[str, typer.Option(help="The customers' time zone, where a line names none.")] = "",
    priority: Annotated[int, typer.Option(help="Higher goes first.")] = 0,
    expires: Annotated[str, typer.Option(help="Until when they may be called: 2026-12-24T18:00.")] = "",
    currency: Annotated[str, typer.Option(help="Of amounts that name none.")] = "EUR",
    encoding: Annotated[str, typer.Option(help="As utf-8 or cp1252; found out if left out.")] = "",
    delimiter: Annotated[str, typer.Option(help="What ends a column; found out if left out.")] = "",
    no_header: Annotated[bool, typer.Option("--no-header", help="The first line names no columns.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Call customers who are in another list of the campaign, too.")
    ] = False,
    by: By = "",
) -> None:
    """Take a file's people into a list; what is wrong with the others goes into a report, line by line.

    The same file twice changes nothing; an import that broke off goes on where it was. Ends with 3 when lines
    were left out.
    """
    settings = settings_here()
    plan = ImportPlan(
        list=name,
        campaign=campaign,
        country=(country or settings.country).upper(),
        mapping=read_mapping(mapping or ()),
        zone=zone,
        priority=priority,
        expires=read_time(expires, zone, "--expires") if expires else None,
        currency=currency,
        encoding=encoding,
        delimiter={"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter),
        header=not no_header,
        again=again,
    )
    found = asyncio.run(_import(settings, file, plan, who(by)))
    show(asdict(found) | {"report": str(_reports(settings) / found.report) if found.report else ""})
    if found.bad:
        raise typer.Exit(BAD_LINES)


@app.command("show")
def tell(
    name: Annotated[
        str, typer.Argument(metavar="[LIST]", help="One list with its imports; all if left out.")
    ] = "",
    campaign: Annotated[str, typer.Option("--campaign", help="Only this campaign's.")] = "",
) -> None:
    """Print lists as JSON: how their contacts stand, and what was imported."""
    show(asyncio.run(_show(settings_here(), name, campaign)))


@app.command("pause")
def pause(name: ListName) -> None:
    """Call nobody more of a list, from now on; calls that are up go on."""
    asyncio.run(_activate(settings_here(), name, active=False))


@app.command("resume")
def resume(name: ListName) -> None:
    """Let a list go on."""
    asyncio.run(_activate(settings_here(), name, active=True))


@app.command("remove")
def remove(
    name: ListName,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it nothing happens.")] = False,
) -> None:
    """Call nobody more of a list, for good. Whoever was called stays on record."""
    if not yes:
        raise BadInputError("add --yes to take everybody out of the calling who waits in it", field=name)
    show({"list": name, "taken_out": asyncio.run(_remove(settings_here(), name))})


def read_mapping(words: Sequence[str]) -> dict[str, str]:
    """`number=Telefono` and the like. Raises `BadInputError` for what is written otherwise."""
    found = {}
    for word in words:
        target, sign, column = word.partition("=")
        if not sign or not target.strip() or not column.strip():
            raise BadInputError(f"{word!r}: write WHAT=COLUMN, as in number=Telefono", field="--map")
        found[target.strip()] = column.strip()
    return found


async def _create(settings: Settings, name: str, campaign: str, title: str) -> None:
    async with Database(settings.database) as db, db.write() as session:
        await create_list(session, name, campaign, db.clock.now(), title=title)


async def _import(settings: Settings, file: Path, plan: ImportPlan, by: str) -> ImportResult:
    async with Database(settings.database) as db:
        with _bar(file.name) as bar:
            return await import_file(
                db, file, plan, reports=_reports(settings), by=by, progress=bar, processes=os.cpu_count() or 1
            )


def _reports(settings: Settings) -> Path:
    return Places(settings.home.resolve()).lists


class _Bar:
    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._task = progress.add_task(name, total=1.0, added=0, known=0, bad=0)

    def __call__(self, now: Standing) -> None:
        self._progress.update(self._task, completed=now.share, added=now.added, known=now.known, bad=now.bad)


@contextmanager
def _bar(name: str) -> Iterator[_Bar]:
    """A bar on the terminal's other channel, so that the answer stays JSON."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        TextColumn("{task.fields[added]} in, {task.fields[known]} known, {task.fields[bad]} wrong"),
    )  # fmt: skip
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield _Bar(progress, name)


async def _show(settings: Settings, name: str, campaign: str) -> object:
    async with Database(settings.database) as db, db.read() as session:
        found = await contact_lists(session, campaign=campaign, name=name)
        if not name:
            return [asdict(each) for each in found]
        if not found:
            raise BadInputError(f"there is no list {name!r}", field="list")
        imports = [
            {
                "file": each.file,
                "state": each.state,
                "lines": each.lines,
                "added": each.added,
                "known": each.known,
                "bad": each.bad,
                "report": each.report,
                "by": each.by,
                "started": _time(each.started),
                "finished": _time(each.finished),
                "problem": each.problem,
            }
            for each in await list_imports(session, name)
        ]
        return asdict(found[0]) | {"imports": imports}


def _time(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


async def _activate(settings: Settings, name: str, *, active: bool) -> None:
    async with Database(settings.database) as db, db.write() as session:
        await activate_list(session, name, active=active)


async def _remove(settings: Settings, name: str) -> int:
    taken_out, clock = 0, SystemClock()
    async with Database(settings.database) as db:
        while True:
            async with db.write() as session:
                gone = await remove_list(session, name, clock.now())
            taken_out += gone
            if not gone:
                return taken_out
