"""What else is under way for a customer, and when they were last asked what they think."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from proactive.appointments import Appointment
from proactive.appointments.looking import to_come
from proactive.assurance import Policy
from proactive.outages.causes import Causes
from proactive.outages.looking import touching
from surveys.models import Answer, Interview
from surveys.queries import answers_of, interviews_of


async def besides_of(
    session: AsyncSession,
    customer_id: str,
    now: datetime,
    language: str,
    policy: Policy,
    *,
    call: str = "",
    marks: bool,
) -> Mapping[str, Any]:
    """Outages that touch them, as callers hear of them; visits to come, and the last interviews.

    `call`: the one that is on, of which no interview is told. `marks`: whether who looks may know by name
    how an interview went and what was answered; else they learn when it was, and no more.
    """
    outages = await touching(session, customer_id, now, policy)
    causes = Causes.load() if outages else None
    held = await interviews_of(session, customer_id, besides=call)
    answers = await answers_of(session, [row.id for row, _ in held]) if marks and held else {}
    return {
        "outages": [
            {
                "cause": causes.words(each.cause, language) if causes else "",
                "area": each.area,
                "since": each.opened,
                "expected": each.expected_end,
            }
            for each in outages
        ],
        "visits": [_visit(each) for each in await to_come(session, customer_id, now)],
        "interviews": [_interview(row, title, answers.get(row.id, ()), went=marks) for row, title in held],
    }


def _visit(visit: Appointment) -> Mapping[str, Any]:
    return {
        "id": visit.id,
        "kind": visit.kind,
        "state": visit.state.value,
        "begins": visit.begins,
        "ends": visit.ends,
        "until": visit.until,
    }


def _interview(row: Interview, title: str, answers: Sequence[Answer], *, went: bool) -> Mapping[str, Any]:
    return {
        "title": title,
        "state": row.state.value if went else "",
        "at": row.finished or row.started or row.invited,
        "marks": [(each.item, each.value) for each in answers if each.value is not None],
    }
