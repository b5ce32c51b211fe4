"""For how long business events and rules' decisions are kept; showing and erasing one customer's."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from proactive.events.models import BusinessEvent, EventState
from proactive.rules.models import FoundFact, RuleDecision
from store.lifetime import MONTH, Rule, rows_of

ERASED = {"refused": "the customer was erased"}


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    over = now - 13 * MONTH
    return [
        Rule(BusinessEvent, BusinessEvent.received < over),
        Rule(RuleDecision, RuleDecision.decided < over),
        Rule(FoundFact, FoundFact.at < over),
    ]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything that is kept here about one customer: rows by table."""
    return {
        "business_events": await rows_of(
            session, BusinessEvent, BusinessEvent.customer_id == trail.customer_id
        ),
        "found_facts": await rows_of(session, FoundFact, FoundFact.customer_id == trail.customer_id),
        "rule_decisions": await rows_of(session, RuleDecision, RuleDecision.customer_id == trail.customer_id),
    }


async def erase(session: AsyncSession, trail: Trail, now: datetime) -> None:
    """Empty one customer's events, of which the ids stay so that none is taken twice; decisions go.

    What is still to be worked is refused. Outages that name them among others are left as they are.
    """
    theirs = BusinessEvent.customer_id == trail.customer_id
    waiting = BusinessEvent.state.in_([EventState.PENDING, EventState.PARKED])
    stop = {"state": EventState.REFUSED, "result": ERASED, "next_at": None, "done_at": now}
    await session.execute(update(BusinessEvent).where(theirs, waiting).values(stop))
    await session.execute(update(BusinessEvent).where(theirs).values(data={}, key="", customer_id=""))
    await session.execute(delete(RuleDecision).where(RuleDecision.customer_id == trail.customer_id))
    await session.execute(delete(FoundFact).where(FoundFact.customer_id == trail.customer_id))
