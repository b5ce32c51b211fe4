"""Drawing whom to ask, and keeping how it was done."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.models import Survey
from surveys.sampling.allocation import shared
from surveys.sampling.chance import Candidate, Drawn, by_stratum, digest, drawn
from surveys.sampling.models import SurveyDraw
from surveys.sampling.plan import sampling_plan
from surveys.sampling.quarantine import may_ask
from values import BadInputError, new_id


@dataclass(frozen=True, slots=True)
class Draw:
    """What came of a draw."""

    id: str
    seed: str
    frame: int
    resting: int
    people: Sequence[Drawn]
    strata: Mapping[str, Mapping[str, Any]]


async def draw(
    session: AsyncSession,
    survey: str,
    frame: Sequence[Candidate],
    now: datetime,
    *,
    wanted: int | Mapping[str, int] | None = None,
    least: int = 0,
    seed: str = "",
) -> Draw:
    """Draw from a frame, at random within its strata, leaving out who has been asked too lately.

    `wanted` is how many to invite, shared in proportion to the strata's sizes with at least `least` of each,
    or how many of each; without it the survey's plan says. `seed` in place of the plan's, a new one if
    neither has one. The caller's transaction keeps the draw; inviting is the caller's. Raises
    `BadInputError` for an unknown survey.
    """
    row = await session.scalar(select(Survey).where(Survey.name == survey))
    if row is None:
        raise BadInputError(f"there is no survey {survey[:80]!r}", field="survey")
    plan = sampling_plan(row.plan)
    people = {each.customer_id for each in frame}
    allowed = await may_ask(session, people, now, timedelta(days=plan.quarantine_days))
    strata = by_stratum(each for each in frame if each.customer_id in allowed)
    sizes = {name: len(inside) for name, inside in strata.items()}
    parts = wanted if isinstance(wanted, Mapping) else shared(_many(wanted, plan.size.invite), sizes, least)
    seed = seed or plan.seed or secrets.token_hex(8)
    chosen = drawn(strata, parts, seed)
    told = _told(sizes, chosen)
    made = SurveyDraw(
        id=new_id(),
        survey=survey,
        at=now,
        seed=seed,
        frame=len(people),
        resting=len(people) - len(allowed),
        digest=digest(strata),
        wanted=sum(parts.values()),
        drawn=len(chosen),
        strata=told,
    )
    session.add(made)
    await session.flush()
    return Draw(made.id, seed, made.frame, made.resting, chosen, told)


def _many(wanted: int | None, planned: int) -> int:
    return planned if wanted is None else wanted


def _told(sizes: Mapping[str, int], chosen: Sequence[Drawn]) -> Mapping[str, Mapping[str, Any]]:
    """Of each stratum: its size, how many were drawn, what each weighs."""
    told: dict[str, dict[str, Any]] = {
        name: {"size": size, "drawn": 0, "weight": None} for name, size in sorted(sizes.items())
    }
    for each in chosen:
        told[each.stratum]["drawn"] += 1
        told[each.stratum]["weight"] = each.weight
    return told
