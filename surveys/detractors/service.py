"""A low mark becomes a contact of the agents' call-back campaign, once for each interview."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers
from dialer import CampaignPlan, Mode, NewContact, Purpose, enqueue
from store import Event, Handler
from surveys.telling import DETRACTOR
from values import Clock, CustomerId

CAMPAIGN: Final = "detractors"
SCRIPT: Final = "surveys.detractor"
HUNG_UP: Final = timedelta(minutes=2)
"""How long after the last answer they are certainly off the line: a comment takes 45 seconds at most."""
LIVES: Final = timedelta(days=3)
"""After so long a call about it would only remind them."""
WORST: Final = 10
"""The priority within the campaign of a 0; a 6 has four."""
RETRY: Final[Mapping[str, Any]] = {
    "max_attempts": 4,
    "outcomes": {
        "no_answer": {"after": [30, 180, 1440], "most": 3},
        "busy": {"after": [10, 60], "most": 3},
        "machine": {"after": [120, 1440], "most": 2},
        "cut_off": {"after": [2], "most": 2},
    },
}


def detractors_campaign(*, profile: str, caller_id: str, flow: str) -> CampaignPlan:
    """The campaign; jurisdiction, shown number and the `flow` of who rings back are the operator's.

    It is about something of theirs, so its purpose is service: whoever wants no surveys is still rung.
    """
    return CampaignPlan(
        name=CAMPAIGN,
        title="Not content: call back",
        flow=flow,
        purpose=Purpose.SERVICE,
        profile=profile,
        caller_id=caller_id,
        mode=Mode.PROGRESSIVE,
        priority=80,
        retry=RETRY,
        script=SCRIPT,
        wrap_seconds=60.0,
    )


class Detractors:
    """Hears of low marks."""

    def __init__(self, customers: Customers, clock: Clock) -> None:
        self._customers = customers
        self._clock = clock

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events it takes."""
        return {DETRACTOR: [Handler("surveys.on_detractor", self.on_detractor)]}

    async def on_detractor(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Have them rung as soon as they are off the line; the lower the mark, the sooner."""
        now = self._clock.now()
        ids = list({CustomerId(_word(event, "customer_id")) for event in events})
        cards = await self._customers.find_by_ids(session, ids)
        numbers = await self._customers.numbers_of(session, ids, now)
        contacts = []
        for event in events:
            customer = CustomerId(_word(event, "customer_id"))
            card, theirs = cards.get(customer), numbers.get(customer)
            if card is None or not theirs:
                continue
            score = int(_word(event, "score") or 0)
            contacts.append(
                NewContact(
                    campaign=CAMPAIGN,
                    event_id=f"detractor:{_word(event, 'interview')}",
                    customer_id=customer,
                    number=theirs[0].number,
                    numbers=[each.number for each in theirs],
                    zone=card.zone,
                    priority=WORST - score,
                    fields={
                        "customer_name": card.name,
                        "language": card.language,
                        "slow": card.slow_speech,
                        "score": score,
                        "area": _word(event, "area"),
                        "served_by": _word(event, "agent"),
                        "about": _word(event, "about"),
                    },
                    not_before=event.at + HUNG_UP,
                    expires=event.at + LIVES,
                )
            )
        await enqueue(session, contacts, now)


def _word(event: Event, name: str) -> str:
    value = event.payload.get(name)
    return "" if value is None else str(value)
