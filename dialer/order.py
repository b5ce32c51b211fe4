"""In which order contacts are called: promised ones first, then by priority, score, and time."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Turn

PATIENCE = timedelta(minutes=15)
"""How long a call-back promised to one agent waits for that agent; then anybody may make it."""

# said in the statement itself, because an index that holds only such rows is not used for a value handed in
IS_READY = Turn.stage == literal_column("'ready'")
IS_PROMISED = Turn.stage == literal_column("'promised'")
IS_WAITING = Turn.stage == literal_column("'waiting'")

_ARMS = 100
"""How many lanes are merged in one statement."""
_OFFERED = 500
"""At how many promises to free agents is looked."""


async def first_ready(session: AsyncSession, lanes: Sequence[int], most: int) -> list[str]:
    """The first contacts whose turn it is, in order. Not locked: for a database with one writer."""
    order = (Turn.rank, Turn.place, Turn.due, Turn.contact_id)
    arms = [select(*order).where(Turn.lane == lane, IS_READY).order_by(*order).limit(most) for lane in lanes]
    return [contact_id for *_, contact_id in await _merged(session, arms, most)]


async def first_waking(session: AsyncSession, lanes: Sequence[int], most: int, now: datetime) -> list[str]:
    """Waiting contacts whose time has come, the longest first, and of these the highest in rank."""
    order = (Turn.wake, Turn.rank, Turn.place)
    waking = select(*order, Turn.contact_id).where(IS_WAITING, Turn.wake <= now).order_by(*order).limit(most)
    arms = [waking.where(Turn.lane == lane) for lane in lanes]
    return [contact_id for *_, contact_id in await _merged(session, arms, most)]


async def _merged(
    session: AsyncSession, arms: Sequence[Select[*tuple[Any, ...]]], most: int
) -> list[tuple[Any, ...]]:
    """The first of several ordered statements' rows: each is read only as far as it is needed."""
    found: list[tuple[Any, ...]] = []
    for first in range(0, len(arms), _ARMS):
        parts = [select(arm.subquery()) for arm in arms[first : first + _ARMS]]
        found += [tuple(row) for row in await session.execute(union_all(*parts))]
    return sorted(found)[:most]


async def first_promised(
    session: AsyncSession, lanes: Sequence[int], most: int, agents: Collection[str], now: datetime
) -> dict[str, str]:
    """The longest due of those promised a call-back, each with the agent it is for ('' for anybody's)."""
    anybody = or_(Turn.agent == "", Turn.due <= now - PATIENCE)
    chosen = dict.fromkeys(await session.scalars(_promised(lanes, anybody).limit(most)), "")
    if agents and len(chosen) < most:
        theirs: dict[str, str] = {}
        query = _promised(lanes, Turn.agent.in_(agents), Turn.due > now - PATIENCE).add_columns(Turn.agent)
        for contact_id, agent in await session.execute(query.limit(_OFFERED)):
            theirs.setdefault(agent, contact_id)  # one at a time for each
        chosen |= {contact_id: agent for agent, contact_id in list(theirs.items())[: most - len(chosen)]}
    return chosen


def _promised(lanes: Sequence[int], *which: ColumnElement[bool]) -> Select[str]:
    query = select(Turn.contact_id).where(Turn.lane.in_(lanes), IS_PROMISED, *which)
    return query.order_by(Turn.due, Turn.contact_id).with_for_update(skip_locked=True)  # SQLite leaves it out
