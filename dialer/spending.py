"""What calls have cost today: the hours that are counted, and what is under way by its expected price."""

from collections.abc import Sequence
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

    by_campaign: dict[str, int] = field(default_factory=dict)
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
    under_way = select(Attempt.campaign, func.sum(Attempt.cost)).where(text("state <> 'done'"))
    if gate.house.day_limit is None:
        counted = counted.where(Tally.campaign.in_(limited))
        under_way = under_way.where(Attempt.campaign.in_(limited))
    sums: dict[str, int] = {}
    for query in (counted.group_by(Tally.campaign), under_way.group_by(Attempt.campaign)):
        for campaign, cost in await session.execute(query):
            sums[campaign] = sums.get(campaign, 0) + int(cost or 0)
    return Spent(sums, sum(sums.values()))
