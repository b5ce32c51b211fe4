"""What the rules get to know of an order besides its event: whether its day was told before, and a PIN."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import orders
from dialer.models import Contact
from messages.sms import TextMessage, TextState
from proactive.events.models import BusinessEvent
from proactive.provisioning.again import second_round
from proactive.provisioning.campaigns import LINE_NOTICE, WORKS_NOTICE
from proactive.provisioning.naming import day_of, order_key, text_id
from proactive.provisioning.pins import orders_with_pins
from proactive.rules import REPLACED, Fact, Lookups
from proactive.rules.book import Result
from proactive.rules.models import RuleDecision
from store.lifetime import slices
from values import Scalar

_TYPES: Final = ("order.planned", "order.moved")


class OrderLookup:
    """Tells rules `moved` and `same` of a planned order, `has_pin` and `kind` of an activated one."""

    def register(self, lookups: Lookups) -> None:
        """Tell the rules."""
        for each in _TYPES:
            lookups.register(each, self.days, ("moved", "same"))
        lookups.register("order.activated", self.activated, ("has_pin", "kind"))

    async def days(self, session: AsyncSession, facts: Sequence[Fact]) -> Mapping[str, Mapping[str, Scalar]]:
        """Whether this very day was announced last (`same`), or another one (`moved`)."""
        last = await _announced(session, facts)
        now = await _days(session, [fact.id for fact in facts])
        found: dict[str, Mapping[str, Scalar]] = {}
        for fact in facts:
            told = last.get(order_key(fact.key))
            same = told is not None and told == now.get(fact.id)
            moved = fact.type == "order.moved" or told is not None
            found[fact.id] = {"moved": moved and not same, "same": same}
        return found

    async def activated(
        self, session: AsyncSession, facts: Sequence[Fact]
    ) -> Mapping[str, Mapping[str, Scalar]]:
        """Whether the customer has a PIN for this order, and what kind of order it was."""
        having = await orders_with_pins(session, [fact.key for fact in facts])
        known = await orders(session, [fact.key for fact in facts])
        return {
            fact.id: {
                "has_pin": fact.key in having,
                "kind": known[fact.key].kind if fact.key in known else "",
            }
            for fact in facts
        }


async def _announced(session: AsyncSession, facts: Sequence[Fact]) -> Mapping[str, tuple[object, ...]]:
    """The day that was announced last and not taken back since, by key: the facts' own do not count."""
    own = {fact.id for fact in facts}
    made: list[tuple[str, str, str]] = []
    for part in slices(sorted({order_key(fact.key) for fact in facts})):
        query = (
            select(RuleDecision.id, RuleDecision.key, RuleDecision.event)
            .where(
                RuleDecision.key.in_(part),
                RuleDecision.result == Result.CONTACT,
                RuleDecision.campaign.in_([LINE_NOTICE, WORKS_NOTICE]),
                RuleDecision.type.in_(_TYPES),  # a second round is of the first's day
            )
            .order_by(RuleDecision.at, RuleDecision.id)
        )
        made += [(row.id, row.key, row.event) for row in await session.execute(query)]
    back = await _taken_back(session, [decision for decision, _, _ in made])
    events = {key: event for decision, key, event in made if decision not in back and event not in own}
    days = await _days(session, sorted(set(events.values())))
    return {key: days[event] for key, event in events.items() if event in days}


async def _taken_back(session: AsyncSession, decisions: Sequence[str]) -> frozenset[str]:
    """Those whose call or text was withdrawn before it told anybody."""
    back: set[str] = set()
    for part in slices(decisions):
        calls = {name: each for each in part for name in (each, second_round(each))}
        replaced = select(Contact.event_id).where(
            Contact.event_id.in_(list(calls)), Contact.outcome == REPLACED
        )
        back |= {calls[name] for name in await session.scalars(replaced)}
        texts = {text_id(each): each for each in part}
        left_out = select(TextMessage.id).where(
            TextMessage.id.in_(list(texts)), TextMessage.state == TextState.WITHDRAWN
        )
        back |= {texts[name] for name in await session.scalars(left_out)}
    return frozenset(back)


async def _days(session: AsyncSession, events: Sequence[str]) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for part in slices(events):
        query = select(BusinessEvent.id, BusinessEvent.data).where(BusinessEvent.id.in_(part))
        for event, data in await session.execute(query):
            found[event] = day_of(data)
    return found
