"""Whether the day that a contact was about still stands."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from proactive.events.models import BusinessEvent, EventState
from proactive.facts import ENDINGS
from proactive.provisioning.naming import DAYS, day_of
from proactive.rules.carrying import overtaken
from proactive.rules.models import RuleDecision
from store.lifetime import slices

_SETTLES: Final = frozenset({*DAYS, *ENDINGS})


async def fallen(session: AsyncSession, ids: Collection[str]) -> frozenset[str]:
    """Of these contacts (their `event_id`) those whose day was changed since, or whose order is over.

    The call that was ringing meanwhile could not be taken back. Besides the rules' own test counts what other
    systems said: a day that comes too late to be rung about leaves no decision, and is another all the same.
    """
    return await overtaken(session, ids) | await _said_since(session, ids)


async def _said_since(session: AsyncSession, ids: Collection[str]) -> frozenset[str]:
    own, later = aliased(BusinessEvent), aliased(BusinessEvent)
    over: set[str] = set()
    other: dict[str, bool] = {}
    for part in slices(sorted(ids)):
        query = (
            select(RuleDecision.id, own.at, own.data, later.type, later.at, later.data)
            .join(own, own.id == RuleDecision.event)
            .join(later, and_(later.customer_id == own.customer_id, later.key == own.key))
            .where(
                RuleDecision.id.in_(part),
                own.type.in_(DAYS),
                later.id != own.id,
                later.type.in_(_SETTLES),
                later.state == EventState.DONE,
            )
            .order_by(later.at, later.seq)
        )
        for which, at, data, kind, when, said in await session.execute(query):
            if kind in ENDINGS:
                over.add(which)
            elif when > at:
                other[which] = day_of(said) != day_of(data)  # the last word holds
    return frozenset(over | {which for which, differs in other.items() if differs})
