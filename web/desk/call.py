"""The call at an agent's hand: who it is, why, and how they may say that it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.drafts import draft_of
from agents.outcomes import outcome_of
from calls.models import Call
from dialer.contacts import NOTES
from dialer.dispositions import Disposition, read_dispositions
from dialer.models import Attempt, Campaign, Contact
from web.desk.words import CALLER_WORDS

CUSTOMER: Final = "customer"
"""In a draft: whom the agent found out it is."""
_HIDDEN: Final = frozenset({NOTES, "language", "slow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """A talk that an agent has, or is wrapping up."""

    call: str
    attempt: str = ""
    """'' when somebody rang us."""
    campaign: str = ""
    title: str = ""
    purpose: str = ""
    contact: str = ""
    customer: str = ""
    number: str = ""
    zone: str = ""
    queue: str = ""
    reason: str = ""
    path: Sequence[str] = ()
    """What was chosen in the menus on the way here."""
    waited: float | None = None
    """Seconds in the queue."""
    language: str = ""
    since: str = ""
    """When they were joined."""
    over: datetime | None = None
    """When the call ended; None while it goes on."""
    tries: int = 0
    """How often we called before."""
    notes: str = ""
    """What agents wrote down the last times."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """What the campaign knows of them."""
    dispositions: Sequence[Disposition] = ()
    said: str = ""
    """What the agent has said of it already."""
    script: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict)
    """What they have typed so far."""

    @property
    def inbound(self) -> bool:
        """Whether somebody rang us."""
        return not self.attempt


async def at_hand(
    session: AsyncSession,
    agent: str,
    call: str,
    pop: Mapping[str, Any] | None,
    queue_words: Sequence[Mapping[str, Any]] = (),
    script: str = "",
) -> AtHand:
    """All about one call. `pop` is the last pop, as far as it is about this one."""
    told = pop if pop and pop.get("call") == call else {}
    typed = await draft_of(session, agent, call) or {}
    attempt = await session.get(Attempt, call)
    if attempt is not None:
        return await _outbound(session, attempt, told, typed)
    record = await session.get(Call, call)
    path = told.get("path") or ()
    return AtHand(
        call=call,
        title=_text(told, "title"),
        customer=str(typed.get(CUSTOMER) or told.get("customer") or (record.customer_id if record else "")),
        number=_text(told, "number") or (record.caller if record else ""),
        queue=_text(told, "queue"),
        reason=_text(told, "reason"),
        path=[path] if isinstance(path, str) else [str(each) for each in path],
        waited=_number(told.get("waited")),
        language=_text(told, "language"),
        since=_text(told, "at"),
        over=record.ended if record else _moment(told.get("at")),  # not in the books: only its begin is known
        dispositions=read_dispositions(queue_words) if queue_words else CALLER_WORDS,
        said=await outcome_of(session, call, agent),
        script=script,
        typed=typed,
    )


async def _outbound(
    session: AsyncSession, attempt: Attempt, told: Mapping[str, Any], typed: Mapping[str, Any]
) -> AtHand:
    contact = await session.get(Contact, attempt.contact_id)
    campaign = await session.get(Campaign, attempt.campaign)
    known = dict(contact.fields) if contact else {}
    return AtHand(
        call=attempt.id,
        attempt=attempt.id,
        campaign=attempt.campaign,
        title=campaign.title if campaign else attempt.campaign,
        purpose=attempt.purpose.value,
        contact=attempt.contact_id,
        customer=str(typed.get(CUSTOMER) or attempt.customer_id or (contact.customer_id if contact else "")),
        number=attempt.number,
        zone=contact.zone if contact else "",
        reason=_text(told, "reason"),
        language=str(known.get("language") or ""),
        since=_text(told, "at") or _iso(attempt.joined),
        over=attempt.over,
        tries=max(0, contact.attempts - 1) if contact else 0,
        notes=str(known.get(NOTES) or ""),
        fields={name: value for name, value in known.items() if name not in _HIDDEN},
        dispositions=read_dispositions(campaign.dispositions if campaign else ()),
        said=attempt.disposition,
        script=campaign.script if campaign else "",
        typed=typed,
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
