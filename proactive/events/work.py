"""Working through the events that were taken: mirrors, then rules, then done, in order for each thing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.events.due import anything_due, due, parked_beside, still_open
from proactive.events.kinds import KINDS, Amount
from proactive.events.mirrors import Mirrors, Refusal
from proactive.events.models import BusinessEvent, EventState
from proactive.rules.facts import Fact
from proactive.rules.rulings import Rulings
from store import Database, Event, StoreUnavailableError, emit
from values import Clock, EventId, Scalar

log = structlog.get_logger(__name__)

EVENT_DONE: Final = "proactive.event_done"
"""The outbox event when a business event is done or refused: id, type, about, customer_id, state, result; of
`contact.ended` also `served`: channel, area, agent, team, site, partner."""
_SERVED: Final = ("channel", "area", "agent", "team", "site", "partner")
BATCH: Final = 200
"""Few enough that calls on the line do not feel one, and many enough to be quick."""
LONGEST_WAIT: Final = timedelta(hours=24)
"""How long an event waits for what comes before it."""
FIRST_WAIT: Final = timedelta(seconds=5)
SLOWEST_WAIT: Final = timedelta(minutes=10)
POLL_SECONDS: Final = 0.5
AWAY_SECONDS: Final = 2.0
_LOCK: Final = 0x43454E5445564E54
"""PostgreSQL's advisory lock: one worker at a time for a database, so that order holds."""


