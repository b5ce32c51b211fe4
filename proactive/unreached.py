"""What processes do alike when a contact of theirs is over: remember it, and find whom to write to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Channel, ContactDirection, ContactNote, CustomerCard, Customers, LineType
from messages.sms import TextState
from store import Event
from values import BadInputError, CustomerId, PhoneNumber, Scalar, from_json

WENT: Final = frozenset({TextState.SENT, TextState.DELIVERED, TextState.UNDELIVERED, TextState.UNSURE})
"""What becomes of texts that have left the house."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A customer whom no call has reached, and what the call would have said."""

    event: Event
    card: CustomerCard
    mobile: PhoneNumber
    fields: Mapping[str, Scalar]


async def remember(
    session: AsyncSession, customers: Customers, done: Sequence[Event]
) -> Mapping[CustomerId, CustomerCard]:
    """Note these `dialer.contact_done` with their customers; those who have not been erased."""
    ids = sorted({_whose(event) for event in done})
    cards = await customers.find_by_ids(session, ids)
    notes = [_note(event) for event in done if _whose(event) in cards]
    if notes:
        await customers.note_contacts(session, notes)
    return cards


async def with_mobiles(
    session: AsyncSession,
    customers: Customers,
    done: Sequence[Event],
    cards: Mapping[CustomerId, CustomerCard],
    now: datetime,
) -> Sequence[Unreached]:
    """Those of these contacts whose customers can be written to."""
    wanted = [event for event in done if _whose(event) in cards]
    numbers = await customers.numbers_of(session, sorted({_whose(event) for event in wanted}), now)
    mobiles = {
        customer: found.number
        for customer, held in numbers.items()
        if (found := next((each for each in held if each.line_type is LineType.MOBILE), None))
    }
    return [
        Unreached(event, cards[_whose(event)], mobiles[_whose(event)], _fields(event))
        for event in wanted
        if _whose(event) in mobiles
    ]


async def remember_texts(session: AsyncSession, customers: Customers, done: Sequence[Event]) -> None:
    """Note texts that went out (`messages.text_done`) with their customers, whoever wrote them."""
    went = [event for event in done if event.payload.get("state") in WENT]
    cards = await customers.find_by_ids(session, sorted({_whose(event) for event in went}))
    notes = [
        ContactNote(
            id=f"h-{event.payload.get('id')}",
            customer_id=_whose(event),
            at=event.at,
            channel=Channel.SMS,
            direction=ContactDirection.OUTBOUND,
            reason=f"text_{event.payload.get('purpose')}",
            outcome=str(event.payload.get("state")),
        )
        for event in went
        if _whose(event) in cards
    ]
    if notes:
        await customers.note_contacts(session, notes)


def _whose(event: Event) -> CustomerId:
    return CustomerId(str(event.payload.get("customer_id")))


def _fields(event: Event) -> Mapping[str, Scalar]:
    given = event.payload.get("fields")
    found: dict[str, Scalar] = {}
    for name, value in (given if isinstance(given, dict) else {}).items():
        try:
            found[name] = from_json(value)
        except BadInputError:
            continue
    return found


def _note(event: Event) -> ContactNote:
    payload = event.payload
    return ContactNote(
        id=f"h-{payload.get('contact_id')}",
        customer_id=_whose(event),
        at=event.at,
        channel=Channel.VOICE,
        direction=ContactDirection.OUTBOUND,
        reason=str(payload.get("campaign")),
        outcome=str(payload.get("outcome")),
    )
