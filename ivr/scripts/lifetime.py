"""Personal data has a lifetime: what of scripts is over, showing all of one customer, and erasing it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from ivr.scripts.models import ScriptAnswer, ScriptRun, ScriptVisit
from store.lifetime import MONTH, Rule, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    two_years = now - 24 * MONTH
    typed = and_(ScriptRun.started < now - 6 * MONTH, ScriptRun.turn >= 0)
    named = and_(ScriptRun.started < two_years, ScriptRun.customer_id != "")
    return [
        Rule(ScriptRun, typed, {"state": {}, "turn": -1}),
        Rule(ScriptRun, named, {"customer_id": ""}),
        Rule(ScriptVisit, ScriptVisit.at < two_years),
        Rule(ScriptAnswer, ScriptAnswer.at < two_years),
    ]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything kept of scripts in one customer's talks: rows by table."""
    runs = select(ScriptRun.run_id).where(_theirs(trail))
    return {
        "script_runs": await rows_of(session, ScriptRun, _theirs(trail)),
        "script_answers": await rows_of(session, ScriptAnswer, ScriptAnswer.run_id.in_(runs)),
    }


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete what was typed and answered in one customer's talks; that a page was seen stays."""
    runs = select(ScriptRun.run_id).where(_theirs(trail))
    await session.execute(delete(ScriptAnswer).where(ScriptAnswer.run_id.in_(runs)))
    blank = {"customer_id": "", "state": {}, "turn": -1}
    await session.execute(update(ScriptRun).where(_theirs(trail)).values(blank))


def _theirs(trail: Trail) -> ColumnElement[bool]:
    """By customer; by call where nobody was recognised."""
    by_call = and_(ScriptRun.customer_id == "", ScriptRun.call_id.in_(sorted(trail.calls)))
    return or_(ScriptRun.customer_id == trail.customer_id, by_call)
