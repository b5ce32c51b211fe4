"""Cells with a limit: how many complete interviews each may have, counted as they end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from store import insert_missing
from store.lifetime import slices
from surveys.items import counted_week, week_of
from surveys.models import Interview, InterviewState, Occasion, Survey, SurveyCell

TARGETS = "targets"
"""In a survey's plan: how many complete ones each cell may have, a week; in a poll altogether."""


def limits_of(plan: Mapping[str, Any]) -> Mapping[str, int]:
    """How many complete ones each cell may have, as a survey's plan says.

    Plans are checked before they are kept. One from before that was as strict may have numbers written as
    text, which are read; what is no number at all limits nothing, and stops nobody else's survey.
    """
    given = plan.get(TARGETS)
    if not isinstance(given, Mapping):
        return {}
    found = {str(cell): _whole(target) for cell, target in given.items()}
    return {cell: target for cell, target in found.items() if target is not None}


class CellKey(NamedTuple):
    """Which cell of which survey in which week."""

    survey: str
    cell: str
    week: str


class Cells:
    """The cells of surveys, in one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def full(self, interviews: Sequence[Interview]) -> frozenset[str]:
        """Which of these interviews are for cells that have all they may have."""
        surveys = await self._surveys(interviews)
        keys = {row.id: _key(surveys[row.survey], row) for row in interviews}
        limits = {key: limits_of(surveys[key.survey].plan).get(key.cell) for key in keys.values()}
        full = await self.filled(limits)
        return frozenset(each for each, key in keys.items() if key in full)

    async def filled(self, planned: Mapping[CellKey, int | None]) -> frozenset[CellKey]:
        """Which of these cells have all they may have: their plan's, until the first is counted."""
        standing = await self.standing(list(planned))
        return frozenset(
            key
            for key, plan in planned.items()
            for target, done in [standing.get(key, (plan, 0))]
            if target is not None and done >= target
        )

    async def count(self, interviews: Sequence[Interview], now: datetime) -> frozenset[str]:
        """Count these as complete, each in its cell as long as there is room. Gives those that were."""
        surveys = await self._surveys(interviews)
        keys = {row.id: _key(surveys[row.survey], row) for row in interviews}
        rows = [
            {
                **key._asdict(),
                "target": limits_of(surveys[key.survey].plan).get(key.cell),
                "done": 0,
                "since": now,
            }
            for key in sorted(set(keys.values()))
        ]
        await insert_missing(self._session, SurveyCell, rows)
        counted = set()
        for each, key in sorted(keys.items(), key=lambda pair: (pair[1], pair[0])):
            room = or_(SurveyCell.target.is_(None), SurveyCell.done < SurveyCell.target)
            one_more = (
                update(SurveyCell)
                .where(SurveyCell.survey == key.survey, SurveyCell.cell == key.cell)
                .where(SurveyCell.week == key.week, room)
                .values(done=SurveyCell.done + 1)
                .returning(SurveyCell.done)
            )
            if (await self._session.execute(one_more)).first() is not None:
                counted.add(each)
        return frozenset(counted)

    async def standing(self, keys: Sequence[CellKey]) -> dict[CellKey, tuple[int | None, int]]:
        """Target and complete ones of cells that have any."""
        columns = (SurveyCell.survey, SurveyCell.cell, SurveyCell.week, SurveyCell.target, SurveyCell.done)
        found = await self._session.execute(select(*columns).where(tuple_(*columns[:3]).in_(keys)))
        return {CellKey(row.survey, row.cell, row.week): (row.target, row.done) for row in found}

    async def of_week(self, survey: str, week: str) -> dict[str, int | None]:
        """The targets of a survey's cells in a week; under '' a poll's."""
        query = select(SurveyCell.cell, SurveyCell.target)
        found = await self._session.execute(query.where(SurveyCell.survey == survey, SurveyCell.week == week))
        return {row.cell: row.target for row in found}

    async def limit(self, survey: str, week: str, targets: Mapping[str, int | None], now: datetime) -> None:
        """Set how many complete ones cells may have in a week; what was counted stays."""
        rows = [
            {"survey": survey, "cell": cell, "week": week, "target": target, "done": 0, "since": now}
            for cell, target in sorted(
                targets.items(), key=lambda each: each[0]
            )  # all lock them in this order
        ]
        await insert_missing(self._session, SurveyCell, rows)
        for cell, target in sorted(targets.items(), key=lambda each: each[0]):
            of_cell = update(SurveyCell).where(SurveyCell.survey == survey, SurveyCell.cell == cell)
            await self._session.execute(of_cell.where(SurveyCell.week == week).values(target=target))

    async def replan(self, survey: str, week: str, targets: Mapping[str, int]) -> None:
        """Give the cells of a week that somebody was counted in what a changed plan says."""
        for cell in sorted(await self.of_week(survey, week)):  # all lock them in this order
            of_cell = update(SurveyCell).where(SurveyCell.survey == survey, SurveyCell.cell == cell)
            of_cell = of_cell.where(SurveyCell.week == week)
            await self._session.execute(of_cell.values(target=targets.get(cell)))

    async def _surveys(self, interviews: Sequence[Interview]) -> dict[str, Survey]:
        names = {row.survey for row in interviews}
        found = await self._session.scalars(select(Survey).where(Survey.name.in_(names)))
        return {survey.name: survey for survey in found}


class Waiting(NamedTuple):
    """Interviews that wait to be rung, while their cell has all that it may have."""

    weekly: bool
    """It has them for this week; else for good."""
    interviews: Sequence[str]


async def waiting_in_full_cells(
    session: AsyncSession, cells: Sequence[tuple[str, str]], now: datetime
) -> Sequence[Waiting]:
    """Who waits to be rung in those of these cells (survey and cell) that are full: this week's, a poll's."""
    full = and_(
        SurveyCell.survey == Interview.survey,
        SurveyCell.cell == Interview.stratum,
        SurveyCell.week.in_(("", week_of(now))),
        SurveyCell.done >= SurveyCell.target,
    )
    found: dict[bool, list[str]] = {}
    for part in slices(cells):
        query = select(Interview.id, SurveyCell.week).join(SurveyCell, full)
        query = query.where(tuple_(Interview.survey, Interview.stratum).in_(part))
        query = query.where(Interview.state == InterviewState.INVITED, Interview.contact_id != "")
        for row in await session.execute(query):
            found.setdefault(row.week != "", []).append(row.id)
    return [Waiting(weekly, ids) for weekly, ids in found.items()]


def _key(survey: Survey, interview: Interview) -> CellKey:
    week = counted_week(Occasion(survey.occasion), interview.week)
    return CellKey(survey.name, interview.stratum, week)


def _whole(target: object) -> int | None:
    """A limit as it stands in a plan; None where it is none."""
    if isinstance(target, bool) or not isinstance(target, int | float | str):
        return None
    try:
        return int(target)
    except (ValueError, OverflowError):
        return None
