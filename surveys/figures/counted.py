"""Answers counted in the database: how often each value was given, by period, row and question."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.figures.columns import narrowed, path_columns, period_column
from surveys.figures.questions import Question
from surveys.figures.results import Cells, Results, results_of
from surveys.figures.tallied import from_tallies, suits, tallied_weeks
from surveys.figures.tallies import NOBODY, Count, Tally
from surveys.models import Answer, Interview, InterviewState


async def results(session: AsyncSession, asked: Question) -> Results:
    """The table of figures that is asked for. Complete interviews count, nothing else does."""
    return results_of(asked, await counted(session, asked))


async def counted(session: AsyncSession, asked: Question) -> Cells:
    """The answers of complete interviews, by period, row, area and item.

    With an area asked for, all areas are counted: what may be shown of one depends on the others. Weeks that
    were counted beforehand are added up from their tallies.
    """
    items = sorted({indicator.definition.item for indicator in asked.indicators})
    weeks = await tallied_weeks(session, asked) if suits(asked) else []
    rows = await from_tallies(session, asked, weeks, items) if weeks else []
    found: dict[tuple[str, tuple[str, ...], str, str], dict[int, Count]] = defaultdict(dict)
    for row in [*rows, *await _from_answers(session, asked, weeks, items)]:
        period, *rest, item, value, n, weight, squares = row
        area = rest.pop() if asked.area else ""
        here = found[period, tuple(rest), area, item]
        here[value] = here.get(value, NOBODY) + Count(int(n), float(weight), float(squares))
    return {key: Tally(values) for key, values in found.items()}


async def _from_answers(
    session: AsyncSession, asked: Question, besides: Collection[str], items: Sequence[str]
) -> Sequence[Sequence[Any]]:
    """The same rows as from tallies, of all weeks but some."""
    keys: list[Any] = [period_column(asked, Interview.finished), *path_columns(asked)]
    if asked.area:
        keys.append(Interview.area)
    query = (
        select(
            *keys,
            Answer.item,
            Answer.value,
            func.count(),
            func.sum(Interview.weight),
            func.sum(Interview.weight * Interview.weight),
        )
        .join(Answer, Answer.interview == Interview.id)
        .where(Interview.state == InterviewState.COMPLETE)
        .where(Answer.value.is_not(None), Answer.item.in_(items))
        .group_by(*keys, Answer.item, Answer.value)
    )
    query = narrowed(query, asked, Interview.finished, area=False)
    if besides:
        query = query.where(Interview.week.not_in(besides))
    return [list(row) for row in await session.execute(query)]
