"""Interviews as stories need them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.figures.periods import By, period_of
from surveys.models import Answer, Interview, InterviewState, Mode, Occasion, Survey

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""In the week 2026-W48."""
_numbers = count(1)


async def survey(session: AsyncSession, name: str = "care", **plan: Any) -> None:
    session.add(
        Survey(
            name=name, title=name.title(), questionnaire="surveys.four_items", occasion=Occasion.AFTER_CALL,
            area="", active=True, plan=plan, created=MONDAY,
        )
    )  # fmt: skip
    await session.flush()


async def ask(
    session: AsyncSession,
    times: int = 1,
    answers: Mapping[str, int | None] | None = None,
    *,
    state: InterviewState = InterviewState.COMPLETE,
    at: datetime = MONDAY,
    **words: Any,
) -> None:
    """So many interviews that went alike."""
    interviews, given = [], []
    for _ in range(times):
        number = f"i{next(_numbers)}"
        row = {
            "survey": "care", "version": "1", "mode": Mode.IVR, "state": state, "customer_id": f"c-{number}",
            "contact_id": "", "call_id": "", "about": "", "agent": "", "team": "", "site": "", "partner": "",
            "area": "voice", "region": "", "stratum": "", "weight": 1.0, "language": "it",
            "week": period_of(at, By.WEEK), "invited": at - timedelta(minutes=5), "started": at,
            "finished": None if state in {InterviewState.INVITED, InterviewState.STARTED} else at,
            "last_item": "",
        }  # fmt: skip
        interviews.append({**row, **words, "id": number})
        given += [
            {"interview": number, "item": item, "at": at, "value": value, "text": ""}
            for item, value in (answers or {}).items()
        ]
    await session.execute(insert(Interview), interviews)
    if given:
        await session.execute(insert(Answer), given)
