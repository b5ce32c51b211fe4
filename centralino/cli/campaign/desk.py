"""What the commands about campaigns share: settings, the house, who asks, how answers are shown."""

import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated

import orjson
import typer

from centralino.rooms import Rooms
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from dialer.campaigns import House
from values import SystemClock

Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name, as `list` shows it.")]
By = Annotated[str, typer.Option("--by", help="Who changes it, for the history; your account if left out.")]
Given = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="A setting; as often as you like."),
]


def settings_here() -> Settings:
    """The settings of this place; logs are kept to warnings."""
    settings = own_settings()
    set_up_logging("warning")
    return settings


def who(by: str) -> str:
    """Who is asking: as told, or the account."""
    if by:
        return by
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return "somebody"


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[tuple[Rooms, House]]:
    """Open rooms, and what a campaign's settings are checked against."""
    async with Rooms.open(settings, SystemClock()) as rooms:
        await rooms.library.refresh()
        yield rooms, House(rooms.gate, rooms.library.names, rooms.library.scripts)


def show(answer: object) -> None:
    """Print an answer as JSON."""
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode() + "\n")
