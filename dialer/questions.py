"""Questions about calling: would the gate allow it, and what became of a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.campaigns import campaign as campaign_by_name
from dialer.facts import Consents, gather, no_consents
from dialer.gate import Candidate, Gate, Verdict
from dialer.models import Attempt, Contact, Refusal
from values import PhoneNumber


@dataclass(frozen=True, slots=True)
class ContactStory:
    """A contact with its attempts and refusals, in order."""

    contact: Contact
    attempts: Sequence[Attempt]
    refusals: Sequence[Refusal]


async def may_call(
    session: AsyncSession,
    gate: Gate,
    number: PhoneNumber,
    campaign: str,
    at: datetime,
    *,
    customer_id: str = "",
    zone: str = "",
    consents: Consents = no_consents,
) -> Verdict:
    """Whether a campaign might call a number at that time, by all that is known now. Nothing is written.

    Raises `UnknownCampaignError`.
    """
    found = await campaign_by_name(session, campaign)
    candidate = Candidate(
        number=number,
        purpose=found.purpose,
        profile=found.profile,
        caller_id=found.caller_id,
        customer_id=customer_id,
        zone=zone,
        hours=found.hours,
    )
    facts = await gather(session, [candidate], consents, at)
    return gate.check([candidate], facts, at)[0]


async def contact_story(session: AsyncSession, contact_id: str) -> ContactStory | None:
    """All about one contact; None when there is none."""
    contact = await session.get(Contact, contact_id)
    if contact is None:
        return None
    attempts = await session.scalars(
        select(Attempt).where(Attempt.contact_id == contact_id).order_by(Attempt.committed, Attempt.id)
    )
    refusals = await session.scalars(
        select(Refusal).where(Refusal.contact_id == contact_id).order_by(Refusal.seq)
    )
    return ContactStory(contact, attempts.all(), refusals.all())
