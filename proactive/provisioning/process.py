"""From the planned day to the welcome: what is remembered of each contact, and whom we write to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers
from dialer import CampaignPlan, Purpose
from ivr.actions import Actions
from messages.sms import TEXT_DONE, Text, TextBook, queue_texts
from proactive.provisioning.again import UNHEARD, is_second_round, ring_again
from proactive.provisioning.campaigns import LINE_NOTICE, WELCOME, WORKS_NOTICE, Policy, load_policy, plans
from proactive.provisioning.naming import text_id
from proactive.provisioning.orders import OrderMirror
from proactive.provisioning.pins import keep_told_pins, seal_pins
from proactive.provisioning.standing import fallen
from proactive.provisioning.welcome import WelcomeDesk
from proactive.rules import Rulings
from proactive.rules.moments import zone_of
from proactive.unreached import Unreached, remember, remember_texts, with_mobiles
from store import Database, Event, Handler
from values import Clock, Scalar

if TYPE_CHECKING:
    from proactive.desk import ProactiveDesk

OURS: Final = frozenset({LINE_NOTICE, WORKS_NOTICE, WELCOME})
TEXTS: Final = Path(__file__).with_name("texts.yaml")
LATEST: Final = time(20, 0)
"""On the planned day itself a text may still go until then."""


class Provisioning:
    """The process: its campaigns, its actions, and what it does when a contact of its is over."""

    def __init__(
        self,
        db: Database,
        customers: Customers,
        clock: Clock,
        rulings: Rulings,
        *,
        policy: Policy | None = None,
    ) -> None:
        self._customers = customers
        self._clock = clock
        self._rulings = rulings
        self._policy = policy or load_policy()
        self._texts = TextBook.load(TEXTS)
        self._welcome = WelcomeDesk(db)

    @staticmethod
    def at_home(
        db: Database, customers: Customers, clock: Clock, home: Path | None, desk: "ProactiveDesk"
    ) -> "Provisioning":
        """By the policy of this home; it mirrors orders at that desk, and keeps the PINs that come."""
        OrderMirror().register(desk.mirrors)
        desk.intake.preparers.append(seal_pins)
        desk.intake.keepers.append(keep_told_pins)
        return Provisioning(db, customers, clock, desk.rulings, policy=load_policy(home))

    def campaigns(self, *, profile: str, caller_id: str) -> Sequence[CampaignPlan]:
        """The campaigns that tell of days, of works, and welcome."""
        return plans(self._policy, profile=profile, caller_id=caller_id)

    def register(self, actions: Actions) -> None:
        """Offer its actions to the flows."""
        self._welcome.register(actions)

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events it takes."""
        return {
            "dialer.contact_done": [Handler("provisioning.on_done", self.on_done)],
            TEXT_DONE: [Handler("provisioning.on_text", self.on_text)],
        }

    async def on_done(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Contacts of ours are over: remember them, and write to those whom no call has reached."""
        ours = [event for event in events if event.payload.get("campaign") in OURS]
        if not ours:
            return
        now = self._clock.now()
        cards = await remember(session, self._customers, ours)
        unreached = await _standing(session, [event for event in ours if self._is_to_be_written(event)])
        found = await with_mobiles(session, self._customers, unreached, cards, now)
        texts = [text for each in found if (text := self._text(each, now)) is not None]
        await queue_texts(session, texts, now)
        written = {text.about for text in texts}
        untold = [str(event.payload["contact_id"]) for event in unreached]
        await ring_again(session, self._rulings, [each for each in untold if each not in written], now)

    async def on_text(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Texts are over: remember those that went, and ring once more whose text nobody has read."""
        await remember_texts(session, self._customers, events)
        unread = [
            str(event.payload.get("about"))
            for event in events
            if str(event.payload.get("id")).startswith(text_id("")) and event.payload.get("state") in UNHEARD
        ]
        if unread:
            await ring_again(session, self._rulings, unread, self._clock.now())

    def _is_to_be_written(self, event: Event) -> bool:
        payload = event.payload
        after = self._policy.way(str(payload["campaign"])).text_after
        second = is_second_round(payload.get("source_event"))
        return not payload.get("goal") and payload.get("outcome") in after and not second

    def _text(self, unreached: Unreached, now: datetime) -> Text | None:
        """The text; None when it would come too late."""
        payload, card, fields = unreached.event.payload, unreached.card, unreached.fields
        expires = _expires(fields.get("planned"), card.zone) or now + timedelta(days=2)
        if expires <= now:
            return None
        which = _which(payload["campaign"], fields)
        return Text(
            id=text_id(str(payload["source_event"])),
            to=unreached.mobile,
            words=self._texts.words(which, card.language, fields, zone=card.zone),
            purpose=Purpose.SERVICE.value,
            customer_id=card.id,
            about=str(payload["contact_id"]),
            zone=card.zone,
            expires=expires,
        )


async def _standing(session: AsyncSession, events: Sequence[Event]) -> Sequence[Event]:
    """Those whose day still holds: it may have been moved or called off while their call was ringing."""
    gone = await fallen(session, [str(event.payload["source_event"]) for event in events])
    return [event for event in events if str(event.payload["source_event"]) not in gone]


def _which(campaign: object, fields: Mapping[str, Scalar]) -> str:
    """The text for what the call would have said."""
    if campaign == WELCOME:
        return "welcome"
    moved = "_moved" if fields.get("moved") else ""
    if campaign == LINE_NOTICE:
        return f"line{moved}"
    hours = "" if fields.get("work_from") and fields.get("work_to") else "_day"
    return f"works{moved}{hours}"


def _expires(planned: Scalar, zone: str) -> datetime | None:
    if not isinstance(planned, date):
        return None
    return datetime.combine(planned, LATEST, zone_of(zone)).astimezone(UTC)
