"""Calls that campaigns would like to place, as the gate is asked about them. Pure."""

from dialer.gate import Candidate
from dialer.models import Campaign, Mode

CERTAIN = frozenset({Mode.AGENTLESS, Mode.PREVIEW, Mode.PROGRESSIVE})
"""Modes in which somebody, or a flow, is kept free for each call."""


def candidate_of(
    campaign: Campaign,
    number: str = "",
    *,
    customer_id: str = "",
    zone: str = "",
    caller_id: str = "",
    certain: bool = False,
) -> Candidate:
    """A campaign's call to a number; without a number the campaign itself, for `Gate.standing`.

    `caller_id` is the one of its pool that this call will show, '' the campaign's. `certain` says that an
    agent is kept free for this call though the mode does not ask for it: a predictive campaign that calls no
    more people than there are free agents.
    """
    return Candidate(
        number=number,
        purpose=campaign.purpose,
        profile=campaign.profile,
        caller_id=caller_id or campaign.caller_id or next(iter(campaign.caller_ids), ""),
        customer_id=customer_id,
        zone=zone,
        hours=campaign.hours,
        campaign=campaign.name,
        started=campaign.starts,
        ring_seconds=campaign.ring_seconds,
        automated=campaign.mode is Mode.AGENTLESS,
        guaranteed_agent=certain or campaign.mode in CERTAIN,
        spend_limit=campaign.spend_limit,
    )
