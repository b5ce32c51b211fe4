"""What happens to an order is mirrored before anybody is rung about it, and what cannot be is refused."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import OrderCard, OrderStatus, OrderWord, keep_orders, orders
from messages.sms import withdraw_texts
from proactive.events import BusinessEvent, Mirrors, Refusal
from proactive.events.models import EventState
from proactive.provisioning.naming import DAYS, day_of, order_key, text_id
from proactive.provisioning.pins import put_in_force
from proactive.rules.models import RuleDecision
from store.lifetime import slices
from values import CustomerId

OVER: Final = {OrderStatus.DONE: "is activated", OrderStatus.CANCELLED: "is cancelled"}
ACTIVATION: Final = "activation"
"""The kind of an order of which we first hear that it is active."""

Judge = Callable[[BusinessEvent, OrderCard | None], Refusal | None]


class OrderMirror:
    """Brings our mirror of orders up to date. One for each type of `order.*` event."""

    def register(self, mirrors: Mirrors) -> None:
        """Take these types."""
        mirrors.register("order.planned", self.planned)
        mirrors.register("order.moved", self.moved)
        mirrors.register("order.activated", self.activated)
        mirrors.register("order.cancelled", self.cancelled)

    async def planned(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """A day is set, for an order that may be new to us."""
        return await self._mirror(session, events, OrderStatus.PLANNED, _not_over)

    async def moved(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Another day is set, for one that had a day."""
        return await self._mirror(session, events, OrderStatus.PLANNED, _known_and_open)

    async def activated(
        self, session: AsyncSession, events: Sequence[BusinessEvent]
    ) -> Mapping[str, Refusal]:
        """It works, whether or not anybody told us of it before; from now on its PIN holds."""
        refusals = await self._mirror(session, events, OrderStatus.DONE, _not_over)
        await put_in_force(session, events, refusals)
        return refusals

    async def cancelled(
        self, session: AsyncSession, events: Sequence[BusinessEvent]
    ) -> Mapping[str, Refusal]:
        """It is off."""
        return await self._mirror(session, events, OrderStatus.CANCELLED, _known_and_open)

    async def _mirror(
        self,
        session: AsyncSession,
        events: Sequence[BusinessEvent],
        status: OrderStatus,
        judge: Judge,
    ) -> Mapping[str, Refusal]:
        before = await orders(session, [each.key for each in events])
        last = await _last_said(session, [each for each in events if each.type in DAYS])
        refusals: dict[str, Refusal] = {}
        words: list[OrderWord] = []
        changed: list[str] = []
        for event in events:
            known = before.get(event.key)
            why = _anothers(event, known) or judge(event, known) or _overtaken(event, last.get(event.key))
            if why is not None:
                refusals[event.id] = why
            else:
                words.append(_word(event, known, status))
                if event.key not in last or last[event.key][1] != day_of(event.data):
                    changed.append(event.key)
        await keep_orders(session, words)
        await self._take_back_texts(session, changed, events[0])
        return refusals

    async def _take_back_texts(
        self, session: AsyncSession, changed: Sequence[str], event: BusinessEvent
    ) -> None:
        """What was written of a day and has not gone yet is no longer true."""
        for part in slices([order_key(each) for each in changed]):
            found = await session.scalars(select(RuleDecision.id).where(RuleDecision.key.in_(part)))
            ids = [text_id(each) for each in found]
            await withdraw_texts(session, ids, f"then came {event.type}", event.received)


def _anothers(event: BusinessEvent, known: OrderCard | None) -> Refusal | None:
    if known is None or known.customer_id == event.customer_id:
        return None
    return Refusal(f"order {event.key} is another customer's")


async def _last_said(
    session: AsyncSession, events: Sequence[BusinessEvent]
) -> Mapping[str, tuple[datetime, tuple[object, ...]]]:
    """When the day that holds was said, and which it is, by order."""
    found: dict[str, tuple[datetime, tuple[object, ...]]] = {}
    for part in slices(events):
        query = (
            select(BusinessEvent.key, BusinessEvent.at, BusinessEvent.data)
            .where(
                BusinessEvent.customer_id.in_({each.customer_id for each in part}),  # these have an index
                BusinessEvent.key.in_([each.key for each in part]),
                BusinessEvent.type.in_(DAYS),
                BusinessEvent.state == EventState.DONE,
            )
            .order_by(BusinessEvent.at, BusinessEvent.seq)
        )
        found |= {key: (at, day_of(data)) for key, at, data in await session.execute(query)}
    return found


def _overtaken(event: BusinessEvent, last: tuple[datetime, tuple[object, ...]] | None) -> Refusal | None:
    if last is None or last[0] <= event.at:
        return None
    return Refusal(f"a later word on order {event.key} is known already")


def _not_over(event: BusinessEvent, known: OrderCard | None) -> Refusal | None:
    if known is not None and known.status in OVER:
        return Refusal(f"order {event.key} {OVER[known.status]} already")
    return None


def _known_and_open(event: BusinessEvent, known: OrderCard | None) -> Refusal | None:
    if known is None:
        return Refusal(f"there is no order {event.key} yet", later=True)
    return _not_over(event, known)


def _word(event: BusinessEvent, known: OrderCard | None, status: OrderStatus) -> OrderWord:
    planned = event.data.get("planned")
    before = known.planned if known is not None else None
    return OrderWord(
        id=event.key,
        customer_id=CustomerId(event.customer_id),
        kind=str(event.data.get("kind") or (known.kind if known is not None else ACTIVATION)),
        status=status,
        placed=known.placed if known is not None else event.at,
        planned=date.fromisoformat(str(planned)) if planned else before,
    )
