"""What a script is told of the customer, the campaign and the call."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, portrait
from ivr.scripts import RunOf
from values import CustomerId, Scalar, mask_number
from web.desk.call import AtHand


async def run_of(
    session: AsyncSession,
    customers: Customers,
    hand: AtHand,
    script: str,
    *,
    agent: str,
    agent_name: str,
    company: str,
    now: datetime,
) -> RunOf:
    """The run of a script for a call at hand."""
    variables: dict[str, Scalar] = {name: _plain(value) for name, value in hand.fields.items()}
    variables |= {
        "agent_name": agent_name,
        "company": company,
        "number": mask_number(hand.number),
        "reason": hand.reason,
        "chosen": ", ".join(hand.path),
        "campaign": hand.campaign or hand.queue,
        "campaign_title": hand.title,
        "notes": hand.notes,
    }
    language = hand.language
    seen = await portrait(customers, session, CustomerId(hand.customer), now) if hand.customer else None
    if seen is not None:
        language = language or seen.card.language
        variables |= {
            "customer_name": seen.card.name,
            "tier": seen.card.tier.value,
            "months_left": seen.months_left(now.date()),
            "unpaid": seen.balance.amount if seen.balance else None,
            "due": seen.balance.due if seen.balance else None,
            "open_faults": len(seen.faults),
        }
    return RunOf(
        script=script,
        call_id=hand.call,
        agent=agent,
        customer_id=hand.customer,
        campaign=hand.campaign or hand.queue,
        variables={**variables, "language": language},
        language=language,
    )


def sample_values(inputs: Mapping[str, Any]) -> dict[str, Scalar]:
    """What stands in for all that while somebody tries a script: its own samples."""
    return {name: declared.sample for name, declared in inputs.items()}


def _plain(value: Any) -> Scalar:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
