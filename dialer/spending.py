"""What calls have cost today: the hours that are counted, and what is under way by its expected price."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Candidate, Gate
from dialer.models import Attempt, Tally

COST = "cost"
"""The tally's word: its count is minor units of the currency."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent since the present day of budgets began, in minor units."""

    by_campaign: Mapping[str, int] = field(default_factory=dict)
    house: int = 0


async def spent(session: AsyncSession, gate: Gate, candidates: Sequence[Candidate], now: datetime) -> Spent:
    """What the candidates' campaigns and the house have spent; nothing is asked where nobody has a limit.

    An attempt under way has its expected price as its `cost`; one that is over is in the tally `COST` of the
    hour it was committed in.
    """
    limited = {each.campaign for each in candidates if each.spend_limit is not None}
    if not limited and gate.house.day_limit is None:
        return Spent()
    day = gate.budget_day(now).astimezone(UTC).replace(minute=0)
    counted = select(Tally.campaign, func.sum(Tally.count)).where(Tally.what == COST, Tally.hour >= day)
    if gate.house.day_limit is None:
        counted = counted.where(Tally.campaign.in_(limited))
    sums: Counter[str] = Counter()
    for campaign, cost in await session.execute(counted.group_by(Tally.campaign)):
        sums[campaign] += int(cost)
    # one by one: asked for sums, SQLite would go through all attempts of a campaign instead of the open ones
    under_way = select(Attempt.campaign, Attempt.cost).where(text("state <> 'done'"))
    for campaign, cost in await session.execute(under_way):
        sums[campaign] += cost
    return Spent(sums, sum(sums.values()))
