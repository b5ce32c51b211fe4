"""How exact the figures of a period are, and how many more answers it takes to know them to ±2 points."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from reports import Language
from reports.printed import Shape, say
from surveys.figures import Dimension, Dispositions, Indicator, Results, Tally, Unit
from surveys.figures.counted import counted
from surveys.sampling import more_needed
from web.opinion.asking import SHOWN

POINTS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Further:
    """One indicator."""

    indicator: Indicator
    n: str
    reach: str
    """`±7.7`."""
    more: str
    """How many more answers; '' when it is exact enough."""
    invite: str
    """How many more to invite for them."""


async def further(
    session: AsyncSession, found: Results, at: str, asked: Dispositions, language: Language
) -> Sequence[Further]:
    """Of the period's indicators in points or per cent, in their order; hidden ones are left out."""
    total = next(row for row in found.totals if row.period == at)
    alone = replace(found.asked, since=at, until=at, dimension=Dimension.ALL)
    cells = await counted(session, alone)
    told = []
    for each in SHOWN:
        if total.figures[each].estimate is None or each.definition.unit is Unit.MARK:
            continue
        mine = [
            tally
            for (_, _, area, item), tally in cells.items()
            if item == each.definition.item and area == alone.area
        ]
        more = more_needed(each, Tally.together(mine), margin=POINTS, response=asked.response or 1.0)
        told.append(
            Further(
                each,
                say(more.n, Shape.COUNT, language),
                f"±{say(more.reach, Shape.NUMBER, language)}",
                say(more.more, Shape.COUNT, language) if more.more else "",
                say(more.invite, Shape.COUNT, language) if more.more else "",
            )
        )
    return told
