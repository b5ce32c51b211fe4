"""From the offered times to the agreed one: the campaign, the actions, the text to whom no call reached."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers
from dialer import CampaignPlan, Purpose
from ivr.actions import Actions
from messages.sms import Text, TextBook, queue_texts
from proactive.appointments.campaign import CAMPAIGN, Policy, load_policy, plan
from proactive.appointments.desk import VisitDesk
from proactive.appointments.mirror import AppointmentMirror
from proactive.appointments.models import Appointment, AppointmentState
from proactive.unreached import remember, with_mobiles
from store import Database, Event, Handler
from values import Clock

if TYPE_CHECKING:
    from proactive.desk import ProactiveDesk

TEXTS: Final = Path(__file__).with_name("texts.yaml")


class Appointments:
    """The process."""

    def __init__(
        self, db: Database, customers: Customers, clock: Clock, *, policy: Policy | None = None
    ) -> None:
        self._customers = customers
        self._clock = clock
        self._policy = policy or load_policy()
        self._texts = TextBook.load(TEXTS)
        self._desk = VisitDesk(db, customers)

    @staticmethod
    def at_home(
        db: Database, customers: Customers, clock: Clock, home: Path | None, desk: "ProactiveDesk"
    ) -> "Appointments":
        """By the policy of this home; it hears of visits at that desk."""
        AppointmentMirror().register(desk.mirrors)
        return Appointments(db, customers, clock, policy=load_policy(home))

    def campaigns(self, *, profile: str, caller_id: str) -> Sequence[CampaignPlan]:
        """The campaign that rings about visits."""
        return [plan(self._policy, profile=profile, caller_id=caller_id)]

    def register(self, actions: Actions) -> None:
        """Offer its actions to the flows."""
        self._desk.register(actions)

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events it takes."""
        return {"dialer.contact_done": [Handler("appointments.on_done", self.on_done)]}

    async def on_done(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Contacts of ours are over: remember them, and write to those with whom nothing is agreed."""
        ours = [event for event in events if event.payload.get("campaign") == CAMPAIGN]
        if not ours:
            return
        now = self._clock.now()
        cards = await remember(session, self._customers, ours)
        unreached = [
            event
            for event in ours
            if not event.payload.get("goal") and event.payload.get("outcome") in self._policy.text_after
        ]
        found = await with_mobiles(session, self._customers, unreached, cards, now)
        open_ = await _still_open(session, [str(each.fields.get("appointment_id")) for each in found])
        texts = [
            Text(
                id=f"visit-{each.event.payload['source_event']}",
                to=each.mobile,
                words=self._texts.words(
                    "open", each.card.language, {"until": visit.until}, zone=each.card.zone
                ),
                purpose=Purpose.SERVICE.value,
                customer_id=each.card.id,
                about=str(each.event.payload["contact_id"]),
                zone=each.card.zone,
                expires=visit.until,
            )
            for each in found
            if (visit := open_.get(str(each.fields.get("appointment_id")))) and visit.until > now
        ]
        await queue_texts(session, texts, now)


async def _still_open(session: AsyncSession, ids: Sequence[str]) -> Mapping[str, Appointment]:
    query = select(Appointment).where(Appointment.id.in_(ids), Appointment.state == AppointmentState.OFFERED)
    return {visit.id: visit for visit in await session.scalars(query)}
