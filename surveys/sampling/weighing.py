"""Weights for what came back: a stratum drawn thinly, or that answers seldom, counts for its size."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.models import Interview, InterviewState
from surveys.sampling.models import SurveyDraw
from values import BadInputError


@dataclass(frozen=True, slots=True)
class Weighed:
    """One stratum of a survey that was drawn."""

    stratum: str
    size: int
    """How many could be drawn, at most."""
    complete: int
    weight: float | None
    """Its size ÷ those complete; None where nobody is: the other strata do not stand for it."""


async def weigh(session: AsyncSession, survey: str) -> Sequence[Weighed]:
    """Give every complete interview of a drawn survey the weight of its stratum: size ÷ complete.

    That corrects for how thinly a stratum was drawn and for who did not answer, at once: within a stratum
    those who answered stand for those who did not. All draws count as one, as later ones ask those who are
    still missing. Done again it takes in who has answered since. Raises `BadInputError` when nobody was
    drawn.
    """
    sizes: dict[str, int] = {}
    for strata in await session.scalars(select(SurveyDraw.strata).where(SurveyDraw.survey == survey)):
        for stratum, told in strata.items():
            sizes[stratum] = max(sizes.get(stratum, 0), told["size"])
    if not sizes:
        raise BadInputError(
            f"nobody was drawn for {survey[:80]!r}: there is nothing to weigh", field="survey"
        )
    which = (Interview.survey == survey, Interview.state == InterviewState.COMPLETE)
    counted = select(Interview.stratum, func.count()).where(*which).group_by(Interview.stratum)
    complete = {row[0]: row[1] for row in await session.execute(counted)}
    found: list[Weighed] = []
    for stratum, size in sorted(sizes.items()):
        n = complete.get(stratum, 0)
        weight = size / n if n else None
        if weight is not None:
            of_it = update(Interview).where(*which, Interview.stratum == stratum)
            await session.execute(of_it.values(weight=weight))
        found.append(Weighed(stratum, size, n, weight))
    return found
