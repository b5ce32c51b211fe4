"""Traffic alarm: warned before the bill does it, once a line and cycle, and called if they want it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from customers import CustomerCard, Customers, whose_lines
from dialer import CampaignPlan, Purpose
from ivr.actions import ActionContext, Actions
from messages.sms import Text, TextBook, queue_texts
from proactive.events import BusinessEvent, Mirrors, Refusal
from proactive.facts import TRAFFIC_HIGH
from proactive.rules import Fact, Rulings
from proactive.traffic.book import Reading, alarm_id, alarms, raise_alarms, settle
from proactive.traffic.caring import CARING, Caring, traffic_caring
from proactive.traffic.policy import Policy
from proactive.unreached import remember, with_mobiles
from store import Database, Event, Handler, emit
from values import Clock, CustomerId, EventId, Money, Scalar

CAMPAIGN: Final = "traffic_alarm"
FLOW: Final = "proactive.traffic_warning"
TEXTS: Final = Path(__file__).with_name("texts.yaml")
TEXT_LIVES: Final = timedelta(days=2)
TOLD: Final = "proactive.traffic_told"
"""The outbox event when a warning is over: line, cycle, customer_id, unbilled and threshold in minor units,
currency, outcome, understood, caring."""


class TrafficAlarms:
    """The process: mirrors readings, raises alarms, and remembers what came of telling them."""

    def __init__(
        self, db: Database, customers: Customers, clock: Clock, rulings: Rulings, policy: Policy
    ) -> None:
        self._db = db
        self._customers = customers
        self._clock = clock
        self._rulings = rulings
        self._policy = policy
        self._caring = Caring(customers, policy)
        self._texts = TextBook.load(TEXTS)

    def campaigns(self, *, profile: str, caller_id: str) -> Sequence[CampaignPlan]:
        """The rolling campaign that warns, and the agents' for those who want to be called."""
        warns = CampaignPlan(
            name=CAMPAIGN,
            title="Traffic alarm",
            flow=FLOW,
            purpose=Purpose.SERVICE,
            profile=profile,
            caller_id=caller_id,
            priority=30,
            retry=self._policy.retry,
        )
        return (warns, traffic_caring(profile=profile, caller_id=caller_id, flow=FLOW))

    def register(self, actions: Actions) -> None:
        """Offer `proactive.talk_about_traffic` to the flows."""
        fields, results = frozenset({"line", "cycle"}), frozenset({"promised"})
        actions.register("proactive.talk_about_traffic", self.talk, fields=fields, results=results)

    def hear(self, mirrors: Mirrors) -> None:
        """Hear of readings."""
        mirrors.register("usage.read", self.read)

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events it takes."""
        return {"dialer.contact_done": [Handler("traffic.on_done", self.on_done)]}

    async def read(self, session: AsyncSession, events: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        """Readings of lines we know; the first of a cycle that is over the threshold raises its alarm."""
        lines = await whose_lines(session, sorted({str(event.data["line"]) for event in events}))
        refusals: dict[str, Refusal] = {}
        high: list[Reading] = []
        for event in events:
            line = str(event.data["line"])
            held = lines.get(line)
            if held is None:
                refusals[event.id] = Refusal(f"there is no line {line}")
                continue
            if event.customer_id and event.customer_id != held.customer_id:
                refusals[event.id] = Refusal(f"line {line} is another customer's")
                continue
            event.customer_id = held.customer_id
            said = event.data["unbilled"]
            unbilled = Money(int(said["minor"]), str(said.get("currency", "EUR")))
            threshold = self._policy.threshold_of(held.service)
            if unbilled.currency != threshold.currency:
                refusals[event.id] = Refusal(f"thresholds are in {threshold.currency}; send amounts in it")
            elif unbilled >= threshold:
                cycle = str(event.data["cycle"])
                high.append(Reading(line, cycle, held.customer_id, held.service, unbilled, threshold))
        await self._warn(session, high)
        return refusals

    async def _warn(self, session: AsyncSession, high: Sequence[Reading]) -> None:
        now = self._clock.now()
        raised = await raise_alarms(session, high, now)
        facts = [
            Fact(
                id=each.id,
                type=TRAFFIC_HIGH,
                at=now,
                customer_id=each.customer_id,
                key=each.id,
                values={
                    "line": each.line_id,
                    "cycle": each.cycle,
                    "plan": each.plan,
                    "unbilled": each.unbilled,
                    "threshold": each.threshold,
                },
            )
            for each in raised
        ]
        effects = await self._rulings.enact(session, facts, now) if facts else {}
        for each in raised:
            came = effects.get(each.id, ())
            if not any(effect.contact_id for effect in came):
                outcome = came[0].decision.result.value if came else "no_rule"
                await settle(session, [each], outcome, now)

    async def talk(self, ctx: ActionContext, line: str | None, cycle: str | None) -> Mapping[str, Scalar]:
        """The customer wants to talk about it: an agent rings the number they are on."""
        key = (line or "", cycle or "")
        async with self._db.write() as session:
            alarm = (await alarms(session, [key])).get(key)
            promised = alarm is not None and await self._caring.promise(session, ctx, alarm)
        return {"promised": promised}

    async def on_done(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Warnings and talks are over: tell the CRM, and write to whom a promised talk has not reached."""
        ours = [event for event in events if event.payload.get("campaign") in {CAMPAIGN, CARING}]
        if not ours:
            return
        cards = await remember(session, self._customers, ours)
        await self._write(session, [event for event in ours if self._is_to_be_written(event)], cards)
        warned = {key: event for event in ours if _is_warning(event) and (key := _key(event)) is not None}
        await self._settle(session, warned)

    def _is_to_be_written(self, event: Event) -> bool:
        """Whether a call that was promised has reached nobody."""
        said = event.payload
        missed = not said.get("goal") and said.get("outcome") in self._policy.text_after
        return said.get("campaign") == CARING and missed

    async def _write(
        self,
        session: AsyncSession,
        missed: Sequence[Event],
        cards: Mapping[CustomerId, CustomerCard],
    ) -> None:
        now = self._clock.now()
        texts = [
            Text(
                id=f"text-{each.event.payload['source_event']}",
                to=each.mobile,
                words=self._texts.words("not_reached", each.card.language, {}, zone=each.card.zone),
                purpose=Purpose.SERVICE.value,
                customer_id=each.card.id,
                about=str(each.event.payload["contact_id"]),
                zone=each.card.zone,
                expires=now + TEXT_LIVES,
            )
            for each in await with_mobiles(session, self._customers, missed, cards, now)
        ]
        await queue_texts(session, texts, now)

    async def _settle(self, session: AsyncSession, warned: Mapping[tuple[str, str], Event]) -> None:
        """By what they were about: an operator's own rule may give its contacts ids of its own."""
        found = await alarms(session, list(warned))
        told: list[Event] = []
        for (line, cycle), alarm in found.items():
            event = warned[line, cycle]
            if alarm.done_at is not None:
                continue
            alarm.outcome = str(event.payload.get("outcome"))
            alarm.understood = bool(event.payload.get("goal"))
            alarm.done_at = event.at
            told.append(
                Event(
                    id=EventId(f"told-{alarm_id(line, cycle)}"),
                    kind=TOLD,
                    at=event.at,
                    key=alarm.customer_id,
                    payload={
                        "line": line,
                        "cycle": cycle,
                        "customer_id": alarm.customer_id,
                        "unbilled": alarm.unbilled_minor,
                        "threshold": alarm.threshold_minor,
                        "currency": alarm.currency,
                        "outcome": alarm.outcome,
                        "understood": alarm.understood,
                        "caring": alarm.caring,
                    },
                )
            )
        if told:
            await emit(session, told)


def _is_warning(event: Event) -> bool:
    return event.payload.get("campaign") == CAMPAIGN


def _key(event: Event) -> tuple[str, str] | None:
    fields: Any = event.payload.get("fields") or {}
    line, cycle = fields.get("line"), fields.get("cycle")
    return (str(line), str(cycle)) if line and cycle else None
