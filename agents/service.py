"""Who works here: agents added, changed, listed. Every function takes the caller's session."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from agents.cards import AgentCard, Place
from agents.models import Agent, AgentEvent
from store import upsert


async def put_agents(
    session: AsyncSession, cards: Sequence[AgentCard], *, now: datetime, unsaid: Collection[Place] = ()
) -> None:
    """Add agents, or change those who are known by these names; what is `unsaid` stays as it is for those."""
    names = [card.name for card in cards]
    columns = (Agent.name, Agent.created, Agent.team, Agent.site, Agent.partner)
    known = {row.name: row for row in await session.execute(select(*columns).where(Agent.name.in_(names)))}
    rows = [
        {
            "name": card.name,
            "title": card.title or card.name,
            "endpoint": card.endpoint,
            "skills": sorted(card.skills),
            "node": card.node,
            "active": card.active,
            "created": known[card.name].created if card.name in known else now,
            "team": card.team,
            "site": card.site,
            "partner": card.partner,
            **{place: getattr(known[card.name], place) for place in unsaid if card.name in known},
        }
        for card in cards
    ]
    await upsert(session, Agent, rows, key=["name"])


async def agent_cards(
    session: AsyncSession, names: Collection[str] | None = None, *, node: str = "", inactive: bool = False
) -> list[AgentCard]:
    """Agents by name: these or all; with `node` those who may sit there; with `inactive` also who left."""
    wanted = select(Agent).order_by(Agent.name)
    if names is not None:
        wanted = wanted.where(Agent.name.in_(names))
    if node:
        wanted = wanted.where(Agent.node.in_(["", node]))
    if not inactive:
        wanted = wanted.where(Agent.active)
    return [_card(row) for row in await session.scalars(wanted)]


async def note_events(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write down what agents did; `rows` have the columns of `AgentEvent`."""
    if rows:
        session.add_all([AgentEvent(**row) for row in rows])
        await session.flush()


async def last_events(session: AsyncSession, names: Collection[str]) -> list[AgentEvent]:
    """What each agent did last, for those who ever did anything."""
    found = []
    for name in names:  # each by its index; one query for all would read two years of events
        latest = (
            select(AgentEvent)
            .where(AgentEvent.agent == name)
            .order_by(AgentEvent.at.desc(), AgentEvent.seq.desc())
            .limit(1)
        )
        if row := await session.scalar(latest):
            found.append(row)
    return found


def _card(row: Agent) -> AgentCard:
    return AgentCard(
        row.name,
        row.endpoint,
        row.title,
        frozenset(row.skills),
        row.node,
        row.active,
        team=row.team,
        site=row.site,
        partner=row.partner,
    )
