"""Personal data has a lifetime: what is over, showing all of one customer, and erasing them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, delete, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Trail
from dialer.models import (
    Alarm,
    Attempt,
    AttemptState,
    Contact,
    ContactState,
    DoNotCall,
    Exclusion,
    Hold,
    Refusal,
    RegisterEntry,
    Tally,
    Turn,
)
from dialer.turns import take_off
from store.lifetime import MONTH, Rule, apply, rows_of, slices

ERASED = "erased"
"""The outcome of a contact whose customer was erased before it was done."""


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    two_years = now - 24 * MONTH
    done = and_(Contact.state == ContactState.DONE, Contact.created < two_years, Contact.number != "")
    over = and_(Attempt.state == AttemptState.DONE, Attempt.committed < two_years, Attempt.number != "")
    return [
        Rule(Contact, done, {"number": "", "numbers": [], "fields": {}, "event_id": _unnamed()}),
        Rule(Attempt, over, {"number": ""}),
        Rule(Refusal, Refusal.at < two_years),
        Rule(Tally, Tally.hour < now - 36 * MONTH),
        Rule(Alarm, and_(Alarm.raised < now - 12 * MONTH, Alarm.cleared.is_not(None))),
    ]


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete or blank what has been kept for as long as its table says."""
    await apply(session, rules(now))


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything this room keeps about one customer: rows by table."""
    contacts = await rows_of(session, Contact, _theirs(trail))
    found: dict[str, list[dict[str, Any]]] = {
        "contacts": contacts, "turns": [], "attempts": [], "refusals": []
    }  # fmt: skip
    for part in slices([row["id"] for row in contacts]):
        found["turns"] += await rows_of(session, Turn, Turn.contact_id.in_(part))
        found["attempts"] += await rows_of(session, Attempt, Attempt.contact_id.in_(part))
        found["refusals"] += await rows_of(session, Refusal, Refusal.contact_id.in_(part))
    numbers = [held.number for held in trail.numbers]
    found["do_not_call"] = await rows_of(session, DoNotCall, DoNotCall.number.in_(numbers))
    found["exclusions"] = await rows_of(session, Exclusion, Exclusion.number.in_(numbers))
    found["register_entries"] = await rows_of(session, RegisterEntry, RegisterEntry.number.in_(numbers))
    found["holds"] = await rows_of(session, Hold, Hold.customer_id == trail.customer_id)
    return found


async def erase(session: AsyncSession, trail: Trail, now: datetime) -> None:
    """Blank one customer's contacts, attempts and the words of refusals; delete what they were held for.

    A contact still to be called is done with the outcome `ERASED`, and no event tells of it. Two things stay:
    what is on the do-not-call list, in a register or left out by a campaign, since to be erased is no wish to
    be called; and in attempts a number that somebody else has too, for whom the caps go on counting.
    """
    await session.execute(delete(Hold).where(Hold.customer_id == trail.customer_id))
    calls = update(Attempt).where(Attempt.customer_id == trail.customer_id)
    await session.execute(calls.values(customer_id=""))
    ids = list(await session.scalars(select(Contact.id).where(_theirs(trail))))
    open_ = Contact.state != ContactState.DONE
    for part in slices(ids):
        await session.execute(
            update(Contact)
            .where(Contact.id.in_(part))
            .values(
                customer_id="",
                number="",
                zone="",
                fields={},
                outcome=case((open_, ERASED), else_=Contact.outcome),
                finished=func.coalesce(Contact.finished, now),
                state=ContactState.DONE,
                numbers=[],
                zones="",
                agent="",
                promised=None,
                event_id=_unnamed(),
            )
        )
        theirs = and_(Attempt.contact_id.in_(part), Attempt.number.not_in(trail.shared))
        await session.execute(update(Attempt).where(theirs).values(number=""))
        await session.execute(update(Refusal).where(Refusal.contact_id.in_(part)).values(words=""))
        await take_off(session, part)


async def being_called(session: AsyncSession, trail: Trail, since: datetime) -> list[str]:
    """Their contacts with an attempt that was committed after this time and is not over."""
    query = (
        select(Contact.id)
        .join(Attempt, Attempt.contact_id == Contact.id)
        .where(_theirs(trail), Attempt.state != AttemptState.DONE, Attempt.committed > since)
    )
    return list(await session.scalars(query))


def _unnamed() -> ColumnElement[str]:
    """A contact's event, when that is no more than the customer's place in a list."""
    return case(
        (Contact.event_id.startswith("list:"), literal("erased:").concat(Contact.id)), else_=Contact.event_id
    )


def _theirs(trail: Trail) -> ColumnElement[bool]:
    """By customer; by number where no customer was named and the number was theirs alone at the time."""
    by_number = (
        and_(
            Contact.customer_id == "",
            or_(Contact.number == held.number, cast(Contact.numbers, Text).contains(f'"{held.number}"')),
            held.during(Contact.created),
        )
        for held in trail.own
    )
    return or_(Contact.customer_id == trail.customer_id, *by_number)
