"""Holding campaigns: pause and go on at once, put away and take out again."""

import asyncio

from centralino.cli.campaign.desk import By, Name, settings_here, who
from centralino.settings import Settings
from dialer import pause
from dialer.campaigns import archive
from store import Database
from values import SystemClock


def hold(name: Name, by: By = "") -> None:
    """Call nobody more for a campaign, from now on and over restarts; calls that are up go on."""
    asyncio.run(_pause(settings_here(), name, paused=True, by=who(by)))


def resume(name: Name, by: By = "") -> None:
    """Let a paused campaign go on."""
    asyncio.run(_pause(settings_here(), name, paused=False, by=who(by)))


def put_away(name: Name, by: By = "") -> None:
    """Put a campaign away: it calls nobody, and its figures stay."""
    asyncio.run(_archive(settings_here(), name, archived=True, by=who(by)))


def take_out(name: Name, by: By = "") -> None:
    """Take a campaign out again that was put away."""
    asyncio.run(_archive(settings_here(), name, archived=False, by=who(by)))


async def _pause(settings: Settings, name: str, *, paused: bool, by: str) -> None:
    async with Database(settings.database) as db, db.write() as session:
        await pause(session, name, paused=paused, by=by, at=SystemClock().now())


async def _archive(settings: Settings, name: str, *, archived: bool, by: str) -> None:
    async with Database(settings.database) as db, db.write() as session:
        await archive(session, name, archived=archived, by=by, at=SystemClock().now())
