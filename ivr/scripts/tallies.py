"""What reports ask of scripts: how often each page was seen, and where talks break off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ivr.scripts.models import ScriptAnswer, ScriptRun, ScriptVisit


@dataclass(frozen=True, slots=True)
class PageTally:
    """One page of a script in a span of time."""

    page: str
    stage: str
    visits: int
    """How often it was left, by whatever way."""
    objections: int
    given_up: int
    """How often the agent broke the talk off here."""
    left_open: int
    """How many talks ended with this page open."""
    seconds: float
    """How long it was open on average."""

    @property
    def broken_off(self) -> int:
        """How many talks got no further."""
        return self.given_up + self.left_open


@dataclass(frozen=True, slots=True)
class EndTally:
    """How often a script came to one of its ends; '' for none."""

    outcome: str
    goal: bool
    runs: int


async def tally_pages(
    session: AsyncSession, script: str, since: datetime, until: datetime
) -> list[PageTally]:
    """The pages of a script in `since` ≤ time < `until`, the most visited first."""
    visits = await session.execute(
        select(
            ScriptVisit.page,
            func.max(ScriptVisit.stage),
            func.count(),
            func.sum(_as_number(ScriptVisit.how == "objection")),
            func.sum(_as_number(ScriptVisit.how == "give_up")),
            func.avg(ScriptVisit.seconds),
        )
        .where(ScriptVisit.script == script, ScriptVisit.at >= since, ScriptVisit.at < until)
        .group_by(ScriptVisit.page)
    )
    open_pages = await session.execute(
        select(ScriptRun.page, func.max(ScriptRun.stage), func.count())
        .where(
            ScriptRun.script == script,
            ScriptRun.started >= since,
            ScriptRun.started < until,
            ScriptRun.ended.is_(None),
        )
        .group_by(ScriptRun.page)
    )
    left = {page: (stage, count) for page, stage, count in open_pages}
    found = [
        PageTally(page, stage, count, objections, given_up, left.pop(page, ("", 0))[1], seconds)
        for page, stage, count, objections, given_up, seconds in visits
    ]
    found += [PageTally(page, stage, 0, 0, 0, count, 0.0) for page, (stage, count) in left.items()]
    return sorted(found, key=lambda one: (-one.visits - one.left_open, one.page))


async def tally_ends(session: AsyncSession, script: str, since: datetime, until: datetime) -> list[EndTally]:
    """How the runs that began in a span of time ended, the most frequent first."""
    rows = await session.execute(
        select(ScriptRun.outcome, ScriptRun.goal, func.count())
        .where(ScriptRun.script == script, ScriptRun.started >= since, ScriptRun.started < until)
        .group_by(ScriptRun.outcome, ScriptRun.goal)
    )
    return sorted((EndTally(*row) for row in rows), key=lambda one: (-one.runs, one.outcome))


async def answers_of(session: AsyncSession, run_id: str) -> Sequence[ScriptAnswer]:
    """What was filled in or set in a run, by name."""
    query = select(ScriptAnswer).where(ScriptAnswer.run_id == run_id).order_by(ScriptAnswer.name)
    return (await session.scalars(query)).all()


def _as_number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
