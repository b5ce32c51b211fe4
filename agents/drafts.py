"""What an agent has typed of a talk and not yet said: kept as it grows, gone when it is said."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from agents.models import DeskDraft
from store import upsert

KEPT: Final = timedelta(days=2)
"""Who has not said what a talk came to by then does not say it any more."""


async def save_draft(
    session: AsyncSession,
    agent: str,
    call: str,
    typed: Mapping[str, Any],
    now: datetime,
    *,
    customer: str = "",
) -> None:
    """Keep what is typed so far, instead of what was before. `customer`: who it is about, '' unknown."""
    row = {"agent": agent, "call_id": call, "typed": dict(typed), "at": now, "customer_id": customer}
    await upsert(session, DeskDraft, [row], key=["agent", "call_id"])


async def draft_of(session: AsyncSession, agent: str, call: str) -> Mapping[str, Any] | None:
    """What was typed of a talk; None when nothing was."""
    found: Mapping[str, Any] | None = await session.scalar(
        select(DeskDraft.typed).where(DeskDraft.agent == agent, DeskDraft.call_id == call)
    )
    return found


async def drop_draft(session: AsyncSession, agent: str, call: str) -> None:
    """It has been said."""
    await session.execute(delete(DeskDraft).where(DeskDraft.agent == agent, DeskDraft.call_id == call))
