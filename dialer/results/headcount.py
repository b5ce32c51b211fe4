"""How far a campaign's list is: whom it has, whom it tried, when it will be through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Attempt, Contact, ContactState
from dialer.retry import REFUSED_BY_NETWORK

PACE_OVER: Final = timedelta(minutes=15)
"""The present pace is that of so long."""
ENOUGH: Final = 20
"""With fewer attempts, or fewer contacts finished, nothing is forecast."""


@dataclass(frozen=True, slots=True)
class Headcount:
    """A campaign's contacts, counted. An attempt counts when something rang, or may have."""

    contacts: int
    ready: int
    """To be called now or later."""
    calling: int
    done: int
    tried: int
    """Contacts with an attempt that counts."""
    attempts: int
    """Their attempts that count, all together."""

    @property
    def left(self) -> int:
        """Not done."""
        return self.ready + self.calling

    @property
    def penetration(self) -> float | None:
        """Contacts tried / contacts: never above 1. None without contacts."""
        return self.tried / self.contacts if self.contacts else None

    @property
    def saturation(self) -> float | None:
        """Attempts / contacts: above 1 when contacts are tried again. None without contacts."""
        return self.attempts / self.contacts if self.contacts else None


def hours_left(count: Headcount, pace: float | None) -> float | None:
    """Hours of calling until nobody is left, at so many counting attempts an hour.

    Of all attempts so far a share has finished a contact; those left need as many for each as the others did.
    None when that is not known yet: nothing called lately, or too little finished.
    """
    if count.left == 0:
        return 0.0
    if not pace or count.attempts < ENOUGH or count.done < ENOUGH:
        return None
    return count.left * count.attempts / count.done / pace


async def headcount(session: AsyncSession, campaign: str, lists: Sequence[str] = ()) -> Headcount:
    """Count a campaign's contacts, or those of some of its lists. All are read: seconds for ten millions."""
    tried = Contact.attempts > 0
    query = (
        select(Contact.state, tried, func.count(), func.sum(Contact.attempts))
        .where(Contact.campaign == campaign)
        .group_by(Contact.state, tried)
    )
    if lists:
        query = query.where(Contact.list.in_(lists))
    by_state = dict.fromkeys(ContactState, 0)
    met = attempts = 0
    for state, was_tried, number, made in await session.execute(query):
        by_state[state] += int(number)
        met += int(number) if was_tried else 0
        attempts += int(made or 0)
    return Headcount(
        contacts=sum(by_state.values()),
        ready=by_state[ContactState.READY],
        calling=by_state[ContactState.CALLING],
        done=by_state[ContactState.DONE],
        tried=met,
        attempts=attempts,
    )


async def pace(session: AsyncSession, campaign: str, now: datetime) -> float | None:
    """Counting attempts an hour, as of the last quarter of an hour; None when there were hardly any."""
    made = await session.scalar(
        select(func.count()).where(
            Attempt.campaign == campaign,
            Attempt.committed > now - PACE_OVER,
            Attempt.committed <= now,
            Attempt.outcome != REFUSED_BY_NETWORK,
        )
    )
    return made / (PACE_OVER / timedelta(hours=1)) if made and made >= ENOUGH else None
