"""`centralino survey poll`: plan, start, results."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.campaign.desk import By, settings_here, show, who
from centralino.cli.survey.desk import Name, read
from centralino.rooms import Rooms
from surveys.polls import ITEM, RegionOutlook, RegionResult
from surveys.starting import Started
from users import note_deed
from values import SystemClock

HIDDEN: Final = "–"
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def plan(name: Name) -> None:
    """Print what the poll takes in each of its places: how many answers, how many to invite."""

    async def found(rooms: Rooms, session: AsyncSession, now: datetime) -> Any:
        return await rooms.opinion.polls.outlook(session, name, now)

    outlook: list[RegionOutlook] = read(found)
    table = Table("place", "customers", "may be asked", "complete", "invite", "at best ±", box=None)
    for each in outlook:
        table.add_row(
            each.region,
            str(each.customers),
            str(each.may_be_asked),
            str(each.size.complete),
            f"{each.size.invite}{'' if each.may_be_asked >= each.size.invite else ' (too few)'}",
            f"{100 * each.reach:.1f} points",
        )
    Console().print(table)


@app.command()
def start(name: Name, by: By = "") -> None:
    """Draw whom to ask and have them rung; started again, it invites those who are still missing."""
    made = asyncio.run(_started(name, who(by)))
    show({"invited": dict(made.invited), "resting": made.resting, "seed": made.seed})


@app.command()
def results(name: Name, item: Annotated[str, typer.Option(help="The question: yes or no.")] = ITEM) -> None:
    """Print what they say in each place, with the interval of 95 %; not where fewer than 30 say yes or no."""

    async def found(rooms: Rooms, session: AsyncSession, now: datetime) -> Any:  # noqa: ARG001
        return await rooms.opinion.polls.results(session, name, item)

    said: list[RegionResult] = read(found)
    table = Table("place", "invited", "complete", "broken off", "refused", "yes", "no", "share", box=None)
    for each in said:
        few = (HIDDEN, HIDDEN, "too few answers")
        answers = few if each.few else (str(each.yes), str(each.no), _share(each))
        numbers = (each.invited, each.complete, each.partial, each.refused)
        table.add_row(each.region, *map(str, numbers), *answers)
    Console().print(table)


def _share(found: RegionResult) -> str:
    return f"{100 * (found.share or 0):.1f} % ({100 * found.low:.1f}-{100 * found.high:.1f})"


async def _started(name: str, by: str) -> Started:
    async with Rooms.open(settings_here(), SystemClock()) as rooms:
        await rooms.library.refresh()
        now = rooms.db.clock.now()

        async def note(session: AsyncSession) -> None:
            await note_deed(session, at=now, by=by, did="survey.poll_started", subject=name)

        return await rooms.opinion.starting.start(name, now, note)
