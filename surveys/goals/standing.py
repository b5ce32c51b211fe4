"""How far goals are reached: one row for each agent, team, site or partner and each of their goals."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from surveys.figures.counted import counted
from surveys.figures.estimates import Estimate
from surveys.figures.periods import By
from surveys.figures.questions import EVERYTHING, Dimension, Question, Scope
from surveys.figures.results import Figure, Shown, pooled
from surveys.goals.plan import Goal, Goals


class Verdict(StrEnum):
    """Whether a goal is reached, as surely as the answers tell."""

    REACHED = "reached"
    """The whole interval lies at or above the target."""
    LIKELY = "likely"
    """The value does, the interval does not."""
    UNLIKELY = "unlikely"
    """The value lies below, the interval reaches the target."""
    MISSED = "missed"
    """The whole interval lies below."""
    HIDDEN = "hidden"
    """There are too few answers, or showing it would give others away."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One goal of one of them; shares from 0 to 1."""

    whose: str
    partner: str
    site: str
    team: str
    agent: str
    indicator: str
    weight: float
    target: float
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    """Answers; None of those that are not shown."""
    verdict: Verdict


COLUMNS = tuple(field.name for field in fields(Standing))
"""In the order of a file."""


async def standings(session: AsyncSession, goals: Goals, scope: Scope = EVERYTHING) -> Sequence[Standing]:
    """Everybody's standing, over all months together, by goal and name. `scope` is what the asker may see."""
    found: list[Standing] = []
    for goal in goals.goals:
        asked = Question(
            by=By.MONTH,
            since=goals.since,
            until=goals.until,
            dimension=goal.whose,
            surveys=frozenset(goals.surveys),
            scope=scope,
            indicators=(goal.indicator,),
            least=goals.least,
        )
        cells = await counted(session, asked)
        table, _ = await asyncio.to_thread(pooled, asked, cells)  # a year by agents' names takes seconds
        for row in table.rows:
            if not goal.only or row.name in goal.only:
                where = dict(zip(asked.path, row.path, strict=True))
                found.append(_standing(goal, where, row.name, row.figures[goal.indicator]))
    return found


def verdict(found: Estimate | None, target: float) -> Verdict:
    """How surely a target is reached."""
    if found is None:
        return Verdict.HIDDEN
    if found.value >= target:
        return Verdict.REACHED if found.low >= target else Verdict.LIKELY
    return Verdict.UNLIKELY if found.high >= target else Verdict.MISSED


def _standing(goal: Goal, where: Mapping[str, str], name: str, figure: Figure) -> Standing:
    target, found = goal.target_of(name), figure.estimate
    return Standing(
        whose=goal.whose.value,
        partner=where.get(Dimension.PARTNER, ""),
        site=where.get(Dimension.SITE, ""),
        team=where.get(Dimension.TEAM, ""),
        agent=where.get(Dimension.AGENT, ""),
        indicator=goal.indicator.value,
        weight=goal.weight,
        target=target,
        value=found.value if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        n=None if figure.shown in {Shown.FEW, Shown.GUARD} else figure.n,
        verdict=verdict(found, target),
    )
