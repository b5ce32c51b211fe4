"""Answers counted in the database: how often each value was given, by period, row and question."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.figures.columns import narrowed, path_columns, period_column
from surveys.figures.questions import Question
from surveys.figures.results import Cells, Results, results_of
from surveys.figures.tallies import Count, Tally
from surveys.models import Answer, Interview, InterviewState


async def results(session: AsyncSession, asked: Question) -> Results:
    """The table of figures that is asked for. Complete interviews count, nothing else does."""
    return results_of(asked, await counted(session, asked))


async def counted(session: AsyncSession, asked: Question) -> Cells:
    """The answers of complete interviews, by period, row, area and item.

    With an area asked for, all areas are counted: what may be shown of one depends on the others.
    """
    keys: list[Any] = [period_column(asked, Interview.finished), *path_columns(asked)]
    if asked.area:
        keys.append(Interview.area)
    items = sorted({indicator.definition.item for indicator in asked.indicators})
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
    found: dict[tuple[str, tuple[str, ...], str, str], dict[int, Count]] = defaultdict(dict)
    for row in await session.execute(narrowed(query, asked, Interview.finished, area=False)):
        period, *rest, item, value, n, weight, squares = row
        area = rest.pop() if asked.area else ""
        found[period, tuple(rest), area, item][value] = Count(n, float(weight), float(squares))
    return {key: Tally(values) for key, values in found.items()}
