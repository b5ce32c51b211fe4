"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them.

Interviews that nobody ended are ended here as well: a core that died in one, an invitation nobody came to.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import surveys.sampling.lifetime
from customers import Trail
from store.lifetime import MONTH, Rule, apply, rows_of, slices
from surveys.items import COMMENT
from surveys.models import Answer, Interview, InterviewState, SurveyCell

LONGEST_CALL = timedelta(hours=6)
LONGEST_WAIT = timedelta(days=60)
_NOBODY = {"customer_id": "", "contact_id": "", "call_id": "", "about": ""}


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    named = or_(*(getattr(Interview, column) != "" for column in _NOBODY))
    words = and_(Answer.item == COMMENT, Answer.text != "", Answer.at < now - 12 * MONTH)
    begun = and_(Interview.state == InterviewState.STARTED, Interview.started < now - LONGEST_CALL)
    waiting = and_(Interview.state == InterviewState.INVITED, Interview.invited < now - LONGEST_WAIT)
    return [
        Rule(Interview, and_(Interview.invited < now - 24 * MONTH, named), _NOBODY),
        Rule(Interview, begun, {"state": InterviewState.PARTIAL, "finished": now}),
        Rule(Interview, waiting, {"state": InterviewState.NO_CONTACT, "finished": now}),
        Rule(Answer, words, {"text": ""}),
        Rule(SurveyCell, SurveyCell.since < now - 36 * MONTH),
        *surveys.sampling.lifetime.rules(now),
    ]


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete or blank what has been kept for as long as its table says."""
    await apply(session, rules(now))


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything this room keeps about one customer: rows by table."""
    interviews = await rows_of(session, Interview, _theirs(trail))
    answers: list[dict[str, Any]] = []
    for part in slices([row["id"] for row in interviews]):
        answers += await rows_of(session, Answer, Answer.interview.in_(part))
    return {"survey_interviews": interviews, "survey_answers": answers}


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Blank who was asked, and their own words; the marks stay, as nobody's."""
    ids = list(await session.scalars(select(Interview.id).where(_theirs(trail))))
    for part in slices(ids):
        await session.execute(
            update(Answer).where(Answer.interview.in_(part), Answer.value.is_(None)).values(text="")
        )
        await session.execute(update(Interview).where(Interview.id.in_(part)).values(_NOBODY))


def _theirs(trail: Trail) -> ColumnElement[bool]:
    return Interview.customer_id == trail.customer_id
