"""Contacts: taken in once each, promised a call-back, withdrawn, finished with an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.cards import AnyContact, keep_contacts
from dialer.gate import zones_key
from dialer.lanes import lane_ids
from dialer.models import Attempt, AttemptState, Contact, ContactState, Turn
from dialer.numbers import to_number
from dialer.retry import EXPIRED
from dialer.turns import (
    Lease,
    claim,
    give_back,
    insert_turns,
    put_back,
    release,
    take_off,
    take_up,
    turn_row,
    with_due_contacts,
)
from store import Event, emit, insert_missing
from values import BadInputError, EventId, PhoneNumber, Scalar, new_id, to_json

__all__ = [
    "CONTACT_DONE",
    "Closing",
    "Lease",
    "NewContact",
    "UnknownContactError",
    "claim",
    "close",
    "enqueue",
    "expire",
    "give_back",
    "promise",
    "put_back",
    "put_off",
    "release",
    "take_up",
    "waiting",
    "with_due_contacts",
    "withdraw",
]

CONTACT_DONE = "dialer.contact_done"
"""The outbox event when a contact is done. Payload: campaign, contact_id, source_event, customer_id, outcome,
goal, attempts, fields (as JSON values)."""

NOTES = "notes"
"""The field with an agent's own words: for the next call, and for nobody else."""
_CHUNK = 400


class UnknownContactError(BadInputError):
    """There is no such contact."""

    error_id = "unknown-contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """Somebody to be called."""

    campaign: str
    event_id: str
    """The business event it comes from; unique over all campaigns."""
    customer_id: str
    number: PhoneNumber
    numbers: Sequence[PhoneNumber] = ()
    """All numbers of theirs in the order they are tried; empty: only `number`."""
    zone: str = ""
    """The time zone of the customer's address, where known."""
    fields: Mapping[str, Scalar] = field(default_factory=dict)
    """What the flow is started with."""
    list: str = ""
    """The list it came in, if any."""
    priority: int = 0
    """Higher goes first."""
    score: float = 0.0
    """Within a priority the higher goes first."""
    not_before: datetime | None = None
    expires: datetime | None = None


async def enqueue(session: AsyncSession, contacts: Sequence[NewContact], now: datetime) -> list[str]:
    """Take contacts in; an event that came before is passed over. Gives the ids of all, in order."""
    rows = [_row(contact, now) for contact in contacts]
    for first in range(0, len(rows), _CHUNK):
        await insert_missing(session, Contact, rows[first : first + _CHUNK])
    ids: dict[str, str] = {}
    events = [contact.event_id for contact in contacts]
    for first in range(0, len(events), _CHUNK):
        chunk = events[first : first + _CHUNK]
        found = await session.execute(select(Contact.event_id, Contact.id).where(Contact.event_id.in_(chunk)))
        ids |= {row.event_id: row.id for row in found}
    await _queue(session, [row for row in rows if ids[row["event_id"]] == row["id"]], now)
    return [ids[event] for event in events]


