"""`centralino campaign`: which campaigns there are, and hold or release one."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Annotated

import orjson
import typer

from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from dialer import campaigns, pause
from store import Database

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name, as `list` shows it.")]


@app.command("list")
def show() -> None:
    """Print all campaigns as JSON, the most urgent first."""
    _print(asyncio.run(_list(_settings())))


@app.command("pause")
def hold(name: Name) -> None:
    """Call nobody more for a campaign, from now on and over restarts; calls that are up go on."""
    asyncio.run(_pause(_settings(), name, paused=True))


@app.command()
def resume(name: Name) -> None:
    """Let a paused campaign go on."""
    asyncio.run(_pause(_settings(), name, paused=False))


async def _list(settings: Settings) -> Sequence[dict[str, object]]:
    async with Database(settings.database) as db, db.read() as session:
        return [
            {
                "name": each.name,
                "title": each.title,
                "paused": each.paused,
                "flow": each.flow,
                "purpose": each.purpose.value,
                "priority": each.priority,
                "starts": each.starts,
                "ends": each.ends,
            }
            for each in await campaigns(session)
        ]


async def _pause(settings: Settings, name: str, *, paused: bool) -> None:
    async with Database(settings.database) as db, db.write() as session:
        await pause(session, name, paused=paused)


def _settings() -> Settings:
    settings = own_settings()
    set_up_logging("warning")
    return settings


def _print(answer: object) -> None:
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode() + "\n")
