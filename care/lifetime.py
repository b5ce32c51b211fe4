"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from care.models import CallbackRequest, ContactReason
from customers import Trail
from store.lifetime import MONTH, Rule, apply, rows_of


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    old = and_(ContactReason.at < now - 24 * MONTH, ContactReason.customer_id != "")
    return [
        Rule(ContactReason, old, {"customer_id": ""}),
        Rule(CallbackRequest, CallbackRequest.settled < now - 6 * MONTH),
    ]


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete or blank what has been kept for as long as its table says."""
    await apply(session, rules(now))


async def follow(session: AsyncSession, trail: Trail) -> Trail:
    """Add the calls on which the customer said who they were, from whatever number."""
    calls = set(trail.calls)
    calls |= set(await session.scalars(select(ContactReason.call_id).where(_gave_reason(trail))))
    calls |= set(await session.scalars(select(CallbackRequest.call_id).where(_asked(trail))))
    return replace(trail, calls=frozenset(calls))


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything this room keeps about one customer: rows by table."""
    return {
        "care_contact_reasons": await rows_of(session, ContactReason, _gave_reason(trail)),
        "care_callback_requests": await rows_of(session, CallbackRequest, _asked(trail)),
    }


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Blank one customer's contact reasons and delete their requests, also those not yet settled.

    Somebody else's request to be called at this customer's number is theirs and stays.
    """
    await session.execute(update(ContactReason).where(_gave_reason(trail)).values(customer_id=""))
    await session.execute(delete(CallbackRequest).where(_asked(trail)))


def _gave_reason(trail: Trail) -> ColumnElement[bool]:
    return ContactReason.customer_id == trail.customer_id


def _asked(trail: Trail) -> ColumnElement[bool]:
    """By customer; by number where nobody was recognised and the number was theirs alone at the time."""
    by_number = (
        and_(
            CallbackRequest.customer_id == "",
            or_(CallbackRequest.number == held.number, CallbackRequest.caller == held.number),
            held.during(CallbackRequest.at),
        )
        for held in trail.own
    )
    return or_(CallbackRequest.customer_id == trail.customer_id, *by_number)
