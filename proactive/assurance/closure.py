"""Is it fixed? The call after a repair, from the restored fault to the remembered answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from customers import (
    Channel,
    ContactDirection,
    ContactNote,
    CustomerCard,
    Customers,
    FaultCard,
    FaultStatus,
    NumberCard,
)
from dialer import CampaignPlan, NewContact, Purpose, enqueue, withdraw
from ivr.actions import ActionContext, Actions
from store import Database, Event, Handler
from values import Clock, CustomerId, Scalar, local_day

CAMPAIGN = "fault_closure"
FLOW = "proactive.fault_closure"
LIVES = timedelta(days=3)
"""After so long without an answer the repair is taken as it is; asking later would only puzzle."""

_FAULT = frozenset({"fault_id"})


class FaultClosure:
    """The room's actions for its flow, and what it does when it hears of faults and finished contacts."""

    def __init__(self, db: Database, customers: Customers, clock: Clock) -> None:
        self._db = db
        self._customers = customers
        self._clock = clock

    @staticmethod
    def campaign(
        *, profile: str, caller_id: str, calls_per_second: float = 5.0, lines: int = 50
    ) -> CampaignPlan:
        """The campaign these calls belong to; the jurisdiction and the shown number are the operator's."""
        return CampaignPlan(
            name=CAMPAIGN,
            title="Fault closure",
            flow=FLOW,
            purpose=Purpose.SERVICE,
            profile=profile,
            caller_id=caller_id,
            calls_per_second=calls_per_second,
            lines=lines,
            priority=50,
        )

    def register(self, actions: Actions) -> None:
        """Offer `proactive.close_fault` and `proactive.reopen_fault` to the flows."""
        settled = frozenset({"settled"})
        actions.register("proactive.close_fault", self.close_fault, fields=_FAULT, results=settled)
        actions.register("proactive.reopen_fault", self.reopen_fault, fields=_FAULT, results=settled)

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events it takes."""
        return {
            "customers.fault_restored": [Handler("proactive.on_restored", self.on_restored)],
            "customers.fault_closed": [Handler("proactive.on_settled", self.on_settled)],
            "customers.fault_reopened": [Handler("proactive.on_settled", self.on_settled)],
            "dialer.contact_done": [Handler("proactive.on_done", self.on_done)],
        }

    async def close_fault(self, ctx: ActionContext, fault_id: str) -> Mapping[str, Scalar]:
        """The customer says that it works."""
        return await self._settle(ctx, fault_id, FaultStatus.CLOSED)

    async def reopen_fault(self, ctx: ActionContext, fault_id: str) -> Mapping[str, Scalar]:
        """The customer says that it does not."""
        return await self._settle(ctx, fault_id, FaultStatus.REOPENED)

    async def on_restored(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Faults were repaired: ask those customers, each once for each repair."""
        faults = await self._customers.faults(session, [str(_said(event, "fault_id")) for event in events])
        ids = list({fault.customer_id for fault in faults.values()})
        now = self._clock.now()
        cards = await self._customers.find_by_ids(session, ids)
        numbers = await self._customers.numbers_of(session, ids, now)
        wanted = [
            _contact(fault, cards[fault.customer_id], numbers[fault.customer_id][0], now)
            for fault in faults.values()
            if fault.status is FaultStatus.RESTORED
            and fault.customer_id in cards
            and numbers.get(fault.customer_id)
        ]
        await enqueue(session, wanted, now)

    async def on_settled(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """The customer answered elsewhere, on 0611: nobody need ring them any more."""
        faults = await self._customers.faults(session, [str(_said(event, "fault_id")) for event in events])
        repairs = [  # one that was restored again meanwhile is to be asked about
            _repair(fault)
            for fault in faults.values()
            if fault.restored_at and fault.status is not FaultStatus.RESTORED
        ]
        await withdraw(session, repairs, "settled_elsewhere", self._clock.now())

    async def on_done(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """A contact of ours is over: remember it with the customer, unless they have been erased."""
        ids = [CustomerId(str(_said(event, "customer_id"))) for event in events]
        known = await self._customers.find_by_ids(session, ids)
        notes = [
            ContactNote(
                id=f"h-{_said(event, 'contact_id')}",
                customer_id=CustomerId(str(_said(event, "customer_id"))),
                at=event.at,
                channel=Channel.VOICE,
                direction=ContactDirection.OUTBOUND,
                reason=CAMPAIGN,
                outcome=str(_said(event, "outcome")),
            )
            for event in events
            if _said(event, "campaign") == CAMPAIGN and _said(event, "customer_id") in known
        ]
        if notes:
            await self._customers.note_contacts(session, notes)

    async def _settle(self, ctx: ActionContext, fault_id: str, status: FaultStatus) -> Mapping[str, Scalar]:
        async with self._db.write() as session:
            changed = await self._customers.set_fault_status(
                session, [fault_id], status, at=ctx.now, call_id=ctx.call_id
            )
        return {"settled": bool(changed)}


def _repair(fault: FaultCard) -> str:
    """One repair of one fault: what makes a contact, however often it is told."""
    repaired = int(fault.restored_at.timestamp()) if fault.restored_at else 0
    return f"repair-{fault.id}-{repaired}"


def _contact(fault: FaultCard, customer: CustomerCard, number: NumberCard, now: datetime) -> NewContact:
    return NewContact(
        campaign=CAMPAIGN,
        event_id=_repair(fault),
        customer_id=customer.id,
        number=number.number,
        zone=customer.zone,
        fields={
            "customer_name": customer.name,
            "fault_id": fault.id,
            "opened": local_day(fault.opened_at, customer.zone),
            "language": customer.language,
            "slow": customer.slow_speech,
        },
        expires=now + LIVES,
    )


def _said(event: Event, name: str) -> Any:
    return event.payload.get(name)
