"""What the network says of faults: brought into our mirror, in its order, or refused with the reason."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, FaultCard, FaultStatus, NewFault, open_faults, whose_lines
from proactive.events import BusinessEvent, Mirrors, Refusal
from values import CustomerId

BY = "network"
"""Why a fault changed, as it is told on."""
Linked = Callable[[AsyncSession, Sequence[NewFault]], Awaitable[None]]
"""Told of faults that were opened: an outage may be their cause."""


class FaultMirror:
    """Mirrors `fault.opened`, `fault.restored` and `fault.closed`."""

    def __init__(self, customers: Customers, linked: Linked | None = None) -> None:
        self._customers = customers
        self._linked = linked

    def register(self, mirrors: Mirrors) -> None:
        """Hear of them."""
        mirrors.register("fault.opened", self.opened)
        mirrors.register("fault.restored", self.restored)
        mirrors.register("fault.closed", self.closed)

    async def opened(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Faults on lines we know, of the customer who has the line. One that was over is opened again."""
        lines = await whose_lines(session, sorted({str(event.data["line"]) for event in events}))
        known = await self._customers.faults(session, [event.key for event in events])
        refusals: dict[str, Refusal] = {}
        new: list[NewFault] = []
        again: dict[str, datetime] = {}
        for event in events:
            line = str(event.data["line"])
            held, before = lines.get(line), known.get(event.key)
            if held is None:
                refusals[event.id] = Refusal(f"there is no line {line}")
            elif event.customer_id and event.customer_id != held.customer_id:
                refusals[event.id] = Refusal(f"line {line} is another customer's")
            elif before is not None and before.line_id != line:
                refusals[event.id] = Refusal(f"fault {event.key} is on line {before.line_id}")
            else:
                event.customer_id = held.customer_id
                if before is None:
                    symptom = str(event.data["symptom"])
                    new.append(NewFault(event.key, line, held.customer_id, symptom, event.at))
                elif _is_back(event, before):
                    again[before.id] = event.at
        await open_faults(session, new)
        if again:
            await self._customers.set_fault_status(
                session, list(again), FaultStatus.REOPENED, at=again, reason=BY
            )
        if self._linked and new:
            await self._linked(session, new)
        return refusals

    async def restored(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Repairs of faults that we know to be open."""
        return await self._change(session, events, FaultStatus.RESTORED, _restored)

    async def closed(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Ends of faults: after their repair, or without one, since they were cancelled or rejected."""
        return await self._change(session, events, FaultStatus.CLOSED, _closed)

    async def _change(
        self,
        session: AsyncSession,
        events: Sequence[BusinessEvent],
        status: FaultStatus,
        problem: Callable[[BusinessEvent, FaultCard], Refusal | None],
    ) -> Mapping[str, Refusal]:
        known = await self._customers.faults(session, [event.key for event in events])
        refusals: dict[str, Refusal] = {}
        since: dict[str, datetime] = {}
        for event in events:
            fault = known.get(event.key)
            if fault is None:
                refusals[event.id] = Refusal(f"fault {event.key} has not been opened yet", later=True)
                continue
            if event.customer_id and event.customer_id != fault.customer_id:
                refusals[event.id] = Refusal(f"fault {event.key} is another customer's")
                continue
            event.customer_id = CustomerId(fault.customer_id)
            if refusal := problem(event, fault):
                refusals[event.id] = refusal
            elif fault.status is not status:
                since[fault.id] = event.at
        await self._customers.set_fault_status(session, list(since), status, at=since, reason=BY, owner=True)
        return refusals


def _is_back(event: BusinessEvent, fault: FaultCard) -> bool:
    """Whether the network is at work on it once more: its next repair is to be asked about."""
    over = {FaultStatus.RESTORED: fault.restored_at, FaultStatus.CLOSED: fault.closed_at}.get(fault.status)
    return over is not None and event.at > over


def _restored(event: BusinessEvent, fault: FaultCard) -> Refusal | None:
    if fault.status is FaultStatus.CLOSED and event.at >= fault.opened_at:
        return Refusal(f"fault {fault.id} is closed already")
    return _too_early(event, fault)


def _closed(event: BusinessEvent, fault: FaultCard) -> Refusal | None:
    return _too_early(event, fault)


def _too_early(event: BusinessEvent, fault: FaultCard) -> Refusal | None:
    """A word about a fault from before it was one, or from before it was said to be one still."""
    if event.at < fault.opened_at:
        return Refusal(f"fault {fault.id} was opened only at {fault.opened_at.isoformat()}")
    if fault.status is FaultStatus.REOPENED and fault.reopened_at and event.at < fault.reopened_at:
        return Refusal(f"it was said since that fault {fault.id} is not repaired")
    return None
