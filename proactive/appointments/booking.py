"""Giving times away: one row is counted up while it has room, so that no slot has one customer too many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.appointments.models import Appointment, AppointmentSlot, AppointmentState
from proactive.appointments.slots import PROPOSED, Slot, slots_of, to_choose
from store import Event, emit, insert_missing
from store.lifetime import slices

CHANGED: Final = "proactive.appointment_changed"
"""The outbox event when a visit is confirmed, moved, cancelled, set or offered anew. Payload: appointment,
customer_id, kind, state, start, end, slot, by, call_id."""
CUSTOMER: Final = "customer"
_OPEN: Final = frozenset({AppointmentState.OFFERED, AppointmentState.CONFIRMED, AppointmentState.MOVED})


async def keep_slots(session: AsyncSession, slots: Sequence[Slot]) -> None:
    """Know slots that several customers may want; the last word on how many may have one holds."""
    shared = {each.id: each for each in slots if each.id}
    rows = [
        {"id": each.id, "ends": each.ends, "capacity": each.capacity, "taken": 0} for each in shared.values()
    ]
    for part in slices(rows):
        await insert_missing(session, AppointmentSlot, part)
    for each in shared.values():
        other = AppointmentSlot.id == each.id, AppointmentSlot.capacity != each.capacity
        await session.execute(
            update(AppointmentSlot).where(*other).values(capacity=each.capacity, ends=each.ends)
        )


async def full_slots(session: AsyncSession, slots: Sequence[Slot]) -> frozenset[str]:
    """Those that nobody more can have."""
    ids = [each.id for each in slots if each.id]
    query = select(AppointmentSlot.id).where(
        AppointmentSlot.id.in_(ids), AppointmentSlot.taken >= AppointmentSlot.capacity
    )
    return frozenset(await session.scalars(query))


async def choices(session: AsyncSession, visit: Appointment, now: datetime) -> Sequence[Slot]:
    """What the customer can choose now; their own slot counts as free for them."""
    slots = slots_of(visit.slots)
    return to_choose(slots, await full_slots(session, slots) - {visit.slot}, now)


async def book(session: AsyncSession, visit_id: str, key: int, *, now: datetime, call_id: str) -> bool:
    """Give a customer one of the times they were offered; whether they have it. Twice does no harm."""
    visit = await session.get(Appointment, visit_id, with_for_update=True)
    if visit is None or visit.state not in _OPEN or now >= visit.until:
        return False
    wanted = next((each for each in slots_of(visit.slots) if each.key == key and each.begins > now), None)
    if wanted is None:
        return False
    state = AppointmentState.CONFIRMED if key == PROPOSED else AppointmentState.MOVED
    if visit.state is state and visit.begins == wanted.begins and visit.slot == wanted.id:
        return True
    if wanted.id and wanted.id != visit.slot and not await _take(session, wanted.id):
        return False
    if visit.slot != wanted.id:
        await release(session, visit)
    visit.state, visit.begins, visit.ends, visit.slot = state, wanted.begins, wanted.ends, wanted.id
    await changed(session, [visit], now, by=CUSTOMER, call_id=call_id)
    return True


async def cancel(session: AsyncSession, visit_id: str, *, now: datetime, call_id: str) -> bool:
    """The customer does not want the visit; whether it is off. Twice does no harm."""
    visit = await session.get(Appointment, visit_id, with_for_update=True)
    if visit is None or visit.state not in _OPEN | {AppointmentState.CANCELLED}:
        return False
    if visit.state is not AppointmentState.CANCELLED:
        await release(session, visit)
        visit.state, visit.begins, visit.ends = AppointmentState.CANCELLED, None, None
        await changed(session, [visit], now, by=CUSTOMER, call_id=call_id)
    return True


async def release(session: AsyncSession, visit: Appointment) -> None:
    """Give back the shared slot that a visit holds."""
    if visit.slot:
        held = AppointmentSlot.id == visit.slot, AppointmentSlot.taken > 0
        await session.execute(update(AppointmentSlot).where(*held).values(taken=AppointmentSlot.taken - 1))
    visit.slot = ""


async def take_over(session: AsyncSession, slot_id: str) -> None:
    """Another system has given a slot away, perhaps beyond its room: its word counts."""
    one_more = update(AppointmentSlot).where(AppointmentSlot.id == slot_id)
    await session.execute(one_more.values(taken=AppointmentSlot.taken + 1))


async def changed(
    session: AsyncSession, visits: Sequence[Appointment], now: datetime, *, by: str, call_id: str = ""
) -> None:
    """Note who changed visits, and tell of it."""
    for each in visits:
        each.changed, each.by, each.call_id = now, by, call_id
    await session.flush()
    await emit(session, [_told(each, now) for each in visits])


async def _take(session: AsyncSession, slot_id: str) -> bool:
    """Count a slot up while it has room: databases let one at a time do so."""
    room = AppointmentSlot.id == slot_id, AppointmentSlot.taken < AppointmentSlot.capacity
    counted = update(AppointmentSlot).where(*room).values(taken=AppointmentSlot.taken + 1)
    return (await session.execute(counted.returning(AppointmentSlot.id))).scalar() is not None


def _told(visit: Appointment, now: datetime) -> Event:
    return Event(
        kind=CHANGED,
        at=now,
        key=visit.id,
        payload={
            "appointment": visit.id,
            "customer_id": visit.customer_id,
            "kind": visit.kind,
            "state": visit.state.value,
            "start": visit.begins.isoformat() if visit.begins else None,
            "end": visit.ends.isoformat() if visit.ends else None,
            "slot": visit.slot,
            "by": visit.by,
            "call_id": visit.call_id,
        },
    )
