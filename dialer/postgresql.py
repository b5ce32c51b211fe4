"""The two statements of a claim that PostgreSQL's workers wait for, each in one go.

What is chosen is found again by its place in the table (`ctid`), which no misjudged plan can make slow: a row
that somebody else has changed since is not ready any more, and is not chosen.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Integer, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Turn
from store import Big, UtcDateTime

_LANES = bindparam("lanes", type_=ARRAY(Big))
_MOST = bindparam(
    "most", type_=Integer, literal_execute=True
)  # as a number in the statement, the planner can count on it

_WAKE = text("""
UPDATE turns SET stage = CASE WHEN promised THEN 'promised' ELSE 'ready' END, owner = ''
WHERE ctid = ANY (ARRAY(
    SELECT waking.spot FROM unnest(:lanes) AS lanes (id) CROSS JOIN LATERAL (
        SELECT ctid AS spot FROM turns WHERE lane = lanes.id AND stage = 'waiting' AND wake <= :now
        ORDER BY wake, rank, place LIMIT :most FOR UPDATE SKIP LOCKED
    ) AS waking
))
""").bindparams(_LANES, _MOST, bindparam("now", type_=UtcDateTime()))

# A lease need not be on the disk to hold: an attempt committed after it takes it there, and when a crash
# loses it, whoever commits first still finds the only turn. `take_up` ends the hurry.
#
# The first of all lanes tell how many each lane gives; then each gives its first so many that are not locked
_LEASE = text("""
WITH hurry AS (
    SELECT set_config('synchronous_commit', 'off', true)
), first AS (
    SELECT ready.lane FROM unnest(:lanes) AS lanes (id) CROSS JOIN LATERAL (
        SELECT lane, rank, place, due, contact_id FROM turns WHERE lane = lanes.id AND stage = 'ready'
        ORDER BY rank, place, due, contact_id LIMIT :most
    ) AS ready ORDER BY rank, place, due, contact_id LIMIT :most
), shares AS (
    SELECT lane, count(*) AS most FROM first GROUP BY lane
)
UPDATE turns SET stage = 'waiting', wake = :until, owner = :worker, fence = fence + 1
WHERE ctid = ANY (ARRAY(
    SELECT chosen.spot FROM hurry, shares CROSS JOIN LATERAL (
        SELECT ctid AS spot FROM turns WHERE lane = shares.lane AND stage = 'ready'
        ORDER BY rank, place, due, contact_id LIMIT shares.most FOR UPDATE SKIP LOCKED
    ) AS chosen
))
RETURNING rank, place, due, contact_id, fence, expires
""").bindparams(_LANES, _MOST, bindparam("until", type_=UtcDateTime()))


# when others are just taking the first ones, what is left of any lane; no more are locked than are taken
_LEASE_LEFT = text("""
UPDATE turns SET stage = 'waiting', wake = :until, owner = :worker, fence = fence + 1
WHERE ctid = ANY (ARRAY(
    SELECT chosen.spot FROM unnest(:lanes) AS lanes (id) CROSS JOIN LATERAL (
        SELECT ctid AS spot FROM turns WHERE lane = lanes.id AND stage = 'ready'
        ORDER BY rank, place, due, contact_id LIMIT :most FOR UPDATE SKIP LOCKED
    ) AS chosen LIMIT :most
))
RETURNING rank, place, due, contact_id, fence, expires
""").bindparams(_LANES, _MOST, bindparam("until", type_=UtcDateTime()))
_CALM = text("SELECT set_config('synchronous_commit', 'on', true)")


class Leased(NamedTuple):
    """A turn that was just leased, by its order."""

    rank: int
    place: float
    due: datetime
    contact_id: str
    fence: int
    expires: datetime | None

    def fresh(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires is None or self.expires > now


async def be_sure(session: AsyncSession) -> None:
    """What this transaction commits is on the disk before anybody is told, even if it has claimed before."""
    await session.execute(_CALM)


async def wake(session: AsyncSession, lanes: Sequence[int], most: int, now: datetime) -> None:
    """Make ready whose time has come, of each lane at most so many in one go."""
    await session.execute(_WAKE, {"lanes": list(lanes), "most": most, "now": now})


async def lease_ready(
    session: AsyncSession, lanes: Sequence[int], most: int, worker: str, until: datetime
) -> list[Leased]:
    """Lease the first contacts whose turn it is; gives them in order."""
    values = {"lanes": list(lanes), "most": most, "until": until, "worker": worker}
    found = await _leased(session, _LEASE, values)
    if len(found) < most and len(lanes) > 1:
        found += await _leased(session, _LEASE_LEFT, values | {"most": most - len(found)})
    return sorted(found, key=lambda each: each[:4])


async def _leased(session: AsyncSession, statement: TextClause, values: Mapping[str, Any]) -> list[Leased]:
    typed = statement.columns(Turn.rank, Turn.place, Turn.due, Turn.contact_id, Turn.fence, Turn.expires)
    return [Leased(*row) for row in await session.execute(typed, values)]
