"""Drawing whom to ask, and keeping how it was done."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from surveys.sampling.chance import Candidate, Drawn, by_stratum, digest, first_of, ranked
from surveys.sampling.models import SurveyDraw
from values import new_id


@dataclass(frozen=True, slots=True)
class Draw:
    """What came of a draw."""

    id: str
    seed: str
    frame: int
    resting: int
    people: Sequence[Drawn]
    strata: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Pool:
    """A frame that was looked through: who may be drawn of it, each stratum in the order of chance."""

    survey: str
    seed: str
    frame: int
    resting: int
    digest: str
    strata: Mapping[str, Sequence[str]]


def pool(survey: str, frame: Sequence[Candidate], allowed: Collection[str], seed: str = "") -> Pool:
    """Of this frame those who may be asked; without a seed it takes a new one.

    Pure, apart from a new seed, and of a million people some seconds' work: no database is held for it.
    """
    seed = seed or secrets.token_hex(8)
    people = {each.customer_id for each in frame}
    strata = by_stratum(each for each in frame if each.customer_id in allowed)
    resting = len(people) - len(people.intersection(allowed))
    return Pool(survey, seed, len(people), resting, digest(strata), ranked(strata, seed))


async def keep(session: AsyncSession, made_of: Pool, wanted: Mapping[str, int], now: datetime) -> Draw:
    """Draw so many of each stratum, and write down how."""
    chosen = first_of(made_of.strata, wanted)
    told = _told({name: len(inside) for name, inside in made_of.strata.items()}, chosen)
    row = SurveyDraw(
        id=new_id(),
        survey=made_of.survey,
        at=now,
        seed=made_of.seed,
        frame=made_of.frame,
        resting=made_of.resting,
        digest=made_of.digest,
        wanted=sum(wanted.values()),
        drawn=len(chosen),
        strata=told,
    )
    session.add(row)
    await session.flush()
    return Draw(row.id, row.seed, row.frame, row.resting, chosen, told)


def _told(sizes: Mapping[str, int], chosen: Sequence[Drawn]) -> Mapping[str, Mapping[str, Any]]:
    """Of each stratum: its size, how many were drawn, what each weighs."""
    told: dict[str, dict[str, Any]] = {
        name: {"size": size, "drawn": 0, "weight": None} for name, size in sorted(sizes.items())
    }
    for each in chosen:
        told[each.stratum]["drawn"] += 1
        told[each.stratum]["weight"] = each.weight
    return told
