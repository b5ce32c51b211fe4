"""What the flow of visits can have done: hear what is on offer, confirm, choose, call off."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers
from ivr.actions import ActionContext, Actions
from ivr.speech.words import Occasion, spoken
from proactive.appointments.booking import book, cancel, choices
from proactive.appointments.models import Appointment
from proactive.appointments.slots import PROPOSED, Slot
from proactive.rules.moments import zone_of
from store import Database
from values import CentralinoError, CustomerId, Scalar, local_day

WORDS: Final = Path(__file__).with_name("choices.yaml")
IN_A_BREATH: Final = 3
"""So many choices are said as one value, since a spoken value has a longest length."""
_VISIT: Final = frozenset({"appointment_id"})


class NoVisitError(CentralinoError):
    """There is no such visit any more."""

    error_id = "no-visit"


class VisitDesk:
    """The actions of the flow `proactive.appointment`. Each may be done twice for one call."""

    def __init__(self, db: Database, customers: Customers) -> None:
        self._db = db
        self._customers = customers
        self._words: Mapping[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))

    def register(self, actions: Actions) -> None:
        """Offer them to the flows."""
        told = frozenset({"state", "proposed", "day", "begins", "ends", "others", "some", "more", "rest"})
        actions.register("proactive.appointment", self.look, fields=_VISIT, results=told)
        booked = frozenset({"booked"})
        actions.register("proactive.confirm_appointment", self.confirm, fields=_VISIT, results=booked)
        actions.register(
            "proactive.choose_slot", self.choose, fields=_VISIT | {"value"}, results=frozenset({"ok"})
        )
        off = frozenset({"cancelled"})
        actions.register("proactive.cancel_appointment", self.cancel, fields=_VISIT, results=off)

    async def look(self, ctx: ActionContext, appointment_id: str) -> Mapping[str, Scalar]:
        """Where the visit stands, and what can be chosen, in words of the call's language."""
        async with self._db.read() as session:
            visit = await session.get(Appointment, appointment_id)
            if visit is None:
                raise NoVisitError
            open_ = await choices(session, visit, ctx.now) if ctx.now < visit.until else ()
            zone = await self._zone(session, visit)
        proposed = next((each for each in open_ if each.key == PROPOSED), None)
        others = [self._said(each, ctx, zone) for each in open_ if each.key != PROPOSED]
        breaths = [" ".join(others[first : first + IN_A_BREATH]) for first in (0, IN_A_BREATH)]
        begins = visit.begins or (proposed.begins if proposed else None)
        ends = visit.ends or (proposed.ends if proposed else None)
        return {
            "state": visit.state.value,
            "proposed": proposed is not None,
            "day": local_day(begins, zone) if begins else None,
            "begins": _clock(begins, zone),
            "ends": _clock(ends, zone),
            "others": len(others),
            "some": breaths[0],
            "more": breaths[1],
            "rest": " ".join(others[2 * IN_A_BREATH :]),
        }

    async def confirm(self, ctx: ActionContext, appointment_id: str) -> Mapping[str, Scalar]:
        """Take the proposed time."""
        async with self._db.write() as session:
            booked = await book(session, appointment_id, PROPOSED, now=ctx.now, call_id=ctx.call_id)
        return {"booked": booked}

    async def choose(self, ctx: ActionContext, value: str, appointment_id: str) -> Mapping[str, Scalar]:
        """Take the time of this key."""
        if not value.isdigit() or int(value) == PROPOSED:
            return {"ok": False}
        async with self._db.write() as session:
            return {"ok": await book(session, appointment_id, int(value), now=ctx.now, call_id=ctx.call_id)}

    async def cancel(self, ctx: ActionContext, appointment_id: str) -> Mapping[str, Scalar]:
        """Call the visit off."""
        async with self._db.write() as session:
            return {"cancelled": await cancel(session, appointment_id, now=ctx.now, call_id=ctx.call_id)}

    async def _zone(self, session: AsyncSession, visit: Appointment) -> str:
        """Where the technician comes to."""
        customer = CustomerId(visit.customer_id)
        cards = await self._customers.find_by_ids(session, [customer])
        return cards[customer].zone if customer in cards else ""

    def _said(self, slot: Slot, ctx: ActionContext, zone: str) -> str:
        language = ctx.language if ctx.language in self._words else "en"
        template = self._words[language]
        occasion = Occasion(ctx.now.astimezone(zone_of(zone)).date(), zone_of(zone), "")  # type: ignore[arg-type]

        def words(value: Scalar, kind: str, name: str) -> str:
            before = template.partition("{" + name + "}")[0]
            return " ".join(spoken(value, kind, language, occasion, before=before))

        return template.format(
            day=words(local_day(slot.begins, zone), "date", "day"),
            begins=words(_clock(slot.begins, zone), "time", "begins"),
            ends=words(_clock(slot.ends, zone), "time", "ends"),
            key=slot.key,
        )


def _clock(at: datetime | None, zone: str) -> datetime | None:
    """As clocks there show it."""
    return at.astimezone(zone_of(zone)).replace(tzinfo=None) if at else None