class Worker:
    """Works events off in batches, each in one transaction with what came of it: a crash doubles none."""

    def __init__(self, db: Database, mirrors: Mirrors, rulings: Rulings, clock: Clock) -> None:
        self._db = db
        self._mirrors = mirrors
        self._rulings = rulings
        self._clock = clock

    async def run(self) -> None:
        """Go on until cancelled. Survives the database's absence; changed rules are read on the way."""
        while True:
            wait = POLL_SECONDS
            try:
                self._rulings.shelf.refresh()
                if await self.once():
                    wait = 0.0
            except StoreUnavailableError:
                wait = AWAY_SECONDS
            except Exception:
                log.exception("events.work_failed")
                wait = AWAY_SECONDS
            await self._clock.sleep(wait)

    async def drain(self) -> int:
        """Work off all that is due now; how many were looked at."""
        total = 0
        while count := await self.once():
            total += count
        return total

    async def once(self) -> int:
        """Work one batch; how many events were looked at. Raises `StoreUnavailableError`."""
        now = self._clock.now()
        async with self._db.read() as session:
            if not await anything_due(session, now):
                return 0
        try:
            async with self._db.write() as session:
                return await self._work(session, await self._batch(session, now), now)
        except StoreUnavailableError:
            raise
        except Exception:
            log.exception("events.batch_failed")
        return await self._singly(now)

    async def _singly(self, now: datetime) -> int:
        """A batch that failed as a whole, one by one: what fails by itself waits, the others go on."""
        async with self._db.read() as session:
            seqs = [row.seq for row in await due(session, now, BATCH)]
        for seq in seqs:
            try:
                async with self._db.write() as session:
                    await self._in_turn(session)
                    await self._work(session, await still_open(session, seq), now)
            except StoreUnavailableError:
                raise
            except Exception as problem:  # whatever a process does, the others go on
                log.exception("events.failed", seq=seq)
                async with self._db.write() as session:
                    for row in await still_open(session, seq):
                        why = Refusal(f"{type(problem).__name__}: {problem}"[:300], later=True)
                        await emit(session, _told([row], now) if _refuse(row, why, now) else [])
        return len(seqs)

    async def _batch(self, session: AsyncSession, now: datetime) -> Sequence[BusinessEvent]:
        """What is due, oldest first, and parked events of the same things, which may have waited for it."""
        await self._in_turn(session)
        found = await due(session, now, BATCH)
        return sorted([*found, *await parked_beside(session, found)], key=lambda row: (row.at, row.seq))

    async def _in_turn(self, session: AsyncSession) -> None:
        """Several nodes may work on one database; SQLite has one writer at a time anyway."""
        if session.get_bind().dialect.name == "postgresql":
            await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})

    async def _work(self, session: AsyncSession, batch: Sequence[BusinessEvent], now: datetime) -> int:
        told: list[BusinessEvent] = []
        for wave in _waves(batch):
            refusals = await self._mirror(session, wave)
            well = [row for row in wave if row.id not in refusals]
            effects = await self._rulings.enact(session, [fact_of(row) for row in well], now)
            for row in well:
                came = [effect.told() for effect in effects.get(row.id, ())]
                row.state, row.next_at, row.done_at = EventState.DONE, None, now
                row.result = {**_noted(row), **({"rules": came} if came else {})}
                told.append(row)
            told += [row for row in wave if row.id in refusals and _refuse(row, refusals[row.id], now)]
            await session.flush()
        await emit(session, _told(told, now))
        return len(batch)

    async def _mirror(self, session: AsyncSession, wave: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        refusals: dict[str, Refusal] = {}
        by_type: dict[str, list[BusinessEvent]] = {}
        for row in wave:
            by_type.setdefault(row.type, []).append(row)
        for kind, rows in by_type.items():
            for mirror in self._mirrors.by_type.get(kind, ()):
                still = [row for row in rows if row.id not in refusals]
                if still:
                    refusals |= await mirror(session, still)
        return refusals


def _noted(row: BusinessEvent) -> Mapping[str, Any]:
    """What mirrors have told of it; that it waited is over."""
    return {name: told for name, told in row.result.items() if name != "waits"} if row.result else {}


def fact_of(row: BusinessEvent) -> Fact:
    """What rules get to know of an event: its plain fields."""
    kind = KINDS[row.type]
    values: dict[str, Scalar] = {}
    for name, given in row.data.items():
        value = _value(kind.model_fields[name].annotation, given)
        if not isinstance(value, list):
            values[name] = value
    values["source"] = row.source
    return Fact(id=row.id, type=row.type, at=row.at, customer_id=row.customer_id, key=row.key, values=values)


def _value(annotation: Any, given: Any) -> Any:
    if isinstance(given, str):
        words = str(annotation)
        if annotation is date:
            return date.fromisoformat(given)
        if "datetime" in words or "AwareDatetime" in words:
            return datetime.fromisoformat(given)
    if isinstance(given, dict) and annotation is Amount:
        return Amount.model_validate(given).money
    return given


def _waves(batch: Sequence[BusinessEvent]) -> list[list[BusinessEvent]]:
    """The batch in parts that hold nothing twice, each in order: what is about one thing goes one by one."""
    waves: list[list[BusinessEvent]] = []
    place: dict[str, int] = {}
    for row in batch:
        turn = place.get(row.key, 0)
        place[row.key] = turn + 1
        if turn == len(waves):
            waves.append([])
        waves[turn].append(row)
    return waves


def _refuse(row: BusinessEvent, why: Refusal, now: datetime) -> bool:
    """Park an event, or refuse it for good; whether for good."""
    if why.later and now < row.received + LONGEST_WAIT:
        row.state = EventState.PARKED
        row.tries += 1
        row.next_at = now + min(SLOWEST_WAIT, FIRST_WAIT * 2 ** min(row.tries - 1, 20))
        row.result = {"waits": why.reason}
        return False
    waited = f"; waited {LONGEST_WAIT.days * 24 or 24} hours for it" if why.later else ""
    row.state, row.next_at, row.done_at = EventState.REFUSED, None, now
    row.result = {"refused": why.reason + waited}
    return True


def _told(rows: Sequence[BusinessEvent], now: datetime) -> list[Event]:
    return [
        Event(
            id=EventId(f"event-{row.seq}"),
            kind=EVENT_DONE,
            at=now,
            key=row.customer_id or row.key,
            payload={
                "id": row.id,
                "type": row.type,
                "about": row.key,
                "customer_id": row.customer_id,
                "state": row.state.value,
                "result": dict(row.result),
                **_served(row),
            },
        )
        for row in rows
    ]


def _served(row: BusinessEvent) -> dict[str, dict[str, str]]:
    """Who had served a customer elsewhere, for those who ask how it was."""
    if row.type != "contact.ended":
        return {}
    return {"served": {name: str(row.data[name]) for name in _SERVED if row.data.get(name)}}
