"""`centralino customer`: show all that is kept about one customer, or erase it."""

import asyncio
import getpass
import os
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
import typer

from centralino.lifetime import PersonalData
from centralino.places import Places
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from store import Database

UNSURE = 2
"""How `erase` ends without `--yes`."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Who = Annotated[str, typer.Argument(metavar="ID|NUMBER", help="The customer's id, or a number of theirs.")]


@app.command()
def show(who: Who) -> None:
    """Print as JSON all that is kept about a customer, by table. The audit keeps that you asked."""
    by, settings = _asking()
    _print(asyncio.run(_show(settings, who, by)))


@app.command()
def erase(
    who: Who,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without it you are told how much there is.")
    ] = False,
) -> None:
    """Erase a customer everywhere. It cannot be undone; the audit keeps that you did.

    Ends with 2 without --yes, 1 while the customer is on the line.
    """
    by, settings = _asking()
    _print(asyncio.run(_erase(settings, who, by, sure=yes)))
    if not yes:
        sys.stderr.write("centralino: nothing was erased; add --yes to erase all this for good\n")
        raise typer.Exit(UNSURE)


async def _show(settings: Settings, who: str, by: str) -> Mapping[str, Any]:
    async with Database(settings.database) as db:
        data = _data(settings, db)
        return await data.show(await data.find(who), by=by)


async def _erase(settings: Settings, who: str, by: str, *, sure: bool) -> Mapping[str, Any]:
    async with Database(settings.database) as db:
        data = _data(settings, db)
        customer_id = await data.find(who)
        if not sure:
            rows = {table: len(found) for table, found in (await data.look(customer_id)).items()}
            return {"customer": customer_id, "erased": False, "rows": rows}
        done = await data.erase(customer_id, by=by)
        return {
            "customer": customer_id,
            "erased": True,
            "rows": done.rows,
            "recordings_removed": done.files,
            "recordings_under_legal_hold": done.held,
        }


def _data(settings: Settings, db: Database) -> PersonalData:
    return PersonalData(db, Places(settings.home.resolve()).recordings, country=settings.country)


def _asking() -> tuple[str, Settings]:
    """The account of whoever asks, told on to the program that goes on without root's rights."""
    by = os.environ.setdefault("SUDO_USER", getpass.getuser())
    settings = own_settings()
    set_up_logging("warning")
    return by, settings


def _print(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2, default=str).decode() + "\n")