async def _queue(session: AsyncSession, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    lanes = await lane_ids(session, {(row["campaign"], row["list"], row["zones"]) for row in rows})
    turns = [
        turn_row(
            lane=lanes[row["campaign"], row["list"], row["zones"]],
            contact_id=row["id"],
            priority=row["priority"],
            score=row["score"],
            due=row["not_before"],
            expires=row["expires"],
            now=now,
        )
        for row in rows
    ]
    for first in range(0, len(turns), _CHUNK):
        await insert_turns(session, turns[first : first + _CHUNK])


def _row(contact: NewContact, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id("c"),
        "campaign": contact.campaign,
        "event_id": contact.event_id,
        "customer_id": contact.customer_id,
        "number": contact.number,
        "numbers": list(contact.numbers),
        "zone": contact.zone,
        "zones": zones_key(contact.number, contact.zone, ()),
        "list": contact.list,
        "score": contact.score,
        "agent": "",
        "promised": None,
        "fields": {name: to_json(value) for name, value in contact.fields.items()},
        "priority": contact.priority,
        "not_before": contact.not_before or now,
        "expires": contact.expires,
        "state": ContactState.READY,
        "created": now,
        "finished": None,
        "outcome": "",
        "goal": False,
        "attempts": 0,
        "tally": {},
        "fence": 0,
    }


async def promise(
    session: AsyncSession,
    contact_id: str,
    at: datetime,
    *,
    now: datetime,
    agent: str = "",
    number: PhoneNumber | None = None,
) -> Contact:
    """Promise a customer a call-back at a time: before all others then, and by `agent` where one is named.

    `number` is the one they want to be called on. A contact that is being called keeps the promise until its
    call is over (`dialer.endings` puts it back for then); one that was done is opened again. Raises
    `UnknownContactError`, and `BadInputError` for a time that is past or after the contact's own end.
    """
    contact = await session.get(Contact, contact_id, with_for_update=True)
    if contact is None:
        raise UnknownContactError(f"there is no contact {contact_id!r}", field="contact")
    if not contact.number and number is None:
        raise BadInputError("their number has been erased", field="contact")
    if at < now:
        raise BadInputError(f"{at.isoformat(timespec='minutes')} is past", field="at")
    if contact.expires and contact.state is not ContactState.DONE and at >= contact.expires:
        raise BadInputError(f"they are not to be called after {contact.expires.isoformat()}", field="at")
    contact.promised, contact.agent = at, agent
    if number is not None:
        to_number(contact, number)
    if contact.state is ContactState.DONE:
        contact.finished, contact.outcome, contact.goal, contact.expires = None, "", False, None
    if not await _in_a_call(session, contact):
        await put_back(session, {contact: at}, now)
    return contact


async def _in_a_call(session: AsyncSession, contact: Contact) -> bool:
    open_ = exists().where(Attempt.contact_id == contact.id, Attempt.state != AttemptState.DONE)
    return contact.state is ContactState.CALLING and bool(await session.scalar(select(open_)))


async def waiting(session: AsyncSession, event_ids: Sequence[str]) -> frozenset[str]:
    """Which of these events' contacts wait to be called. Nobody begins to before the session is over."""
    found = await session.scalars(
        select(Contact)
        .where(Contact.event_id.in_(event_ids), Contact.state == ContactState.READY)
        .order_by(Contact.id)
        .with_for_update()
    )
    return frozenset(contact.event_id for contact in found)


async def put_off(
    session: AsyncSession, event_ids: Sequence[str], until: datetime, now: datetime
) -> frozenset[str]:
    """Call these not before `until`; gives the events of those that may wait so long, theirs are put off.

    Left as they are: who would be called too late then, was promised a call-back, or is being called.
    """
    found = await session.scalars(
        select(Contact)
        .where(
            Contact.event_id.in_(event_ids),
            Contact.state == ContactState.READY,
            Contact.promised.is_(None),
            or_(Contact.expires.is_(None), Contact.expires > until),
        )
        .order_by(Contact.id)
        .with_for_update()
    )
    able = found.all()
    await put_back(session, {each: until for each in able if each.not_before < until}, now)
    return frozenset(each.event_id for each in able)


async def withdraw(session: AsyncSession, event_ids: Sequence[str], reason: str, now: datetime) -> list[str]:
    """Leave contacts alone whose reason has gone (the fault was reopened); gives the ids of those closed.

    One that is being called is decided by its call, however that ends: there will be no other.
    """
    open_ones = (Contact.event_id.in_(event_ids), Contact.state != ContactState.DONE)
    query = select(Contact).where(*open_ones).order_by(Contact.id).with_for_update()
    # ready or being called, which another transaction may be changing: it is read when they are ours
    named = (await session.scalars(query.execution_options(populate_existing=True))).all()
    for contact in named:
        if contact.state is ContactState.CALLING:
            contact.expires = now
    ready = [Closing(contact, reason) for contact in named if contact.state is ContactState.READY]
    return await close(session, ready, now)


async def expire(session: AsyncSession, now: datetime, *, most: int = 500) -> list[str]:
    """Close contacts whose time has run out; gives their ids."""
    query = (
        select(Contact)
        .join(Turn, Turn.contact_id == Contact.id)
        .where(Turn.expires.is_not(None), Turn.expires <= now, Contact.state == ContactState.READY)
        .order_by(Turn.expires)
        .limit(most)
        .with_for_update(of=Contact, skip_locked=True)
    )
    return await close(session, [Closing(contact, EXPIRED) for contact in await session.scalars(query)], now)


@dataclass(frozen=True, slots=True)
class Closing:
    """A contact that is done, and how."""

    contact: AnyContact
    outcome: str
    goal: bool = False


async def close(session: AsyncSession, closings: Sequence[Closing], now: datetime) -> list[str]:
    """Finish contacts, and tell whoever cares; gives their ids."""
    for each in closings:
        contact = each.contact
        contact.state = ContactState.DONE
        contact.outcome = each.outcome
        contact.goal = each.goal
        contact.finished = now
    await keep_contacts(session, [each.contact for each in closings])
    await take_off(session, [each.contact.id for each in closings])
    await emit(session, [_done(each.contact, now) for each in closings])
    return [each.contact.id for each in closings]


def _done(contact: AnyContact, now: datetime) -> Event:
    return Event(
        id=EventId(_done_id(contact)),
        kind=CONTACT_DONE,
        at=now,
        key=contact.customer_id,
        payload={
            "campaign": contact.campaign,
            "contact_id": contact.id,
            "source_event": contact.event_id,
            "customer_id": contact.customer_id,
            "outcome": contact.outcome,
            "goal": contact.goal,
            "attempts": contact.attempts,
            "fields": {name: value for name, value in contact.fields.items() if name != NOTES},
        },
    )


def _done_id(contact: AnyContact) -> str:
    """Once done, a contact is so for good, unless another call is promised: that has an end of its own."""
    if contact.promised is None:
        return f"done-{contact.id}"
    return f"done-{contact.id}-{int(contact.promised.timestamp())}"
