"""Weeks that are over, counted beforehand: a year's table adds up thousands of rows, not millions of answers.

A week counts from its tallies only as long as they agree with its interviews (how many, and their weights,
by survey, site and area); else its answers are counted as if there were no tallies. So figures never depend
on whether the `Bookkeeper` has been there: only their speed does.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from math import isclose
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.figures.periods import By, begins, ends, last_periods, may_be_asked, period_of
from surveys.figures.questions import Question
from surveys.figures.tallies import Count
from surveys.models import Answer, AnswerTally, Interview, InterviewState
from values import HOUSE_ZONE

COLUMNS: Final = ("survey", "partner", "site", "area")
"""What tallies are told apart by, besides week, month, item and value."""
FEWEST: Final = 5
"""Weeks from which on it pays to look for tallies."""
_SAME: Final = 1e-9
"""Sums of weights are the same when they differ by this part at most: order of adding aside."""

Sums = dict[tuple[str, ...], Count]
"""How many interviews, by survey, partner, site and area."""


def suits(asked: Question) -> bool:
    """Whether a question can be answered from tallies: nothing finer than sites, and the house's months."""
    known = {*COLUMNS}
    finer = asked.scope.team is not None or asked.scope.agent is not None
    weeks = len(asked.periods) * (1 if asked.by is By.WEEK else 4)
    return (
        set(asked.path) <= known
        and not finer
        and weeks >= FEWEST
        and (asked.by is By.WEEK or asked.zone == HOUSE_ZONE)
    )


async def tallied_weeks(session: AsyncSession, asked: Question) -> Sequence[str]:
    """The weeks of a question whose tallies agree with the interviews there are."""
    since, until = _weeks_of(asked)
    tallied = await _tallied(session, since, until)
    if not tallied:
        return []
    there = await _there(session, since, until)
    return sorted(week for week in tallied if _agree(tallied[week], there.get(week, {})))


async def stale_weeks(session: AsyncSession, since: str, until: str) -> Sequence[str]:
    """The weeks, both included, whose tallies are missing or do not agree any more; the latest first."""
    tallied, there = await _tallied(session, since, until), await _there(session, since, until)
    weeks = tallied | there
    stale = (week for week in weeks if not _agree(tallied.get(week, {}), there.get(week, {})))
    return sorted(stale, reverse=True)


async def from_tallies(
    session: AsyncSession, asked: Question, weeks: Collection[str], items: Sequence[str]
) -> Sequence[Sequence[Any]]:
    """Rows of period, row, area where one is asked for, item, value, n and sums of weights."""
    period = AnswerTally.week if asked.by is By.WEEK else AnswerTally.month
    keys: list[Any] = [period, *(getattr(AnswerTally, name) for name in asked.path)]
    if asked.area:
        keys.append(AnswerTally.area)
    query = (
        select(
            *keys,
            AnswerTally.item,
            AnswerTally.value,
            func.sum(AnswerTally.n),
            func.sum(AnswerTally.weight),
            func.sum(AnswerTally.squares),
        )
        .where(AnswerTally.week.in_(sorted(weeks)), AnswerTally.item.in_(items))
        .where(period >= asked.since, period <= asked.until)
        .group_by(*keys, AnswerTally.item, AnswerTally.value)
    )
    if asked.surveys:
        query = query.where(AnswerTally.survey.in_(sorted(asked.surveys)))
    for name in ("partner", "site"):
        wanted = getattr(asked.scope, name)
        if wanted is not None:
            query = query.where(getattr(AnswerTally, name) == wanted)
    return [list(row) for row in await session.execute(query)]


async def tallies_of(session: AsyncSession, week: str) -> Sequence[Mapping[str, Any]]:
    """A week's tallies as rows to be kept; under month '' those that ended in none that can be asked for."""
    complete = (Interview.week == week, Interview.state == InterviewState.COMPLETE)
    moment = Interview.finished
    month = case(
        *(
            (and_(moment >= begins(each, By.MONTH), moment < ends(each, By.MONTH)), literal(each))
            for each in await _months(session, week, *complete)
        ),
        else_=literal(""),
    ).label("month")
    keys: list[Any] = [month, *(getattr(Interview, name) for name in COLUMNS)]
    sums = (func.count(), func.sum(Interview.weight), func.sum(Interview.weight * Interview.weight))
    whole = select(*keys, literal(""), literal(0, Integer), *sums).where(*complete).group_by(*keys)
    given = (
        select(*keys, Answer.item, Answer.value, *sums)
        .join(Answer, Answer.interview == Interview.id)
        .where(*complete, Answer.value.is_not(None))
        .group_by(*keys, Answer.item, Answer.value)
    )
    names = ("month", *COLUMNS, "item", "value", "n", "weight", "squares")
    return [
        {"week": week, **dict(zip(names, row, strict=True))}
        for query in (whole, given)
        for row in await session.execute(query)
    ]


async def _tallied(session: AsyncSession, since: str, until: str) -> dict[str, Sums]:
    names = [getattr(AnswerTally, name) for name in COLUMNS]
    query = (
        select(
            AnswerTally.week,
            *names,
            func.sum(AnswerTally.n),
            func.sum(AnswerTally.weight),
            func.sum(AnswerTally.squares),
        )
        .where(AnswerTally.item == "", AnswerTally.week >= since, AnswerTally.week <= until)
        .group_by(AnswerTally.week, *names)
    )
    return _by_week(await session.execute(query))


async def _there(session: AsyncSession, since: str, until: str) -> dict[str, Sums]:
    names: list[ColumnElement[Any]] = [getattr(Interview, name) for name in COLUMNS]
    query = (
        select(
            Interview.week,
            *names,
            func.count(),
            func.sum(Interview.weight),
            func.sum(Interview.weight * Interview.weight),
        )
        .where(Interview.state == InterviewState.COMPLETE, Interview.week >= since, Interview.week <= until)
        .group_by(Interview.week, *names)
    )
    return _by_week(await session.execute(query))


def _by_week(rows: Any) -> dict[str, Sums]:
    found: dict[str, Sums] = defaultdict(dict)
    for week, *key, n, weight, squares in rows:
        found[week][tuple(key)] = Count(int(n), float(weight), float(squares))
    return dict(found)


def _agree(one: Sums, other: Sums) -> bool:
    """Whether these are the same interviews, as far as can be told."""
    return one.keys() == other.keys() and all(
        count.n == other[key].n
        and isclose(count.weight, other[key].weight, rel_tol=_SAME)
        and isclose(count.squares, other[key].squares, rel_tol=_SAME)
        for key, count in one.items()
    )


def _weeks_of(asked: Question) -> tuple[str, str]:
    """The first and the last week that may hold interviews of a question."""
    if asked.by is By.WEEK:
        return asked.since, asked.until
    first, last = begins(asked.since, By.MONTH), ends(asked.until, By.MONTH)
    # an interview may end some weeks after the one that it counts for
    return last_periods(12, By.WEEK, first)[0], last_periods(1, By.WEEK, last)[0]


async def _months(session: AsyncSession, week: str, *complete: ColumnElement[bool]) -> Sequence[str]:
    """The months in which interviews of a week have ended: those near it, and of strays whichever it was."""
    near = last_periods(4, By.MONTH, ends(week, By.WEEK) + timedelta(days=31))
    moment = Interview.finished
    stray = or_(moment < begins(near[0], By.MONTH), moment >= ends(near[-1], By.MONTH))
    strays = await session.scalars(select(moment).where(*complete, stray).distinct())
    months = {period_of(at, By.MONTH) for at in strays if at and may_be_asked(at)}
    return [*near, *sorted(months)]
