"""Questions about calling: would the gate allow it, and what became of a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.campaigns import campaign as campaign_by_name
from dialer.candidates import candidate_of
from dialer.facts import Consents, gather, no_consents
from dialer.gate import Explanation, Gate, Verdict
from dialer.models import Attempt, Campaign, Contact, Refusal
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
    explained = await explain_call(
        session, gate, number, campaign, at, customer_id=customer_id, zone=zone, consents=consents
    )
    return explained.verdict


async def explain_call(
    session: AsyncSession,
    gate: Gate,
    number: PhoneNumber,
    campaign: str,
    at: datetime,
    *,
    customer_id: str = "",
    zone: str = "",
    consents: Consents = no_consents,
) -> Explanation:
    """The same, with every rule that was asked and what it said."""
    found = await campaign_by_name(session, campaign)
    candidate = candidate_of(found, number, customer_id=customer_id, zone=zone)
    return gate.explain(candidate, await gather(session, [candidate], consents, at, gate), at)


async def standing(
    session: AsyncSession, gate: Gate, campaigns: Sequence[Campaign], now: datetime
) -> dict[str, Verdict]:
    """Whether campaigns may call anybody at all now, by name, whoever it is (`Gate.standing`).

    Asked before contacts are claimed: a stale register, a budget used up, a law's window exhausted refuse
    thousands at once, and none of them need be leased for it.
    """
    candidates = [candidate_of(each) for each in campaigns]
    facts = await gather(session, candidates, no_consents, now, gate)
    return {each.campaign: gate.standing(each, facts, now) for each in candidates}


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
