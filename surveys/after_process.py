"""Something of theirs is done, so they are asked how it was: within a day, and not all of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from store import Event, Handler
from surveys.aftercall.rules import cell_of
from surveys.book import surveys
from surveys.calling import Call, Calling
from surveys.interviews import Invitation
from surveys.items import next_week, week_of
from surveys.models import Occasion, Survey
from surveys.names import HEARD as FACTS
from surveys.plans import AfterProcess, read_after
from surveys.quotas import CellKey, Cells, limits_of
from surveys.sampling import by_chance, hold, may_ask, sampling_plan
from values import AREAS, Clock, CustomerId

EVENT_DONE: Final = "proactive.event_done"
DONE: Final = "done"
HEARD: Final = (EVENT_DONE, *sorted(FACTS))


class AfterProcesses:
    """Hears of what is done, and draws who is asked about it."""

    def __init__(self, calling: Calling, clock: Clock) -> None:
        self._calling = calling
        self._clock = clock

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events it takes."""
        # one name: two kinds that tell of the same repair are taken one after the other
        handler = Handler("surveys.after", self.on_done)
        return {kind: [handler] for kind in HEARD}

    async def on_done(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """For each survey: who is drawn, may be asked and has consented is rung a while later."""
        found: list[tuple[Survey, AfterProcess, Sequence[Event]]] = []
        for survey in await surveys(session, occasion=Occasion.AFTER_PROCESS):
            asks = read_after(survey.plan)
            if survey.active and asks is not None:
                drawn = [event for event in events if _drawn(survey, asks, event)]
                found.append((survey, asks, drawn))
        await hold(session, {_customer(event) for _, _, drawn in found for event in drawn})
        for each in found:
            await self._ask(session, *each)

    async def _ask(
        self, session: AsyncSession, survey: Survey, asks: AfterProcess, events: Sequence[Event]
    ) -> None:
        now = self._clock.now()
        fresh = [
            (event, _invitation(survey, event, 1 / asks.share))
            for event in events
            if event.at + asks.within > now
        ]
        full = await _full(session, survey, {invitation.stratum for _, invitation in fresh}, now)
        monday = next_week(now)
        first: dict[str, tuple[Event, Invitation]] = {}
        for event, invitation in fresh:
            if invitation.stratum not in full or event.at + asks.within > monday:
                first.setdefault(invitation.customer_id, (event, invitation))
        if not first:
            return
        quarantine = timedelta(days=sampling_plan(survey.plan).quarantine_days)
        ids = await may_ask(session, first, now, quarantine)
        willing = await self._calling.consenting(session, [CustomerId(each) for each in sorted(ids)], now)
        calls = [
            Call(
                invitation=invitation,
                source=f"{survey.name}:{event.id}",
                not_before=max(event.at + asks.wait, monday if invitation.stratum in full else now),
                expires=event.at + asks.within,
            )
            for event, invitation in (first[customer] for customer in sorted(willing))
        ]
        await self._calling.ring(session, calls, now)


async def _full(session: AsyncSession, survey: Survey, cells: Iterable[str], now: datetime) -> frozenset[str]:
    """Which of these cells have heard enough this week: nobody is rung before the next only to be told so."""
    targets, week = limits_of(survey.plan), week_of(now)
    if not targets:
        return frozenset()
    planned = {CellKey(survey.name, cell, week): targets.get(cell) for cell in cells}
    return frozenset(key.cell for key in await Cells(session).filled(planned))


def _invitation(survey: Survey, event: Event, weight: float) -> Invitation:
    """Of a contact that was ended elsewhere it is known who had served them."""
    told = event.payload.get("served")
    served = {name: str(value) for name, value in told.items()} if isinstance(told, Mapping) else {}
    area = served.get("area", "")
    area = area if area in AREAS else survey.area
    site = served.get("site", "")
    return Invitation(
        survey=survey.name,
        customer_id=_customer(event),
        about=_about(event),
        agent=served.get("agent", ""),
        team=served.get("team", ""),
        site=site,
        partner=served.get("partner", ""),
        area=area,
        stratum=cell_of(limits_of(survey.plan), area, site),
        weight=weight,
    )


def _drawn(survey: Survey, asks: AfterProcess, event: Event) -> bool:
    if _kind(event) not in asks.events or not _customer(event):
        return False
    if event.payload.get("state", DONE) != DONE:  # a business event that was refused
        return False
    return by_chance(sampling_plan(survey.plan).seed or survey.name, event.id, asks.share)


def _kind(event: Event) -> str:
    return str(event.payload.get("type", "")) if event.kind == EVENT_DONE else event.kind


def _customer(event: Event) -> str:
    return str(event.payload.get("customer_id") or "")


def _about(event: Event) -> str:
    for word in ("fault_id", "about", "id"):
        if event.payload.get(word):
            return str(event.payload[word])
    return event.key
