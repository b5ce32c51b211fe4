"""What a script is told of the customer, the campaign and the call."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, portrait
from ivr.scripts import RunOf
from surveys.queries import answers_of
from values import CustomerId, Scalar, mask_number
from web.desk.call import AtHand

INTERVIEW: Final = "interview"
"""The field by which a survey's campaign names whom it asks."""


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
    variables |= await _answered(session, hand)
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


async def _answered(session: AsyncSession, hand: AtHand) -> dict[str, Scalar]:
    """What the customer has answered already to the interview that this call goes on with."""
    interview = str(hand.fields.get(INTERVIEW) or "")
    found = (await answers_of(session, [interview])).get(interview, ()) if interview else ()
    return {each.item: each.value for each in found}


def sample_values(inputs: Mapping[str, Any]) -> dict[str, Scalar]:
    """What stands in for all that while somebody tries a script: its own samples."""
    return {name: declared.sample for name, declared in inputs.items()}


def _plain(value: Any) -> Scalar:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
