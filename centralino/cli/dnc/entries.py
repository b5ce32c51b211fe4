"""`centralino dnc add|remove|show|exclude`: single numbers."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from centralino.cli.dnc.words import numbers_of, print_json, settings_of_command, source_of_command
from centralino.settings import Settings
from dialer.campaigns import campaign
from dialer.do_not_call import allow_calls, entries_of, exclude, forbid_calls, include
from dialer.gate import Suppression
from dialer.registers import registers
from store import Database
from values import PhoneNumber, SystemClock

Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER...", help="As people write them or in E.164.")]
For = Annotated[Suppression, typer.Option("--for", help="What they are not called for.")]
Source = Annotated[str, typer.Option(help="Who said so; the account at the terminal if left out.")]


def add(numbers: Numbers, what: For = Suppression.ALL, source: Source = "") -> None:
    """Call numbers no more for something, from now on."""
    settings = settings_of_command()
    wanted = numbers_of(numbers, settings.country)
    asyncio.run(_add(settings, wanted, what, source_of_command(source)))
    print_json({"numbers": len(wanted), "for": what.value})


def remove(numbers: Numbers, what: For = Suppression.ALL) -> None:
    """Withdraw entries; what a public register says stands."""
    settings = settings_of_command()
    asyncio.run(_remove(settings, numbers_of(numbers, settings.country), what))


def show(
    number: Annotated[
        str | None, typer.Argument(help="Whose entries; the registers that are read in if left out.")
    ] = None,
) -> None:
    """Print a number's entries, or which registers are read in and how old they are, as JSON."""
    settings = settings_of_command()
    if number is None:
        print_json(asyncio.run(_registers(settings)))
        return
    print_json(asyncio.run(_entries(settings, numbers_of([number], settings.country)[0])))


def leave_out(
    numbers: Numbers,
    name: Annotated[str, typer.Option("--campaign", help="Which campaign leaves them out.")],
    undo: Annotated[bool, typer.Option("--undo", help="Leave them out no longer.")] = False,
    source: Source = "",
) -> None:
    """Leave numbers out of one campaign."""
    settings = settings_of_command()
    wanted = numbers_of(numbers, settings.country)
    asyncio.run(_leave_out(settings, name, wanted, source_of_command(source), undo=undo))


async def _add(settings: Settings, numbers: list[PhoneNumber], what: Suppression, source: str) -> None:
    async with Database(settings.database) as db, db.write() as session:
        await forbid_calls(session, numbers, what, source=source, at=SystemClock().now())


async def _remove(settings: Settings, numbers: list[PhoneNumber], what: Suppression) -> None:
    async with Database(settings.database) as db, db.write() as session:
        for number in numbers:
            await allow_calls(session, number, what)


async def _leave_out(
    settings: Settings, name: str, numbers: list[PhoneNumber], source: str, *, undo: bool
) -> None:
    async with Database(settings.database) as db, db.write() as session:
        found = await campaign(session, name)
        if undo:
            await include(session, found.name, numbers)
        else:
            await exclude(session, found.name, numbers, source=source, at=SystemClock().now())


async def _entries(settings: Settings, number: PhoneNumber) -> Mapping[str, Any]:
    async with Database(settings.database) as db, db.read() as session:
        found = await entries_of(session, number)
    return {
        "number": number,
        "entries": [
            {"for": each.purpose.value, "source": each.source, "at": each.at} for each in found.entries
        ],
        "registers": list(found.registers),
        "campaigns": [
            {"campaign": each.campaign, "source": each.source, "at": each.at} for each in found.exclusions
        ],
    }


async def _registers(settings: Settings) -> list[Mapping[str, Any]]:
    async with Database(settings.database) as db, db.read() as session:
        return [
            {
                "register": each.name,
                "dated": each.dated,
                "loaded": each.loaded,
                "numbers": each.numbers,
                "file": each.file,
            }
            for each in await registers(session)
        ]
