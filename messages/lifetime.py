"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from messages.sms.models import TextMessage, TextState
from messages.webhooks.models import WebhookDelivery
from store.lifetime import MONTH, Rule, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now. A telling goes when its event's words do."""
    gone = TextMessage.queued < now - 24 * MONTH
    open_ = TextMessage.state.in_([TextState.WAITING, TextState.SENDING])
    worn = and_(TextMessage.queued < now - 6 * MONTH, TextMessage.number != "", ~open_)
    return [
        Rule(WebhookDelivery, WebhookDelivery.at < now - timedelta(days=30)),
        Rule(TextMessage, gone),
        Rule(TextMessage, worn, {"number": "", "words": ""}),
    ]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything this room keeps about one customer: rows by table."""
    return {"text_messages": await rows_of(session, TextMessage, _theirs(trail))}


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete one customer's texts, also those still to be sent."""
    await session.execute(delete(TextMessage).where(_theirs(trail)))


def _theirs(trail: Trail) -> ColumnElement[bool]:
    """By customer; by number where no customer was named and the number was theirs alone at the time."""
    by_number = (
        and_(
            TextMessage.customer_id == "", TextMessage.number == held.number, held.during(TextMessage.queued)
        )
        for held in trail.own
    )
    return or_(TextMessage.customer_id == trail.customer_id, *by_number)
