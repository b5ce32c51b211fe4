"""`centralino results`: a campaign's live figures, and its attempts taken out as a file."""

import asyncio
import getpass
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
import typer
from typer.core import TyperGroup

from centralino.cli.maycall import read_time
from centralino.cli.resultstable import prospects_table, table_of
from centralino.cli.target import check_folder
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from dialer import campaign, load_profiles
from dialer.results import AttemptFilter, Format, Period, export, figures, note_export, row_of, stream
from dialer.results.cells import header, lines
from dialer.results.telling import figures_told
from store import Database
from values import HOUSE_ZONE, BadInputError, SystemClock

STDOUT = "-"


class NameFirst(TyperGroup):
    """`results NAME` is `results show NAME`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word in where a campaign's name comes first."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=NameFirst, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="`centralino results NAME` shows a campaign's figures; `export` takes its attempts out.",
)  # fmt: skip

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="The campaign's name, as `campaign list` shows it.")
]


@app.command()
def show(
    name: Name,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    period: Annotated[
        Period, typer.Option(help="Today, the law's window of abandonment, or all there is.")
    ] = Period.TODAY,
) -> None:
    """Show a campaign's figures as they are now: what each means is in docs/reference/results.md."""
    settings = own_settings()
    set_up_logging("warning")
    told = asyncio.run(_figures(settings, name, period))
    if json:
        sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    table_of(told, ZoneInfo(HOUSE_ZONE))


@app.command("export")
def take_out(
    name: Name,
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="Where to; - is the terminal (CSV).")],
    since: Annotated[
        str,
        typer.Option("--from", metavar="TIME", help="Placed at or after: 2026-12-24 or 2026-12-24T18:30."),
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="Placed before.")] = "",
    form: Annotated[Format, typer.Option("--format", help="Parquet needs the optional extra.")] = Format.CSV,
    zone: Annotated[str, typer.Option(help="The zone of times without an offset.")] = HOUSE_ZONE,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Whole telephone numbers; the audit keeps that you asked.")
    ] = False,
) -> None:
    """Write every attempt of a campaign with all its times into a file that only you may read."""
    by = os.environ.setdefault("SUDO_USER", getpass.getuser())
    wanted = AttemptFilter(
        campaign=name, since=_time("--from", since, zone), until=_time("--until", until, zone)
    )
    if to == STDOUT and form is Format.PARQUET:
        raise BadInputError("only CSV goes to the terminal; name a file", field="--to")
    settings = own_settings()
    set_up_logging("warning")
    if to == STDOUT:
        asyncio.run(_print(settings, wanted, numbers=numbers, by=by))
        return
    target = check_folder(Path(to))
    written = asyncio.run(_export(settings, wanted, target, form, numbers=numbers, by=by))
    sys.stderr.write(f"{written} attempts are in {target}\n")


@app.command("what-if")
def what_if(
    name: Name,
    changes: Annotated[
        list[str],
        typer.Option("--set", metavar="FIELD=VALUE", help="mode, max_abandon, ratio, lines, agents, …"),
    ],
    hours: Annotated[float, typer.Option(min=0.25, max=24, help="How far ahead.")] = 4.0,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Forecast what a changed setting would do to a campaign that runs now; nothing is changed."""
    settings = own_settings()
    set_up_logging("warning")
    told = asyncio.run(_prospects(settings, name, _changes(changes), hours))
    if json:
        sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    prospects_table(name, told)


async def _prospects(
    settings: Settings, name: str, changes: Mapping[str, str], hours: float
) -> Mapping[str, Any]:
    from dialer.results.prospects import known_of, prospects, prospects_told  # noqa: PLC0415  (the simulator)

    async with Database(settings.database) as db:
        async with db.read() as session:
            found = await campaign(session, name)
            profile = load_profiles()[found.profile]
            known = await known_of(session, found, profile, SystemClock().now())
        return prospects_told(await prospects(known, changes, hours=hours))


def _changes(given: list[str]) -> Mapping[str, str]:
    pairs = [each.partition("=") for each in given]
    for field, _, value in pairs:
        if not field or not value:
            raise BadInputError("write FIELD=VALUE, as in max_abandon=0.02", field="--set")
    return {field: value for field, _, value in pairs}


async def _figures(settings: Settings, name: str, period: Period) -> Mapping[str, Any]:
    async with Database(settings.database) as db, db.read() as session:
        found = await campaign(session, name)
        profile = load_profiles()[found.profile]
        return figures_told(await figures(session, found, profile, SystemClock().now(), period=period))


async def _export(
    settings: Settings, wanted: AttemptFilter, target: Path, form: Format, *, numbers: bool, by: str
) -> int:
    async with Database(settings.database) as db:
        await _known(db, wanted.campaign)
        return await export(db, SystemClock(), wanted, target, form, numbers=numbers, by=by)


async def _print(settings: Settings, wanted: AttemptFilter, *, numbers: bool, by: str) -> None:
    async with Database(settings.database) as db:
        await _known(db, wanted.campaign)
        if numbers:
            await note_export(db, SystemClock(), wanted, by=by)
        sys.stdout.write(header())
        async for part in stream(db, wanted):
            sys.stdout.write(lines([row_of(each, numbers=numbers) for each in part]))


async def _known(db: Database, name: str) -> None:
    async with db.read() as session:
        await campaign(session, name)


def _time(option: str, text: str, zone: str) -> datetime | None:
    return read_time(text, zone, option) if text else None
