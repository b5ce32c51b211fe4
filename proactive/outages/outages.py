"""Mass faults: one cause, many customers, who are told when they ring and asked once when it is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, NewFault, whose_lines
from ivr.actions import ActionContext, Actions
from proactive.assurance import Asking, Policy
from proactive.events import BusinessEvent, Mirrors, Refusal
from proactive.outages import areas, book, looking
from proactive.outages.book import Touched
from proactive.outages.causes import Causes
from proactive.outages.ending import BROKEN, Ending
from proactive.outages.models import Outage
from store import Database
from values import CustomerId, Scalar

_NONE: Mapping[str, Scalar] = {
    "concerned": False,
    "cause": "",
    "since": None,
    "expected": None,
    "will_call": False,
}
_CHUNK = 400
NAMED = 20
"""So many lines and customers that we do not know are told by name."""


class Outages:
    """The process: mirrors the network's word, tells callers, and has the questions asked afterwards."""

    def __init__(self, db: Database, customers: Customers, asking: Asking, policy: Policy) -> None:
        self._db = db
        self._customers = customers
        self._policy = policy
        self._causes = Causes.load()
        self.ending = Ending(db, customers, asking, policy, db.clock)

    def register(self, actions: Actions) -> None:
        """Offer `proactive.outage` to the flows."""
        results = frozenset(_NONE)
        actions.register("proactive.outage", self.told, fields=frozenset({"customer_id"}), results=results)

    def hear(self, mirrors: Mirrors) -> None:
        """Hear of outages."""
        mirrors.register("outage.opened", self.opened)
        mirrors.register("outage.restored", self.restored)

    async def told(self, ctx: ActionContext, customer_id: str | None) -> Mapping[str, Scalar]:
        """What a caller who is concerned hears: what, since when, until when, and whether we call then."""
        if not customer_id:
            return _NONE
        async with self._db.read() as session:
            touching = await looking.touching(session, customer_id, ctx.now, self._policy, most=1)
            if not touching:
                return _NONE
            outage = touching[0]
            will_call = await self._will_call(session, outage, customer_id)
            cards = await self._customers.find_by_ids(session, [CustomerId(customer_id)])
        zone = cards[CustomerId(customer_id)].zone if cards else "UTC"
        expected = outage.expected_end
        late = expected is not None and expected <= ctx.now  # a promise that has passed is none
        return {
            "concerned": True,
            "cause": self._causes.words(outage.cause, ctx.language),
            "since": _local(outage.opened, zone),
            "expected": None if expected is None or late else _local(expected, zone),
            "will_call": will_call,
        }

    async def _will_call(self, session: AsyncSession, outage: Outage, customer_id: str) -> bool:
        """Whether a customer is asked when it is over: of a fault of theirs that lasts, or as all are."""
        theirs = await book.caused(session, outage.id, customer_id)
        if not theirs:
            return self._policy.asks_without_fault
        faults = await self._customers.faults(session, theirs)
        return any(fault.status in BROKEN for fault in faults.values())

    async def linked(self, session: AsyncSession, faults: Sequence[NewFault]) -> None:
        """Faults were opened: those on lines that an outage touches have its cause."""
        await book.link(session, faults, self._policy.notice)

    async def opened(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Outages with all that they touch; one that is over does not open again."""
        known = await book.known(session, [event.key for event in events])
        refusals: dict[str, Refusal] = {}
        for event in events:
            why = await self._open(session, event, known.get(event.key))
            if why is not None:
                refusals[event.id] = why
        return refusals

    async def _open(
        self, session: AsyncSession, event: BusinessEvent, before: Outage | None
    ) -> Refusal | None:
        """One outage taken into the book; what it touches, and what it names that we do not know, is told."""
        if before is not None and before.restored is not None:
            return Refusal(f"outage {event.key} is over; a new one has an id of its own")
        lines, whole = (sorted(set(event.data.get(name) or ())) for name in ("lines", "customers"))
        area = str(event.data.get("area") or "")
        province: Sequence[str] = ()
        if before is None and not lines and not whole:
            if not area:
                return Refusal("it touches nobody: name its area, or lines or customers")
            province = await areas.province(session, area)
            if not province:
                return Refusal(await areas.no_province(session, area))
        touched, unknown = await self._touched(session, lines, whole)
        words = {
            "id": event.key,
            "cause": str(event.data.get("cause", "")),
            "area": province[0] if province else await _named_before(session, before, area),
            "expected_end": _time(event.data.get("expected_end")),
            "unknown": sum(map(len, unknown.values())),
        }
        await book.keep(session, words, touched, event.at)
        if province:
            await areas.touch(session, event.key, province, event.at)
            await book.link(session, await areas.broken_there(session, event.key), self._policy.notice)
        await self._link_open(session, touched)
        event.result = {"touched": await book.touches(session, event.key), **_named(unknown)}
        return None

    async def restored(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """The end, in a word: `Ending` restores the faults under it and asks everybody, some at a time."""
        known = await book.known(session, [event.key for event in events])
        refusals: dict[str, Refusal] = {}
        for event in events:
            if event.key not in known:
                refusals[event.id] = Refusal(f"outage {event.key} has not been opened yet", later=True)
            elif event.at < known[event.key].opened:
                refusals[event.id] = Refusal(f"outage {event.key} was opened only later")
            else:
                await book.over(session, event.key, event.at)
        return refusals

    async def _touched(
        self, session: AsyncSession, lines: Sequence[str], whole: Sequence[str]
    ) -> tuple[Sequence[Touched], Mapping[str, Sequence[str]]]:
        """What an outage touches of what we know, and the lines and customers it names that we do not."""
        held = await whose_lines(session, lines)
        known: set[CustomerId] = set()
        for first in range(0, len(whole), _CHUNK):
            ids = [CustomerId(each) for each in whole[first : first + _CHUNK]]
            known |= await self._customers.known(session, ids)
        touched = [Touched(held[line].customer_id, line) for line in lines if line in held]
        touched += [Touched(each) for each in sorted(known)]
        unknown = {
            "lines": [line for line in lines if line not in held],
            "customers": [each for each in whole if each not in known],
        }
        return touched, unknown

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
                    if card.status in BROKEN
                ],
                self._policy.notice,
            )


async def _named_before(session: AsyncSession, before: Outage | None, area: str) -> str:
    """The area, unless an earlier word said it and this one does not; a province keeps its name."""
    if before is not None and (not area or await areas.is_province(session, before.area)):
        return before.area
    return area


def _named(unknown: Mapping[str, Sequence[str]]) -> Mapping[str, object]:
    """What we do not know, for the event's result: how many, and the first of each by name."""
    count = sum(map(len, unknown.values()))
    if not count:
        return {}
    named = {kind: list(names[:NAMED]) for kind, names in unknown.items() if names}
    return {"unknown": {"count": count, **named}}


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
