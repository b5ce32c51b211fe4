"""In which order contacts are called: promised ones first, then by priority, score, and time."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    column,
    literal_column,
    or_,
    select,
    true,
    union_all,
    values,
)
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Turn
from store import Big

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


class _Placed(NamedTuple):
    """A contact where it stands in the order."""

    rank: int
    place: float
    due: datetime
    contact_id: str
    lane: int


async def first_ready(session: AsyncSession, lanes: Sequence[int], most: int) -> list[str]:
    """The first contacts whose turn it is, in order; on PostgreSQL they are locked.

    An index holds each lane in its order. Of several lanes the first `most` of all tell how many each lane
    gives; then each gives its first so many that no other worker is just taking.
    """
    if most < 1:
        return []
    if len(lanes) == 1:
        return list(await session.scalars(_of_lane(lanes[0]).limit(most).with_for_update(skip_locked=True)))
    merged = await _merged(session, lanes, most)
    if session.get_bind().dialect.name == "sqlite":
        return [contact_id for contact_id, _ in merged]
    return await _locked(session, Counter(lane for _, lane in merged))


def _of_lane(lane: int) -> Select[str]:
    query = select(Turn.contact_id).where(Turn.lane == lane, IS_READY)
    return query.order_by(Turn.rank, Turn.place, Turn.due, Turn.contact_id)


async def _merged(session: AsyncSession, lanes: Sequence[int], most: int) -> list[tuple[str, int]]:
    """The first of all lanes, with their lane: each is read only as far as it is needed."""
    found: list[_Placed] = []
    for first in range(0, len(lanes), _ARMS):
        arms = [
            select(Turn.rank, Turn.place, Turn.due, Turn.contact_id, Turn.lane).where(
                Turn.lane == lane, IS_READY
            )
            for lane in lanes[first : first + _ARMS]
        ]
        query = (union_all(*arms) if len(arms) > 1 else arms[0]).order_by(
            "rank", "place", "due", "contact_id"
        )
        found += [_Placed(*row) for row in await session.execute(query.limit(most))]
    return [(each.contact_id, each.lane) for each in sorted(found)[:most]]


async def _locked(session: AsyncSession, wanted: Mapping[int, int]) -> list[str]:
    if not wanted:
        return []
    share = values(column("lane", Big), column("most", Integer), name="share").data(list(wanted.items()))
    turns = (
        select(Turn.contact_id, Turn.rank, Turn.place, Turn.due)
        .where(Turn.lane == share.c.lane, IS_READY)
        .order_by(Turn.rank, Turn.place, Turn.due, Turn.contact_id)
        .limit(share.c.most)
        .with_for_update(skip_locked=True)
        .lateral("turn")
    )
    query = select(turns.c.contact_id, turns.c.rank, turns.c.place, turns.c.due).select_from(
        share.join(turns, true())
    )
    rows = (await session.execute(query)).all()
    return [row.contact_id for row in sorted(rows, key=lambda row: (row.rank, row.place, row.due))]


async def first_promised(
    session: AsyncSession, lanes: Sequence[int], most: int, agents: Collection[str], now: datetime
) -> dict[str, str]:
    """The longest due of those promised a call-back, each with the agent it is for ('' for anybody's)."""
    chosen: dict[str, str] = {}
    if most < 1:
        return chosen
    anybody = or_(Turn.agent == "", Turn.due <= now - PATIENCE)
    for each in await session.scalars(_promised(lanes, anybody).limit(most)):
        chosen[each] = ""
    if agents and len(chosen) < most:
        theirs: dict[str, str] = {}
        query = _promised(lanes, Turn.agent.in_(agents), Turn.due > now - PATIENCE).add_columns(Turn.agent)
        for contact_id, agent in await session.execute(query.limit(_OFFERED)):
            theirs.setdefault(agent, contact_id)  # one at a time for each
        chosen |= {contact_id: agent for agent, contact_id in list(theirs.items())[: most - len(chosen)]}
    return chosen


def _promised(lanes: Sequence[int], *which: ColumnElement[bool]) -> Select[str]:
    query = select(Turn.contact_id).where(Turn.lane.in_(lanes), IS_PROMISED, *which)
    return query.order_by(Turn.due, Turn.contact_id).with_for_update(skip_locked=True)


async def first_waking(session: AsyncSession, lanes: Sequence[int], most: int, now: datetime) -> list[str]:
    """Waiting contacts whose time has come, the longest first, and of these the highest in rank."""
    query = (
        select(Turn.contact_id)
        .where(Turn.lane.in_(lanes), IS_WAITING, Turn.wake <= now)
        .order_by(Turn.wake, Turn.rank, Turn.place)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(query))
