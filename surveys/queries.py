"""Interviews as they stand, by name: for whoever looks after a survey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.models import Answer, Interview, InterviewState, Survey, SurveyCell
from values import cursor_of, read_cursor


@dataclass(frozen=True, slots=True)
class Interviews:
    """A page of interviews, the latest invited first, with their answers."""

    rows: Sequence[Interview]
    answers: Mapping[str, Sequence[Answer]]
    cursor: str
    """Goes on behind this page; '' on the last."""


async def interviews(
    session: AsyncSession,
    survey: str,
    *,
    state: InterviewState | None = None,
    since: datetime | None = None,
    limit: int = 50,
    cursor: str = "",
) -> Interviews:
    """One survey's. Raises `BadInputError` for a cursor that is none."""
    query = select(Interview).where(Interview.survey == survey)
    if state is not None:
        query = query.where(Interview.state == state)
    if since is not None:
        query = query.where(Interview.invited >= since)
    if cursor:
        at, last = read_cursor(cursor, "that is no cursor of interviews")
        before = or_(Interview.invited < at, (Interview.invited == at) & (Interview.id < last))
        query = query.where(before)
    query = query.order_by(Interview.invited.desc(), Interview.id.desc()).limit(limit + 1)
    found = list(await session.scalars(query))
    rows = found[:limit]
    more = cursor_of(rows[-1].invited, rows[-1].id) if len(found) > limit else ""
    return Interviews(rows, await answers_of(session, [row.id for row in rows]), more)


HELD: Final = (InterviewState.COMPLETE, InterviewState.PARTIAL, InterviewState.REFUSED)
"""States in which somebody was asked. Who is drawn for the call that is on is nobody's to know before."""


async def interviews_of(
    session: AsyncSession, customer_id: str, *, besides: str = "", most: int = 3
) -> Sequence[tuple[Interview, str]]:
    """When a customer was last asked, and the survey's title; `besides` the call that is on."""
    query = (
        select(Interview, Survey.title)
        .join(Survey, Survey.name == Interview.survey)
        .where(Interview.customer_id == customer_id, Interview.state.in_(HELD))
        .order_by(Interview.invited.desc(), Interview.id)
        .limit(most)
    )
    if besides:
        query = query.where(Interview.call_id != besides)
    return [(row[0], row[1] or row[0].survey) for row in await session.execute(query)]


async def interview(session: AsyncSession, id_: str) -> tuple[Interview, Sequence[Answer]] | None:
    """One with its answers; None when there is none of that id."""
    row = await session.get(Interview, id_, populate_existing=True)
    return None if row is None else (row, (await answers_of(session, [id_])).get(id_, ()))


async def answers_of(session: AsyncSession, ids: Sequence[str]) -> Mapping[str, Sequence[Answer]]:
    """Answers by interview, in the order in which they were given."""
    found: dict[str, list[Answer]] = {}
    query = select(Answer).where(Answer.interview.in_(ids)).order_by(Answer.at, Answer.item)
    for answer in await session.scalars(query):
        found.setdefault(answer.interview, []).append(answer)
    return found


async def cells(session: AsyncSession, survey: str, week: str | None = None) -> Sequence[SurveyCell]:
    """How full a survey's cells are, the latest weeks first."""
    query = select(SurveyCell).where(SurveyCell.survey == survey)
    if week is not None:
        query = query.where(SurveyCell.week == week)
    query = query.order_by(SurveyCell.week.desc(), SurveyCell.cell).limit(1000)
    return (await session.scalars(query)).all()


async def counts(session: AsyncSession, survey: Survey) -> Mapping[str, int]:
    """How many interviews of a survey stand in each state."""
    query = select(Interview.state, func.count()).where(Interview.survey == survey.name)
    found = await session.execute(query.group_by(Interview.state))
    return {InterviewState(row[0]).value: row[1] for row in found}
