"""The scripts of the house: what is in force, what is being written, who reads it, and how it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from agents.queues import queues
from dialer.campaigns import campaigns
from ivr import FlowLibrary, FlowStore
from ivr.language import Flow, FlowError, load_flow
from ivr.language.model import FlowKind, PageStep, Stage
from ivr.scripts.models import ScriptRun
from ivr.scripts.view import stages_of
from store import Database

SPAN: Final = timedelta(days=30)
"""How far back counts go."""
SHORT: Final = 8
"""Digits of a version that are shown."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One script in the list."""

    name: str
    title: str
    pages: int
    stages: Sequence[Stage]
    draft: bool
    used_by: Sequence[str]
    """Campaigns and queues whose agents read it."""
    talks: int
    version: str = ""
    """'' for one that was never published."""
    published: datetime | None = None
    by: str = ""


async def script_lines(
    db: Database, store: FlowStore, library: FlowLibrary, now: datetime
) -> list[ScriptLine]:
    """All of them, by name; also those that are only drafts."""
    async with db.read() as session:
        readers = await read_in(session)
        talks = await _talks(session, now - SPAN)
    drafts = await store.drafts()
    flows = {name: library.flow(name) for name in library.scripts()}
    for name in drafts:
        drafted = None if name in flows else _script(await store.draft(name), name)
        if drafted is not None:
            flows[name] = drafted
    found = []
    for name, flow in sorted(flows.items()):
        latest = next(iter(await store.history(name)), None)
        found.append(
            ScriptLine(
                name=name,
                title=flow.title,
                pages=sum(isinstance(step, PageStep) for step in flow.steps.values()),
                stages=stages_of(flow),
                draft=name in drafts,
                used_by=readers.get(name, ()),
                talks=talks.get(name, 0),
                version=latest.version[:SHORT] if latest else "",
                published=latest.at if latest else None,
                by=latest.by if latest else "",
            )
        )
    return found


async def read_in(session: AsyncSession) -> Mapping[str, Sequence[str]]:
    """The titles of campaigns and queues by the script that their agents read."""
    found: dict[str, list[str]] = {}
    for campaign in await campaigns(session):
        if campaign.script:
            found.setdefault(campaign.script, []).append(campaign.title)
    for queue in (await queues(session)).values():
        if queue.script:
            found.setdefault(queue.script, []).append(queue.title)
    return found


async def _talks(session: AsyncSession, since: datetime) -> dict[str, int]:
    query = select(ScriptRun.script, func.count().label("talks")).where(ScriptRun.started >= since)
    rows = await session.execute(query.group_by(ScriptRun.script))
    return {row.script: row.talks for row in rows}


def _script(text: str, name: str) -> Flow | None:
    """A draft, when it can be read and is a script."""
    try:
        flow = load_flow(text, file=name).flow
    except FlowError:
        # its form is wrong, which is what drafts are for; a call's draft is not shown among scripts
        return None
    return flow if flow.kind is FlowKind.SCRIPT else None
