"""Mass faults: one cause, many customers, who are told when they ring and asked once when it is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, FaultCard, FaultStatus, NewFault, whose_lines
from ivr.actions import ActionContext, Actions
from proactive.assurance import Asking, Policy, Repaired, repaired
from proactive.assurance.mirrors import BY
from proactive.events import BusinessEvent, Mirrors, Refusal
from proactive.outages import book
from proactive.outages.book import Touched
from proactive.outages.causes import Causes
from proactive.outages.models import Outage
from store import Database
from values import CustomerId, Scalar

_NONE: Mapping[str, Scalar] = {"concerned": False, "cause": "", "since": None, "expected": None}
_CHUNK = 400


class Outages:
    """The process: mirrors the network's word, tells callers, and opens the questions afterwards."""

    def __init__(self, db: Database, customers: Customers, asking: Asking, policy: Policy) -> None:
        self._db = db
        self._customers = customers
        self._asking = asking
        self._policy = policy
        self._causes = Causes.load()

    def register(self, actions: Actions) -> None:
        """Offer `proactive.outage` to the flows."""
        results = frozenset(_NONE)
        actions.register("proactive.outage", self.told, fields=frozenset({"customer_id"}), results=results)

    def hear(self, mirrors: Mirrors) -> None:
        """Hear of outages."""
        mirrors.register("outage.opened", self.opened)
        mirrors.register("outage.restored", self.restored)

    async def told(self, ctx: ActionContext, customer_id: str | None) -> Mapping[str, Scalar]:
        """What a caller who is concerned hears: what, since when, until when it is expected to last."""
        if not customer_id:
            return _NONE
        async with self._db.read() as session:
            outage = await book.lasting(session, customer_id)
            if outage is None:
                return _NONE
            cards = await self._customers.find_by_ids(session, [CustomerId(customer_id)])
        zone = cards[CustomerId(customer_id)].zone if cards else "UTC"
        expected = outage.expected_end
        late = expected is not None and expected <= ctx.now  # a promise that has passed is none
        return {
            "concerned": True,
            "cause": self._causes.words(outage.cause, ctx.language),
            "since": _local(outage.opened, zone),
            "expected": None if expected is None or late else _local(expected, zone),
        }

    async def linked(self, session: AsyncSession, faults: Sequence[NewFault]) -> None:
        """Faults were opened: those on lines that an outage touches have its cause."""
        await book.link(session, faults, self._policy.notice)

    async def opened(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Outages with all that they touch; one that is over does not open again."""
        known = await book.known(session, [event.key for event in events])
        refusals: dict[str, Refusal] = {}
        for event in events:
            before = known.get(event.key)
            if before is not None and before.restored is not None:
                refusals[event.id] = Refusal(f"outage {event.key} is over; a new one has an id of its own")
                continue
            touched, unknown = await self._touched(session, event.data)
            words = {
                "id": event.key,
                "cause": str(event.data.get("cause", "")),
                "area": str(event.data.get("area") or ""),
                "expected_end": _time(event.data.get("expected_end")),
                "unknown": unknown,
            }
            await book.keep(session, words, touched, event.at)
            await self._link_open(session, touched)
        return refusals

    async def restored(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """The end: faults under it are restored with it, and everybody is asked once."""
        known = await book.known(session, [event.key for event in events])
        refusals: dict[str, Refusal] = {}
        for event in events:
            if event.key not in known:
                refusals[event.id] = Refusal(f"outage {event.key} has not been opened yet", later=True)
            elif event.at < known[event.key].opened:
                refusals[event.id] = Refusal(f"outage {event.key} was opened only later")
            elif (outage := await book.over(session, event.key, event.at)) is not None:
                await self._ask_everybody(session, outage, event)
        return refusals

    async def _ask_everybody(self, session: AsyncSession, outage: Outage, event: BusinessEvent) -> None:
        whom = await book.touched_by(session, outage.id)
        faults = await self._faults(session, [fault for theirs in whom.values() for fault in theirs])
        broken = [each.id for each in faults.values() if _ended_with(each, event.at)]
        for first in range(0, len(broken), _CHUNK):
            some = broken[first : first + _CHUNK]
            await self._customers.set_fault_status(
                session, some, FaultStatus.RESTORED, at=event.at, reason=BY
            )
        after = await self._faults(session, broken)
        repairs = [repaired(fault, outage.id) for fault in after.values()]
        if self._policy.outage_without_fault == "ask":
            repairs += [
                Repaired(
                    customer_id=CustomerId(customer_id),
                    opened=outage.opened,
                    restored=event.at,
                    outage_id=outage.id,
                )
                for customer_id, theirs in whom.items()
                if not theirs  # a fault of theirs has a question of its own, or has had it
            ]
        await self._ask(session, repairs)

    async def _ask(self, session: AsyncSession, repairs: Sequence[Repaired]) -> None:
        """Some customers at a time, each with all of theirs, so that each is asked about all in one call."""
        whose: dict[str, list[Repaired]] = {}
        for each in repairs:
            whose.setdefault(each.customer_id, []).append(each)
        theirs, now = list(whose.values()), self._db.clock.now()
        for first in range(0, len(theirs), _CHUNK):
            some = [each for one in theirs[first : first + _CHUNK] for each in one]
            await self._asking.ask(session, some, now)

    async def _faults(self, session: AsyncSession, ids: Sequence[str]) -> dict[str, FaultCard]:
        found: dict[str, FaultCard] = {}
        for first in range(0, len(ids), _CHUNK):
            found |= await self._customers.faults(session, ids[first : first + _CHUNK])
        return found

    async def _touched(self, session: AsyncSession, data: Mapping[str, Any]) -> tuple[Sequence[Touched], int]:
        """What an outage touches of what we know, and how much it names that we do not."""
        lines = sorted(set(data.get("lines") or ()))
        whole = sorted(set(data.get("customers") or ()))
        held = await whose_lines(session, lines)
        known: set[CustomerId] = set()
        for first in range(0, len(whole), _CHUNK):
            ids = [CustomerId(each) for each in whole[first : first + _CHUNK]]
            known |= await self._customers.known(session, ids)
        touched = [Touched(held[line].customer_id, line) for line in lines if line in held]
        touched += [Touched(each) for each in sorted(known)]
        return touched, len(lines) + len(whole) - len(touched)

    async def _link_open(self, session: AsyncSession, touched: Sequence[Touched]) -> None:
        """Faults that customers have reported before anybody knew of the outage are linked too."""
        ids = sorted({CustomerId(each.customer_id) for each in touched})
        for first in range(0, len(ids), _CHUNK):
            found = await self._customers.open_faults(session, ids[first : first + _CHUNK])
            await book.link(
                session,
                [
                    NewFault(card.id, card.line_id, card.customer_id, card.symptom, card.opened_at)
                    for cards in found.values()
                    for card in cards
                    if card.status in _BROKEN
                ],
                self._policy.notice,
            )


_BROKEN = frozenset({FaultStatus.OPEN, FaultStatus.REOPENED})


def _ended_with(fault: FaultCard, end: datetime) -> bool:
    """Whether the end of an outage is a fault's too: not of one that was opened, or opened again, since."""
    spoken = max(fault.opened_at, fault.reopened_at or fault.opened_at)
    return fault.status in _BROKEN and spoken <= end


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
