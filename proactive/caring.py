"""Customers who asked, in a call of ours, that one of us rings them: their campaign and their contact."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from customers import CustomerCard
from dialer import CampaignPlan, Mode, NewContact, Purpose
from values import PhoneNumber, Scalar

CAMPAIGN_PRIORITY: Final = 60
"""Before the house's other campaigns: they are waiting for the call."""
CONTACT_PRIORITY: Final = 10


def caring_campaign(
    name: str, title: str, *, profile: str, caller_id: str, flow: str, **more: Any
) -> CampaignPlan:
    """An agents' campaign for those who asked to be called; `more` are other fields of `CampaignPlan`."""
    return CampaignPlan(
        name=name,
        title=title,
        flow=flow,
        purpose=Purpose.SERVICE,
        profile=profile,
        caller_id=caller_id,
        mode=Mode.PROGRESSIVE,
        priority=CAMPAIGN_PRIORITY,
        **more,
    )


def caring_contact(
    campaign: str,
    event_id: str,
    card: CustomerCard,
    number: str,
    fields: Mapping[str, Scalar],
    *,
    expires: datetime,
) -> NewContact:
    """Ring the customer on the number they are on; their name and language go along with `fields`."""
    return NewContact(
        campaign=campaign,
        event_id=event_id,
        customer_id=card.id,
        number=PhoneNumber(number),
        zone=card.zone,
        fields={"customer_name": card.name, **fields, "language": card.language},
        priority=CONTACT_PRIORITY,
        expires=expires,
    )
