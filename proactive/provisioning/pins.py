"""PINs: kept as hashes, tried a few times a call, and locked after too many wrong tries over all calls.

A try is counted, and the count committed, before the PIN is compared: many calls at once get no more tries
than one after another. The last of them locks in that same transaction, so that a call that breaks off there
leaves a lock that ends. Nothing here, nor what it raises, holds a PIN.
"""

import asyncio
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.events.kinds import AnyEvent, OrderActivated
from proactive.events.models import BusinessEvent
from proactive.provisioning.models import OrderPin, ToldPin
from store import AuditNote, Database, note_audit, upsert
from store.lifetime import slices
from values import BadInputError, CustomerId

SHORTEST: Final = 4
LONGEST: Final = 8
TRIES_A_CALL: Final = 3
TRIES: Final = 5
"""Wrong tries in a row, over all calls, after which it is locked."""
LOCKED: Final = timedelta(hours=24)
BY: Final = "centralino"

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=8 * 1024, parallelism=1)
"""Argon2id with 8 MiB and two passes, some ten milliseconds: events come a thousand at a time."""
_SEALED: Final = "$argon2"
"""How a hash begins, and no PIN does."""
_NOBODYS: Final = _HASHER.hash("nobody's")


class Tried(StrEnum):
    """What came of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"
    """Too many tries: this one was not even compared."""
    UNKNOWN = "unknown"
    """There is no PIN for this order."""


@dataclass(frozen=True, slots=True)
class NewPin:
    """A PIN for an order."""

    order_id: str
    pin: str = field(repr=False)
    customer_id: str = ""


def check_pin(pin: str) -> str:
    """A PIN that can be keyed. Raises `BadInputError`, which does not hold it."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise BadInputError(f"a PIN has {SHORTEST} to {LONGEST} digits and nothing else", field="pin")
    return pin


async def keep_pins(session: AsyncSession, pins: Sequence[NewPin], now: datetime) -> None:
    """Keep PINs as hashes; a new one for an order takes the place of the one before, and unlocks.

    Raises `BadInputError` for one that cannot be keyed.
    """
    for each in pins:
        check_pin(each.pin)
    hashes = await _hashes([_bound(each.order_id, each.pin) for each in pins])
    await _keep(session, [(each.order_id, each.customer_id) for each in pins], hashes, now)


async def _keep(
    session: AsyncSession, whose: Sequence[tuple[str, str]], hashes: Sequence[str], now: datetime
) -> None:
    rows = {
        order_id: {
            "order_id": order_id,
            "customer_id": customer_id,
            "hash": made,
            "made": now,
            "failures": 0,
            "locked_until": None,
            "call_id": "",
            "call_tries": 0,
            "used": None,
        }
        for (order_id, customer_id), made in zip(whose, hashes, strict=True)
    }
    for part in slices(list(rows.values())):
        await upsert(session, OrderPin, part, key=["order_id"])


async def _hashes(words: Sequence[str]) -> list[str]:
    """In two threads, since hashing lets others work meanwhile."""
    half = (len(words) + 1) // 2
    parts = (words[:half], words[half:])
    made = await asyncio.gather(*(asyncio.to_thread(_hash_all, part) for part in parts if part))
    return [each for part in made for each in part]


def _hash_all(words: Sequence[str]) -> list[str]:
    return [_HASHER.hash(each) for each in words]


async def orders_with_pins(session: AsyncSession, order_ids: Sequence[str]) -> frozenset[str]:
    """Those of these orders for which there is a PIN."""
    found: set[str] = set()
    for part in slices(sorted(set(order_ids))):
        found |= set(await session.scalars(select(OrderPin.order_id).where(OrderPin.order_id.in_(part))))
    return frozenset(found)


