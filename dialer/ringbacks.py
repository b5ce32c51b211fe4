"""Customers who ring back a number we showed them: about which call, and what becomes of its contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.contacts import Closing, close, promise, put_back
from dialer.dispositions import SUPPRESSIONS
from dialer.do_not_call import forbid_calls
from dialer.gate import Purpose
from dialer.models import Attempt, Campaign, Contact, ContactState, Mode
from dialer.retry import REFUSED_BY_NETWORK, read_rules
from values import BadInputError, PhoneNumber, Scalar, from_json

LOOK_BACK = timedelta(days=30)
"""For so long a call is remembered by who missed it."""
LEFT_ALONE = timedelta(minutes=30)
"""Who is on the line is not dialled, nor shortly after."""
PROMISED_AFTER = timedelta(minutes=30)
"""When we ring again who wanted an agent and found none; the gate may make it later."""
OPTED_OUT = "opted_out"
_MOST = 50


@dataclass(frozen=True, slots=True)
class RingBack:
    """The call of ours that somebody rings back about: the latest from the number they ring."""

    attempt_id: str
    contact_id: str
    campaign: str
    title: str
    """What the campaign is called; '' when it has no name but its technical one."""
    purpose: Purpose
    flow: str
    """The flow our call would have gone through."""
    callback_flow: str
    """The campaign's own for who rings back; '' the house's."""
    agents: bool
    """Whether an agent would have talked to them."""
    number: PhoneNumber
    customer_id: str
    zone: str
    fields: Mapping[str, Scalar]
    called: datetime


async def shown_numbers(session: AsyncSession) -> frozenset[str]:
    """Every number that a campaign shows, archived ones too: people ring back for weeks."""
    found = await session.execute(select(Campaign.caller_id, Campaign.caller_ids))
    return frozenset(number for alone, pool in found for number in (alone, *pool) if number)


async def ring_back_of(
    session: AsyncSession, shown: frozenset[str], caller: PhoneNumber, now: datetime
) -> RingBack | None:
    """What a caller rings back about, having rung one of the numbers `shown`.

    None for whoever was not called from there within `LOOK_BACK`.
    """
    query = (
        select(Attempt, Contact, Campaign)
        .join(Contact, Contact.id == Attempt.contact_id)
        .join(Campaign, Campaign.name == Attempt.campaign)
        .where(
            Attempt.number == caller,
            Attempt.committed > now - LOOK_BACK,
            Attempt.caller_id.in_(shown),
            Attempt.outcome != REFUSED_BY_NETWORK,
        )
        .order_by(Attempt.committed.desc())
        .limit(1)
    )
    row = (await session.execute(query)).first()
    return _ring_back(*row) if row else None


async def meet(session: AsyncSession, ring_back: RingBack, now: datetime) -> list[str]:
    """They are on the line: call none of their contacts now nor for a while; gives the ids of those put off.

    One that is leased is taken back from its worker; one that is being dialled this very moment goes on.
    """
    theirs = or_(
        Contact.id.in_(
            select(Attempt.contact_id)
            .where(Attempt.number == ring_back.number, Attempt.committed > now - LOOK_BACK)
            .limit(_MOST)
        ),
        Contact.customer_id == ring_back.customer_id if ring_back.customer_id else Contact.id == "",
    )
    query = (
        select(Contact)
        .where(theirs, Contact.state == ContactState.READY, Contact.not_before < now + LEFT_ALONE)
        .order_by(Contact.id)
        .limit(_MOST)
        .with_for_update()
    )
    found = (await session.scalars(query)).all()
    await put_back(session, dict.fromkeys(found, now + LEFT_ALONE), now)
    return [contact.id for contact in found]


async def settle(
    session: AsyncSession, ring_back: RingBack, outcome: str, *, goal: bool, now: datetime
) -> None:
    """The call came to something: the contact is settled by it as if we had called.

    An outcome that the campaign's rules try again leaves it waiting, unless the goal was reached. A contact
    that was given up before is done once more, with an event of its own; one being dialled gets no other.
    """
    contact = await session.get(Contact, ring_back.contact_id, with_for_update=True)
    campaign = await session.get(Campaign, ring_back.campaign)
    if contact is None or campaign is None or (contact.state is ContactState.DONE and contact.goal):
        return
    again = None
    if contact.state is ContactState.READY and not goal:
        again = read_rules(campaign.retry).next_try(
            outcome, goal=False, tally={outcome: 1}, now=now, expires=contact.expires
        )
    if contact.state is ContactState.CALLING:
        contact.expires = now
    elif again is not None:
        await put_back(session, {contact: again}, now)
    else:
        if contact.state is ContactState.DONE:
            contact.promised = now  # what makes this end another than the first
        await close(session, [Closing(contact, outcome, goal)], now)


async def stop_calls(session: AsyncSession, ring_back: RingBack, *, source: str, now: datetime) -> None:
    """They want no more such calls: it holds at once, and the contact is done."""
    await forbid_calls(session, [ring_back.number], SUPPRESSIONS[ring_back.purpose], source=source, at=now)
    contact = await session.get(Contact, ring_back.contact_id, with_for_update=True)
    if contact is not None and contact.state is ContactState.READY:
        await close(session, [Closing(contact, OPTED_OUT)], now)
    elif contact is not None and contact.state is ContactState.CALLING:
        contact.expires = now


async def promise_agent(session: AsyncSession, ring_back: RingBack, now: datetime) -> datetime | None:
    """They want to talk and nobody can now: we ring again; when, or None when that cannot be promised."""
    at = now + PROMISED_AFTER
    try:
        await promise(session, ring_back.contact_id, at, now=now, number=ring_back.number)
    except BadInputError:
        return None
    return at


async def ring_back_by_attempt(
    session: AsyncSession, attempt_id: str, caller: PhoneNumber
) -> RingBack | None:
    """The same, known by its attempt; None when it did not go to this caller."""
    query = (
        select(Attempt, Contact, Campaign)
        .join(Contact, Contact.id == Attempt.contact_id)
        .join(Campaign, Campaign.name == Attempt.campaign)
        .where(Attempt.id == attempt_id, Attempt.number == caller)
    )
    row = (await session.execute(query)).first()
    return _ring_back(*row) if row else None


def _ring_back(attempt: Attempt, contact: Contact, campaign: Campaign) -> RingBack:
    return RingBack(
        attempt_id=attempt.id,
        contact_id=contact.id,
        campaign=campaign.name,
        title=campaign.title if campaign.title != campaign.name else "",
        purpose=campaign.purpose,
        flow=campaign.flow,
        callback_flow=campaign.callback_flow,
        agents=campaign.mode is not Mode.AGENTLESS,
        number=PhoneNumber(attempt.number),
        customer_id=contact.customer_id,
        zone=contact.zone,
        fields={name: from_json(value) for name, value in contact.fields.items()},
        called=attempt.committed,
    )
