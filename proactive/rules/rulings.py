"""Rules at work: facts are looked up, decided, and what was decided is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers
from proactive.facts import FOUND_OUT
from proactive.rules.book import Decision, RuleBook
from proactive.rules.carrying import Effect, carry_out
from proactive.rules.facts import Fact, Person
from proactive.rules.lookups import Lookups
from proactive.rules.models import FoundFact
from proactive.rules.shelf import Shelf
from store import insert_missing
from store.lifetime import slices
from values import CustomerId, to_json


class Rulings:
    """What processes call when something has happened to customers."""

    def __init__(self, customers: Customers, shelf: Shelf, lookups: Lookups) -> None:
        self._customers = customers
        self.shelf = shelf
        self.lookups = lookups

    async def enact(
        self, session: AsyncSession, facts: Sequence[Fact], now: datetime
    ) -> Mapping[str, Sequence[Effect]]:
        """Decide and carry out, in the caller's session; what came of it, by fact. Twice does no harm."""
        await _note_found(session, facts)
        found: dict[str, list[Effect]] = {}
        for effect in await carry_out(session, await self.decide(session, facts, now), now):
            found.setdefault(effect.decision.fact.id, []).append(effect)
        return found

    async def decide(
        self,
        session: AsyncSession,
        facts: Sequence[Fact],
        now: datetime,
        *,
        book: RuleBook | None = None,
        then: bool = False,
    ) -> list[Decision]:
        """What the rules say, and nothing done about it.

        `book`: other rules than those that hold; `then`: as if each fact had just happened.
        """
        chosen = book or self.shelf.book
        types = {each for rule in chosen.rules for each in rule.on}
        wanted = [fact for fact in facts if fact.type in types and fact.customer_id]
        if not wanted:
            return []
        persons = await self._persons(session, wanted, now)
        known = await self.lookups.enrich(session, wanted)
        return [
            decision
            for fact in known
            for decision in chosen.decide(fact, persons.get(fact.customer_id), fact.at if then else now)
        ]

    async def _persons(
        self, session: AsyncSession, facts: Sequence[Fact], now: datetime
    ) -> Mapping[str, Person]:
        ids = sorted({CustomerId(fact.customer_id) for fact in facts})
        cards = await self._customers.find_by_ids(session, ids)
        numbers = await self._customers.numbers_of(session, ids, now)
        return {
            customer_id: Person(card, numbers.get(customer_id, ())) for customer_id, card in cards.items()
        }


async def _note_found(session: AsyncSession, facts: Sequence[Fact]) -> None:
    """Keep what no other system told us, so that changed rules can be tried on it."""
    rows = [
        {
            "id": fact.id,
            "type": fact.type,
            "at": fact.at,
            "customer_id": fact.customer_id,
            "key": fact.key,
            "data": {name: to_json(value) for name, value in fact.values.items()},
        }
        for fact in facts
        if fact.type in FOUND_OUT
    ]
    for part in slices(rows):
        await insert_missing(session, FoundFact, part)
