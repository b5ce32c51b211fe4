"""Neither a call nor a text has told them: one more round of calls, unless something newer is known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Contact
from messages.sms import TextState
from proactive.facts import NOTICE_UNHEARD
from proactive.provisioning.campaigns import LINE_NOTICE, WORKS_NOTICE
from proactive.provisioning.standing import fallen
from proactive.rules import Fact, Rulings
from proactive.rules.models import RuleDecision
from store.lifetime import slices
from values import BadInputError, Scalar, from_json

UNHEARD: Final = frozenset(
    {
        TextState.UNDELIVERED,
        TextState.REFUSED,
        TextState.FORBIDDEN,
        TextState.EXPIRED,
        TextState.NOT_SENT,
    }
)
"""What a text comes to that nobody has read."""
_AGAIN: Final = "again-"
_TOLD: Final = frozenset({LINE_NOTICE, WORKS_NOTICE})
"""What must be told before its day; a welcome that nobody hears is no loss."""


def is_second_round(source_event: object) -> bool:
    """Whether a contact was a second round already: there is no third."""
    return str(source_event).startswith(_AGAIN)


def second_round(event_id: str) -> str:
    """By what name the second round of a contact is known."""
    return f"{_AGAIN}{event_id}"


async def ring_again(
    session: AsyncSession, rulings: Rulings, contact_ids: Sequence[str], now: datetime
) -> None:
    """Let the rules decide on a second round for these contacts, which are over. Told twice, it is one."""
    found: list[tuple[Contact, RuleDecision]] = []
    for part in slices(sorted(set(contact_ids))):
        query = (
            select(Contact, RuleDecision)
            .join(RuleDecision, RuleDecision.id == Contact.event_id)
            .where(Contact.id.in_(part), Contact.campaign.in_(_TOLD), Contact.goal.is_(False))
            .order_by(Contact.id)
        )
        rows = await session.execute(query)
        found += [(each, why) for each, why in rows if not is_second_round(each.event_id)]
    gone = await fallen(session, [contact.event_id for contact, _ in found])
    facts = [_fact(contact, decision) for contact, decision in found if contact.event_id not in gone]
    if facts:
        await rulings.enact(session, facts, now)


def _fact(contact: Contact, decision: RuleDecision) -> Fact:
    """As of the first round, so that whatever has been told since stands over it."""
    values: dict[str, Scalar] = {"campaign": contact.campaign}
    for name in ("planned", "work_from", "work_to", "moved"):
        try:
            values[name] = from_json(contact.fields.get(name))
        except BadInputError:
            values[name] = None
    return Fact(
        id=second_round(contact.event_id),
        type=NOTICE_UNHEARD,
        at=decision.at,
        customer_id=contact.customer_id,
        key=decision.key,
        thing=decision.about,
        values=values,
    )
