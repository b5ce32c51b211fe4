"""For how long what is kept about agents, and what they wrote of customers, is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, not_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from agents.drafts import KEPT
from agents.models import Agent, AgentEvent, DeskDraft, TalkOutcome
from customers import Trail
from store.lifetime import MONTH, Rule, rows_of, slices


def rules(now: datetime) -> list[Rule]:
    """What is over by now. An agent goes with the last that they did, once they work here no more."""
    two_years = now - 24 * MONTH
    did_something = select(AgentEvent.seq).where(AgentEvent.agent == Agent.name).exists()
    return [
        Rule(AgentEvent, AgentEvent.at < two_years),
        Rule(DeskDraft, DeskDraft.at < now - KEPT),
        Rule(TalkOutcome, TalkOutcome.at < two_years),
        Rule(Agent, and_(not_(Agent.active), Agent.created < two_years, not_(did_something))),
    ]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """What agents wrote of one customer: rows by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in (DeskDraft, TalkOutcome):
        table = model.__table__
        rows = await rows_of(session, model, table.c.customer_id == trail.customer_id)
        for part in slices(sorted(trail.calls)):
            unknown = and_(table.c.customer_id == "", table.c.call_id.in_(part))
            rows += await rows_of(session, model, unknown)
        found[model.__tablename__] = rows
    return found


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Forget what agents wrote of one customer; that they talked, and what it came to, stays for figures."""
    await session.execute(delete(DeskDraft).where(DeskDraft.customer_id == trail.customer_id))
    blank = update(TalkOutcome).values(customer_id="", notes="", fields={})
    await session.execute(blank.where(TalkOutcome.customer_id == trail.customer_id))
    for part in slices(sorted(trail.calls)):
        theirs = DeskDraft.call_id.in_(part)
        await session.execute(delete(DeskDraft).where(theirs, DeskDraft.customer_id == ""))
        await session.execute(blank.where(TalkOutcome.call_id.in_(part), TalkOutcome.customer_id == ""))