async def seal_pins(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
    """Put hashes in the place of the PINs that events bring (`proactive.events.intake.Preparer`)."""
    bring = [
        (place, event)
        for place, event in enumerate(events)
        if isinstance(event, OrderActivated) and _pin_of(event) and not _pin_of(event).startswith(_SEALED)
    ]
    if not bring:
        return events
    hashes = await _hashes([_bound(event.order, _pin_of(event)) for _, event in bring])
    sealed = list(events)
    for (place, event), made in zip(bring, hashes, strict=True):
        sealed[place] = event.model_copy(update={"pin": SecretStr(made)})
    return sealed


async def keep_told_pins(
    session: AsyncSession, events: Sequence[tuple[AnyEvent, CustomerId]], now: datetime
) -> None:
    """Keep the PINs that new events bring, sealed beforehand or not (`proactive.events.intake.Keeper`).

    They hold once their events are worked: one that is refused then changes no PIN.
    """
    bring = [(event, customer) for event, customer in events if _pin_of(event)]
    sealed = await seal_pins([event for event, _ in bring])
    rows = [
        {
            "event_id": event.id,
            "order_id": str(getattr(event, "order", "")),
            "customer_id": customer,
            "hash": _pin_of(event),
            "told": now,
        }
        for event, (_, customer) in zip(sealed, bring, strict=True)
    ]
    for part in slices(rows):
        await upsert(session, ToldPin, part, key=["event_id"])


async def put_in_force(
    session: AsyncSession, events: Sequence[BusinessEvent], refused: Container[str]
) -> None:
    """Let the PINs hold that these events brought, and forget those of the refused."""
    for part in slices(events):
        query = select(ToldPin).where(ToldPin.event_id.in_([each.id for each in part]))
        told = (await session.scalars(query.order_by(ToldPin.event_id))).all()
        well = [each for each in told if each.event_id not in refused]
        whose = [(each.order_id, each.customer_id) for each in well]
        await _keep(session, whose, [each.hash for each in well], part[0].received)
        await session.execute(delete(ToldPin).where(ToldPin.event_id.in_([each.event_id for each in told])))


def _pin_of(event: AnyEvent) -> str:
    """The PIN that an event brings, or its hash; '' for none."""
    if isinstance(event, OrderActivated) and event.pin is not None:
        return event.pin.get_secret_value()
    return ""


@dataclass(frozen=True, slots=True)
class _Counted:
    """A try, as it was counted."""

    kept: str = field(repr=False)
    """The hash to compare with."""
    answer: Tried | None = None
    """Where it is known beforehand."""
    locks: bool = False
    """It was the last one."""
    customer_id: str = ""


class PinDesk:
    """Compares what callers key."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def open_for(self, order_id: str, now: datetime) -> bool:
        """Whether there is a PIN that may be tried now."""
        async with self._db.read() as session:
            found = await session.get(OrderPin, order_id)
            return found is not None and not _locked(found, now)

    async def tries(self, order_id: str, pin: str, *, call_id: str, now: datetime) -> Tried:
        """Compare; every way takes about as long, so that nobody learns from it which orders have a PIN."""
        counted = await self._count(order_id, call_id, now)
        right = await asyncio.to_thread(_matches, counted.kept, _bound(order_id, pin))
        if counted.answer is not None:
            return counted.answer
        if not right and not counted.locks:
            return Tried.WRONG
        async with self._db.write() as session:
            if right:
                await session.execute(
                    update(OrderPin)
                    .where(OrderPin.order_id == order_id, OrderPin.hash == counted.kept)
                    .values(failures=0, locked_until=None, used=now)
                )
                return Tried.RIGHT
            note = AuditNote(
                at=now, by=BY, what="pin.locked", customer_id=counted.customer_id, about=order_id
            )
            await note_audit(session, [note])
        return Tried.WRONG

    async def _count(self, order_id: str, call_id: str, now: datetime) -> _Counted:
        """Count a try; the last one locks at once, and unlocks should it be right."""
        async with self._db.write() as session:
            found = await session.get(OrderPin, order_id, with_for_update=True)
            if found is None:
                return _Counted(_NOBODYS, Tried.UNKNOWN)
            if found.locked_until is not None and found.locked_until <= now:
                found.locked_until, found.failures = None, 0
            if found.call_id != call_id:
                found.call_id, found.call_tries = call_id, 0
            if _locked(found, now) or found.call_tries >= TRIES_A_CALL:
                return _Counted(found.hash, Tried.REFUSED)
            found.failures += 1
            found.call_tries += 1
            last = found.failures >= TRIES
            if last:
                found.locked_until = now + LOCKED
            return _Counted(found.hash, locks=last, customer_id=found.customer_id)


def _locked(found: OrderPin, now: datetime) -> bool:
    return found.locked_until is not None and now < found.locked_until


def _bound(order_id: str, pin: str) -> str:
    """A PIN holds for its order alone, and two of the same look different."""
    return f"{order_id}:{pin}"


def _matches(kept: str, given: str) -> bool:
    try:
        return _HASHER.verify(kept, given)
    except (VerificationError, InvalidHashError):
        return False
