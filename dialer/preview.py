"""Preview: an agent sees whom they are to call first, and then asks for the call, or leaves them.

A campaign in this mode calls nobody by itself. `offer` leases the next contact to an agent for a while;
`ask_for` promises it to that agent for now, and the dial loop places it as soon as they are free, through
the gate like every call.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.campaigns import callable_now
from dialer.contacts import claim, promise
from dialer.gate import Gate
from dialer.lanes import openings
from dialer.models import Contact, Mode, Turn
from dialer.turns import Lease, give_back
from values import BadInputError

LOOKS = timedelta(minutes=5)
"""How long an agent may look at a contact; then it is offered to others."""
_WORKER = "preview/"


@dataclass(frozen=True, slots=True)
class Offer:
    """A contact that an agent looks at."""

    contact: Contact
    until: datetime
    """When it is offered to others again."""


async def offer(session: AsyncSession, gate: Gate, campaign: str, agent: str, now: datetime) -> Offer | None:
    """The next contact of a preview campaign for an agent; None when nobody is due now.

    Raises `BadInputError` when the campaign may not call now, or is none of this mode.
    """
    found = next((each for each in await callable_now(session, now) if each.name == campaign), None)
    if found is None:
        raise BadInputError("it is paused, over, or there is none of this name", field="campaign")
    if found.mode is not Mode.PREVIEW:
        raise BadInputError(
            f"its mode is {found.mode}: its calls are placed by the dialler", field="campaign"
        )
    zones = (await openings(session, gate, [found], now))[campaign].open
    worker = _WORKER + agent
    leases = await claim(
        session, campaign, 1, worker=worker, lease=LOOKS, now=now, agents=[agent], zones=zones
    )
    if not leases:
        return None
    return Offer(await session.get_one(Contact, leases[0].contact_id), now + LOOKS)


async def ask_for(session: AsyncSession, contact_id: str, agent: str, now: datetime) -> Contact:
    """Have a contact called that this agent was offered, and joined with them.

    Raises `BadInputError` when it was not offered to them, or is others' by now.
    """
    await _offered(session, contact_id, agent)
    return await promise(session, contact_id, now, now=now, agent=agent)


async def leave(session: AsyncSession, contact_id: str, agent: str) -> None:
    """Leave a contact to others. Raises `BadInputError` as `ask_for` does."""
    turn = await _offered(session, contact_id, agent)
    contact = await session.get_one(Contact, contact_id)
    await give_back(session, [Lease(contact_id, contact.campaign, turn.fence)])


async def _offered(session: AsyncSession, contact_id: str, agent: str) -> Turn:
    turn = await session.scalar(select(Turn).where(Turn.contact_id == contact_id).with_for_update())
    if turn is None or turn.owner != _WORKER + agent:
        raise BadInputError(f"{agent} is not looking at it; ask for an offer first", field="contact")
    return turn
