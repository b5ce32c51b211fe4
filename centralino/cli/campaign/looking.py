"""Looking at campaigns: which there are, one of them, its history, the modes."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from centralino.cli.campaign.desk import Name, settings_here, show
from centralino.cli.campaign.table import print_table
from centralino.settings import Settings
from dialer import campaigns
from dialer.campaigns import MOST, campaign, page, told
from dialer.changes import Change, changes_of
from dialer.models import Campaign
from store import Database
from values import SystemClock

MODES = {
    "preview": "An agent sees the contact first and asks for the call.",
    "progressive": "One call for each free agent.",
    "ratio": "A fixed number of lines for each free agent (`ratio`).",
    "predictive": "As many calls as the law's limit on abandoned ones bears (`max_abandon`).",
    "agentless": "Nobody of ours is needed: an answered call goes through its flow.",
}


def list_campaigns(
    archived: Annotated[bool, typer.Option("--archived", help="Those that were put away.")] = False,
    match: Annotated[str, typer.Option("--match", help="Only with this in the name or title.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON also at a terminal.")] = False,
) -> None:
    """Print campaigns, the most urgent first: a table at a terminal, JSON elsewhere."""
    found = asyncio.run(_list(settings_here(), archived, match))
    if as_json or not sys.stdout.isatty():
        show([told(each) for each in found])
    else:
        print_table(found, SystemClock().now())


def show_campaign(name: Name) -> None:
    """Print one campaign with all its settings as JSON."""
    show(asyncio.run(_one(settings_here(), name)))


def history(
    name: Name,
    limit: Annotated[int, typer.Option(help="How many changes.", min=1, max=MOST)] = 50,
) -> None:
    """Print who changed what of a campaign, the latest first, as JSON."""
    show([change_told(each) for each in asyncio.run(_history(settings_here(), name, limit))])


def modes() -> None:
    """Print how calls and agents can come together."""
    show(MODES)


def change_told(change: Change) -> dict[str, Any]:
    """A change as JSON has it."""
    return {
        "seq": change.seq,
        "at": change.at,
        "by": change.by,
        "field": change.field,
        "before": change.before,
        "after": change.after,
    }


async def _list(settings: Settings, archived: bool, match: str) -> Sequence[Campaign]:
    async with Database(settings.database) as db, db.read() as session:
        if not archived and not match:
            return await campaigns(session)
        found = await page(session, archived=archived, named=match, limit=MOST)
        every = list(found.campaigns)
        while found.cursor:
            found = await page(session, archived=archived, named=match, limit=MOST, cursor=found.cursor)
            every += found.campaigns
        return sorted(every, key=lambda each: (-each.priority, each.name))


async def _one(settings: Settings, name: str) -> dict[str, Any]:
    async with Database(settings.database) as db, db.read() as session:
        return told(await campaign(session, name))


async def _history(settings: Settings, name: str, limit: int) -> Sequence[Change]:
    async with Database(settings.database) as db, db.read() as session:
        await campaign(session, name)  # a name nobody knows is told so
        return await changes_of(session, name, most=limit)
