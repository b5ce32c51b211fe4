"""Rules tried on what has happened: whom they would have called, and nothing done about it."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.events.models import BusinessEvent, EventState
from proactive.events.work import fact_of
from proactive.rules.book import Decision, Result, RuleBook
from proactive.rules.facts import Fact
from proactive.rules.models import FoundFact, RuleDecision
from proactive.rules.rulings import Rulings
from values import from_json

PAGE: Final = 500
SHOWN: Final = 20
_OPEN: Final = (EventState.PENDING, EventState.PARKED)
_TRIED: Final = (EventState.PENDING, EventState.DONE)


@dataclass(slots=True)
class Trial:
    """What rules came to."""

    facts: int = 0
    """How many were looked at."""
    fresh: int = 0
    """Of these, how many have come and are not worked yet."""
    parked: int = 0
    """How many wait for what comes before them. They are not looked at: what comes of them is not known."""
    by_rule: dict[str, Counter[str]] = field(default_factory=dict)
    """Results by rule; `replaced` are contacts that a later fact would have taken back."""
    really: Counter[str] = field(default_factory=Counter)
    """Contacts that were made in that time, by campaign."""
    first: list[Decision] = field(default_factory=list)
    """Some of the contacts that would have been made."""
    _seen: set[str] = field(default_factory=set)
    _latest: dict[str, Decision] = field(default_factory=dict)

    def count(self, decision: Decision) -> None:
        """One more, as it would have gone: each once, and the one before of its key taken back."""
        if decision.id in self._seen:
            return
        self._seen.add(decision.id)
        self.by_rule.setdefault(decision.rule, Counter())[decision.result.value] += 1
        if decision.result is Result.OUTRANKED:  # the rule that holds says what goes on under the key
            return
        if decision.result is Result.CONTACT and len(self.first) < SHOWN:
            self.first.append(decision)
        before = self._latest.get(decision.key)
        if before is not None and before.result is Result.CONTACT and before.fact.id != decision.fact.id:
            self.by_rule[before.rule]["replaced"] += 1
        if decision.key:
            self._latest[decision.key] = decision


async def try_rules(
    session: AsyncSession, rulings: Rulings, book: RuleBook, since: datetime, until: datetime
) -> Trial:
    """Have a book decide what happened from `since` and before `until`, in a session that only reads.

    What look-ups add is as it is now, not as it was then.
    """
    trial = Trial()
    states = select(BusinessEvent.state, func.count()).where(
        BusinessEvent.at >= since, BusinessEvent.at < until, BusinessEvent.state.in_(_OPEN)
    )
    counted = {row[0]: row[1] for row in await session.execute(states.group_by(BusinessEvent.state))}
    trial.fresh, trial.parked = (counted.get(state, 0) for state in _OPEN)
    async for facts in _pages(session, since, until):
        trial.facts += len(facts)
        for decision in await rulings.decide(session, facts, until, book=book, then=True):
            trial.count(decision)
    made = select(RuleDecision.campaign, func.count()).where(
        RuleDecision.at >= since, RuleDecision.at < until, RuleDecision.result == Result.CONTACT
    )
    for campaign, count in await session.execute(made.group_by(RuleDecision.campaign)):
        trial.really[campaign] = count
    return trial


async def _pages(session: AsyncSession, since: datetime, until: datetime) -> AsyncIterator[Sequence[Fact]]:
    """What other systems told, then what we found out ourselves, each in its order."""
    seq = 0
    told = select(BusinessEvent).where(
        BusinessEvent.at >= since, BusinessEvent.at < until, BusinessEvent.state.in_(_TRIED)
    )
    told = told.order_by(BusinessEvent.seq).limit(PAGE)
    while rows := (await session.scalars(told.where(BusinessEvent.seq > seq))).all():
        seq = rows[-1].seq
        yield [fact_of(row) for row in rows]
    key = (FoundFact.at, FoundFact.id)
    found = select(FoundFact).where(FoundFact.at >= since, FoundFact.at < until).order_by(*key).limit(PAGE)
    more = found
    while own := (await session.scalars(more)).all():
        more = found.where(tuple_(*key) > (own[-1].at, own[-1].id))
        yield [_fact(row) for row in own]


def _fact(row: FoundFact) -> Fact:
    return Fact(
        id=row.id,
        type=row.type,
        at=row.at,
        customer_id=row.customer_id,
        key=row.key,
        values={name: from_json(value) for name, value in row.data.items()},
    )
