"""Contacts: taken in once each, leased to whoever may call them, finished with an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Campaign, Contact, ContactState
from dialer.retry import EXPIRED
from store import Event, emit, insert_missing
from values import EventId, PhoneNumber, Scalar, new_id, to_json

CONTACT_DONE = "dialer.contact_done"
"""The outbox event when a contact is done. Payload: campaign, contact_id, source_event, customer_id, outcome,
goal, attempts, fields (as JSON values)."""

_CHUNK = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """Somebody to be called."""

    campaign: str
    event_id: str
    """The business event it comes from; unique over all campaigns."""
    customer_id: str
    number: PhoneNumber
    zone: str = ""
    """The time zone of the customer's address, where known."""
    fields: Mapping[str, Scalar] = field(default_factory=dict)
    """What the flow is started with."""
    priority: int = 0
    not_before: datetime | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A contact handed to one worker for a while; `fence` proves it when the attempt is committed."""

    contact_id: str
    campaign: str
    fence: int


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
    return [ids[event] for event in events]


def _row(contact: NewContact, now: datetime) -> dict[str, object]:
    return {
        "id": new_id("c"),
        "campaign": contact.campaign,
        "event_id": contact.event_id,
        "customer_id": contact.customer_id,
        "number": contact.number,
        "numbers": [],
        "zone": contact.zone,
        "zones": "",
        "list": "",
        "score": 0.0,
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
        "lease_owner": "",
        "lease_until": None,
        "fence": 0,
    }


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Contact.state == ContactState.READY,
        Contact.not_before <= now,
        or_(Contact.expires.is_(None), Contact.expires > now),
        or_(Contact.lease_until.is_(None), Contact.lease_until <= now),
    )


async def with_due_contacts(session: AsyncSession, campaigns: Sequence[str], now: datetime) -> frozenset[str]:
    """Which of these campaigns have somebody to call now."""
    someone = exists().where(Contact.campaign == Campaign.name, *_due(now))
    return frozenset(
        await session.scalars(select(Campaign.name).where(Campaign.name.in_(campaigns), someone))
    )


async def claim(
    session: AsyncSession,
    campaign: str,
    most: int,
    *,
    worker: str,
    lease: timedelta,
    now: datetime,
) -> list[Lease]:
    """Lease up to `most` due contacts of a campaign to a worker, the most urgent first.

    On PostgreSQL rows that another worker is just taking are stepped over; on SQLite there is one writer at a
    time. A lease that runs out frees its contact by itself.
    """
    ids: list[str] = []
    below = await _highest(session, campaign, now)
    while below is not None and len(ids) < most:
        turn = (
            select(Contact.id)
            .where(Contact.campaign == campaign, Contact.priority == below, *_due(now))
            .order_by(Contact.not_before, Contact.id)
            .limit(most - len(ids))
            .with_for_update(skip_locked=True)  # SQLite leaves it out
        )
        ids += await session.scalars(turn)
        below = await _highest(session, campaign, now, below=below) if len(ids) < most else None
    if not ids:
        return []
    taken = await session.execute(
        update(Contact)
        .where(Contact.id.in_(ids))
        .values(lease_owner=worker, lease_until=now + lease, fence=Contact.fence + 1)
        .returning(Contact.id, Contact.fence)
    )
    fences = {row.id: row.fence for row in taken}
    return [Lease(contact_id, campaign, fences[contact_id]) for contact_id in ids]


async def _highest(
    session: AsyncSession, campaign: str, now: datetime, *, below: int | None = None
) -> int | None:
    """The highest priority among due contacts: taken one by one, so that a long list needs no sorting."""
    query = select(Contact.priority).where(Contact.campaign == campaign, *_due(now))
    if below is not None:
        query = query.where(Contact.priority < below)
    return await session.scalar(query.order_by(Contact.priority.desc()).limit(1))


async def give_back(session: AsyncSession, leases: Sequence[Lease]) -> None:
    """End leases before their time, so that others may call."""
    for each in leases:
        await session.execute(
            update(Contact)
            .where(Contact.id == each.contact_id, Contact.fence == each.fence)
            .values(lease_owner="", lease_until=None)
        )


async def release(session: AsyncSession, owners: str) -> int:
    """End the leases of workers whose name begins so: of a dead process. How many there were."""
    freed = await session.execute(
        update(Contact)
        .where(Contact.lease_until.is_not(None), Contact.lease_owner.startswith(owners, autoescape=True))
        .values(lease_owner="", lease_until=None)
        .returning(Contact.id)
    )
    return len(freed.all())


async def withdraw(session: AsyncSession, event_ids: Sequence[str], reason: str, now: datetime) -> list[str]:
    """Leave contacts alone whose reason has gone (the fault was reopened); gives the ids of those closed.

    One that is being called is decided by its call, however that ends: there will be no other.
    """
    named = Contact.event_id.in_(event_ids)
    calling = update(Contact).where(named, Contact.state == ContactState.CALLING)
    await session.execute(calling.values(expires=now))
    found = await session.scalars(select(Contact).where(named, Contact.state == ContactState.READY))
    return await close(session, [Closing(contact, reason) for contact in found], now)


async def expire(session: AsyncSession, now: datetime, *, most: int = 500) -> list[str]:
    """Close contacts whose time has run out; gives their ids."""
    query = (
        select(Contact)
        .where(Contact.state == ContactState.READY, Contact.expires <= now)
        .order_by(Contact.expires)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return await close(session, [Closing(contact, EXPIRED) for contact in await session.scalars(query)], now)


@dataclass(frozen=True, slots=True)
class Closing:
    """A contact that is done, and how."""

    contact: Contact
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
        contact.lease_owner = ""
        contact.lease_until = None
    await emit(session, [_done(each.contact, now) for each in closings])
    return [each.contact.id for each in closings]


def _done(contact: Contact, now: datetime) -> Event:
    return Event(
        id=EventId(f"done-{contact.id}"),
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
            "fields": dict(contact.fields),
        },
    )
