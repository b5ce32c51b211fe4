"""`centralino trunk`: what each way to the public network bears, changed while calls go on."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from centralino.cli.campaign.desk import By, settings_here, show, who
from centralino.settings import Settings
from dialer.models import TrunkRow
from dialer.trunks import set_trunk, trunk_rows, trunk_told
from store import Database
from values import SystemClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command("list")
def list_trunks() -> None:
    """Print the trunks as JSON, in the order in which they are tried."""
    show([trunk_told(each) for each in asyncio.run(_list(settings_here()))])


@app.command("set")
def change(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The trunk's name, as `list` shows it.")],
    lines: Annotated[int | None, typer.Option(help="How many calls at once.")] = None,
    calls_per_second: Annotated[float | None, typer.Option(help="How many may start in a second.")] = None,
    order: Annotated[int | None, typer.Option(help="Lower goes first.")] = None,
    enabled: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Whether calls may start.")
    ] = None,
    refusals: Annotated[int | None, typer.Option(help="Refusals in a row until it rests.")] = None,
    rest_seconds: Annotated[float | None, typer.Option(help="For how long the first time.")] = None,
    by: By = "",
) -> None:
    """Change what a trunk bears; the dial loop goes by it within two seconds. Prints the trunk."""
    given = {
        "lines": lines,
        "calls_per_second": calls_per_second,
        "order": order,
        "enabled": enabled,
        "refusals": refusals,
        "rest_seconds": rest_seconds,
    }
    wanted = {field: value for field, value in given.items() if value is not None}
    show(trunk_told(asyncio.run(_set(settings_here(), name, wanted, who(by)))))


async def _list(settings: Settings) -> Sequence[TrunkRow]:
    async with Database(settings.database) as db, db.read() as session:
        return await trunk_rows(session)


async def _set(settings: Settings, name: str, wanted: Mapping[str, Any], by: str) -> TrunkRow:
    async with Database(settings.database) as db, db.write() as session:
        return await set_trunk(session, name, wanted, by=by, at=SystemClock().now())
