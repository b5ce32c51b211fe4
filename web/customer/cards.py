"""A customer's card, drawn for whoever looks: for a page, for the desk, ahead of a pop."""

from collections.abc import Mapping
from typing import Any

import jinja2
from sqlalchemy.ext.asyncio import AsyncSession

from calls import queries
from customers import Customers, portrait
from proactive.assurance import Policy
from values import Clock, CustomerId
from web.customer.besides import besides_of
from web.customer.views import TIMELINE, card_view
from web.words import Words

TEMPLATE = "customer/card.html"


async def card_values(
    session: AsyncSession,
    customers: Customers,
    customer_id: str,
    clock: Clock,
    language: str,
    policy: Policy,
    *,
    besides: str = "",
    marks: bool = False,
) -> Mapping[str, Any] | None:
    """What the card's template takes; None when there is no such customer. `besides` the call that is on.

    `policy`: for how long outages are believed to last. `marks`: whether who looks may know by name how
    interviews went and what was answered.
    """
    now = clock.now()
    seen = await portrait(customers, session, CustomerId(customer_id), now)
    if seen is None:
        return None
    calls = await queries.latest(session, queries.CallFilter(customer_id=customer_id), limit=TIMELINE)
    others = [each for each in calls.calls if each.call_id != besides]
    more = await besides_of(session, customer_id, now, language, policy, call=besides, marks=marks)
    return {"c": {**card_view(seen, others, now.date(), language), **more}}


def draw(environment: jinja2.Environment, words: Words, language: str, values: Mapping[str, Any]) -> str:
    """The card as markup; whatever a customer wrote is escaped by the template."""
    return environment.get_template(TEMPLATE).render(
        {**values, "t": words.speaking(language), "language": language}
    )
