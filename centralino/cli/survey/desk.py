"""What the commands about surveys share: the room, a session, how a survey is shown."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.campaign.desk import settings_here
from centralino.rooms import Rooms
from surveys.models import Survey
from users import note_deed
from values import SystemClock

Name = Annotated[str, typer.Argument(metavar="NAME", help="The survey's name, as `list` shows it.")]
Deed = Callable[[Rooms, AsyncSession, datetime], Awaitable[Any]]


def read(deed: Deed) -> Any:
    """Look something up in the rooms of this place."""
    return asyncio.run(_read(deed))


def write(deed: Deed, by: str, did: str, subject: str) -> Any:
    """Change something, and write down who did."""
    return asyncio.run(_write(deed, by, did, subject))


def told(row: Survey) -> dict[str, Any]:
    """A survey as JSON."""
    names = ("name", "title", "questionnaire", "occasion", "area", "active", "plan", "created")
    return {name: getattr(row, name) for name in names}


async def _read(deed: Deed) -> Any:
    async with Rooms.open(settings_here(), SystemClock()) as rooms:
        await rooms.library.refresh()
        async with rooms.db.read() as session:
            return await deed(rooms, session, rooms.db.clock.now())


async def _write(deed: Deed, by: str, did: str, subject: str) -> Any:
    async with Rooms.open(settings_here(), SystemClock()) as rooms:
        await rooms.library.refresh()
        now = rooms.db.clock.now()
        async with rooms.db.write() as session:
            found = await deed(rooms, session, now)
            await note_deed(session, at=now, by=by, did=did, subject=subject)
        return found
