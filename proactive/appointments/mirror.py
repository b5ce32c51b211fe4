"""What other systems say of visits: offered, set, off."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.appointments.booking import CUSTOMER, changed, keep_slots, release, take_over
from proactive.appointments.models import Appointment, AppointmentState
from proactive.appointments.slots import slots_of
from proactive.events import BusinessEvent, Mirrors, Refusal
from store.lifetime import slices


class AppointmentMirror:
    """Keeps visits as they are told. One for each type of `appointment.*` event."""

    def register(self, mirrors: Mirrors) -> None:
        """Take these types."""
        mirrors.register("appointment.offered", self.offered)
        mirrors.register("appointment.set", self.set)
        mirrors.register("appointment.cancelled", self.cancelled)

    async def offered(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Times are on offer; an offer made anew takes the place of the one before."""
        known = await _visits(session, events)
        refusals: dict[str, Refusal] = {}
        for event in events:
            slots, visit = slots_of(event.data["slots"]), known.get(event.key)
            why = _anothers(event, visit) or _overtaken(event, _settled(visit))
            if why is None and all(each.begins <= event.received for each in slots):
                why = Refusal("all of its times are past")
            if why is not None:
                refusals[event.id] = why
                continue
            await keep_slots(session, slots)
            if visit is None:
                visit = _new(event)
                session.add(visit)
            else:
                await release(session, visit)
                visit.state, visit.begins, visit.ends = AppointmentState.OFFERED, None, None
                visit.slots, visit.until, visit.said_at = event.data["slots"], _until(event), event.at
                await changed(session, [visit], event.received, by=event.source)
        return refusals

    async def set(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Another system has set the time; what the customer keyed later holds over it."""
        known = await _visits(session, events)
        refusals: dict[str, Refusal] = {}
        for event in events:
            visit = known.get(event.key)
            if (why := _unknown(event, visit, _settled(visit))) or visit is None:
                refusals[event.id] = why or Refusal("unknown")
                continue
            begins, ends = (datetime.fromisoformat(event.data[name]) for name in ("start", "end"))
            same = (each for each in slots_of(visit.slots) if (each.begins, each.ends) == (begins, ends))
            slot = next((each.id for each in same), "")
            if slot != visit.slot:
                await release(session, visit)
                if slot:
                    await take_over(session, slot)
            visit.state, visit.begins, visit.ends, visit.slot = AppointmentState.SET, begins, ends, slot
            visit.said_at = event.at
            await changed(session, [visit], event.received, by=event.source)
        return refusals

    async def cancelled(
        self, session: AsyncSession, events: Sequence[BusinessEvent]
    ) -> Mapping[str, Refusal]:
        """It is off, also where the customer agreed on a time meanwhile: nobody would come then."""
        known = await _visits(session, events)
        refusals: dict[str, Refusal] = {}
        for event in events:
            visit = known.get(event.key)
            if (why := _unknown(event, visit, visit.said_at if visit else None)) or visit is None:
                refusals[event.id] = why or Refusal("unknown")
                continue
            await release(session, visit)
            visit.state, visit.begins, visit.ends = AppointmentState.CANCELLED, None, None
            visit.said_at = event.at
            await changed(session, [visit], event.received, by=event.source)
        return refusals


async def _visits(session: AsyncSession, events: Sequence[BusinessEvent]) -> dict[str, Appointment]:
    found: dict[str, Appointment] = {}
    for part in slices([each.key for each in events]):
        query = select(Appointment).where(Appointment.id.in_(part)).order_by(Appointment.id).with_for_update()
        found |= {visit.id: visit for visit in await session.scalars(query)}
    return found


def _anothers(event: BusinessEvent, visit: Appointment | None) -> Refusal | None:
    if visit is None or visit.customer_id == event.customer_id:
        return None
    return Refusal(f"appointment {event.key} is another customer's")


def _unknown(event: BusinessEvent, visit: Appointment | None, last: datetime | None) -> Refusal | None:
    if visit is None:
        return Refusal(f"there is no appointment {event.key} yet", later=True)
    return _anothers(event, visit) or _overtaken(event, last)


def _settled(visit: Appointment | None) -> datetime | None:
    """When the last word on a visit was said, the customer's included: no older offer or time undoes it."""
    if visit is None:
        return None
    return max(visit.said_at, visit.changed) if visit.by == CUSTOMER else visit.said_at


def _overtaken(event: BusinessEvent, last: datetime | None) -> Refusal | None:
    if last is None or last <= event.at:
        return None
    return Refusal(f"a later word on appointment {event.key} is known already")


def _until(event: BusinessEvent) -> datetime:
    return datetime.fromisoformat(event.data["until"])


def _new(event: BusinessEvent) -> Appointment:
    return Appointment(
        id=event.key,
        customer_id=event.customer_id,
        kind=str(event.data["kind"]),
        state=AppointmentState.OFFERED,
        slots=event.data["slots"],
        until=_until(event),
        offered=event.received,
        said_at=event.at,
        begins=None,
        ends=None,
        slot="",
        changed=event.received,
        by=event.source,
        call_id="",
    )
