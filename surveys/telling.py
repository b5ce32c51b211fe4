"""What others hear of interviews: that one is over, and that somebody is not content."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store import Event, emit
from store.lifetime import slices
from surveys.items import DETRACTOR as LOW
from surveys.items import RECOMMEND
from surveys.models import Answer, Interview

FINISHED = "surveys.finished"
"""Payload: interview, survey, state, customer_id, call_id, about, agent, team, site, partner, area, cell
(for which it counts), answers (the numbers by item; no words of the customer's)."""
DETRACTOR = "surveys.detractor"
"""Payload: interview, survey, customer_id, score, area, agent, about, call_id. Also of one that was broken
off: whoever is not content and hangs up wants to be called all the more."""


async def tell(session: AsyncSession, ended: Sequence[Interview], now: datetime) -> None:
    """Tell of interviews that were answered: once for each end."""
    answers: dict[str, dict[str, int]] = {}
    for part in slices([row.id for row in ended]):
        query = select(Answer.interview, Answer.item, Answer.value)
        for found in await session.execute(
            query.where(Answer.interview.in_(part), Answer.value.is_not(None))
        ):
            answers.setdefault(found.interview, {})[found.item] = found.value
    events = []
    for row in ended:
        said = answers.get(row.id, {})
        events.append(_finished(row, said, now))
        score = said.get(RECOMMEND)
        if score is not None and score <= LOW:
            events.append(_detractor(row, score, now))
    await emit(session, events)


def _finished(row: Interview, answers: dict[str, int], now: datetime) -> Event:
    payload: dict[str, object] = {
        "interview": row.id,
        "survey": row.survey,
        "state": row.state.value,
        "customer_id": row.customer_id,
        "call_id": row.call_id,
        "about": row.about,
        "agent": row.agent,
        "team": row.team,
        "site": row.site,
        "partner": row.partner,
        "area": row.area,
        "cell": row.stratum,
        "answers": answers,
    }
    return Event(kind=FINISHED, at=now, key=row.customer_id or row.id, payload=payload)


def _detractor(row: Interview, score: int, now: datetime) -> Event:
    payload: dict[str, object] = {
        "interview": row.id,
        "survey": row.survey,
        "customer_id": row.customer_id,
        "score": score,
        "area": row.area,
        "agent": row.agent,
        "about": row.about,
        "call_id": row.call_id,
    }
    return Event(kind=DETRACTOR, at=now, key=row.customer_id or row.id, payload=payload)
