"""Two hundred customers, a poll and questions after a process; everything but the telephone."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import surveys
from customers import Customers
from customers.seed import seed
from dialer import CONTACT_DONE, Gate, load_profiles
from dialer.models import Contact
from ivr.language import load_flow
from proactive.events import KINDS
from store import Base, Database, Event
from surveys import OpinionDesk
from surveys.book import SurveyPlan
from surveys.interviews import Beginning, Given, begin, finish
from surveys.models import Occasion
from surveys.names import Names
from surveys.questionnaires import items_of
from surveys.starting import Started
from values.testing import EPOCH, FixedClock

BILL = SurveyPlan(
    name="bill",
    questionnaire="surveys.bill_delivered",
    occasion=Occasion.POLL,
    title="Did your bill arrive?",
    plan={"regions": ["Roma", "Napoli"], "margin": 0.1, "response": 0.5, "seed": "2009"},
)
REPAIR = SurveyPlan(
    name="repair",
    questionnaire="surveys.after_process",
    occasion=Occasion.AFTER_PROCESS,
    area="adsl",
    plan={"after": {"events": ["customers.fault_closed", "order.activated"], "share": 1.0}},
)


def asked_in(questionnaire: str) -> frozenset[str]:
    """The questions of one of the house's."""
    file = surveys.FLOWS / f"{questionnaire.removeprefix('surveys.')}.yaml"
    return items_of(load_flow(file.read_text(encoding="utf-8"), file=file.name).flow)


class Town:
    """Two hundred customers, and the room that asks them."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db, self.clock = db, clock
        self.opinion = OpinionDesk(
            db,
            Customers(db),
            clock,
            Gate(load_profiles(), country="IT"),
            profile="it",
            caller_id="+390650000611",
            known=lambda name: name.startswith("surveys."),
            flows=lambda: ["surveys.nps", "surveys.csat"],
            names=Names(events=KINDS),
            items=asked_in,
        )

    async def set_up(self, plan: SurveyPlan) -> None:
        async with self.db.write() as session:
            await self.opinion.book.set_up(session, plan, self.clock.now())

    async def start(self, name: str) -> Started:
        return await self.opinion.starting.start(name, self.clock.now(), nothing)

    async def all(self, table: type[Base]) -> Sequence[Any]:
        async with self.db.read() as session:
            return (await session.scalars(select(table))).all()

    async def happens(self, *events: Event) -> None:
        for event in events:
            for handler in self.opinion.subscriptions()[event.kind]:
                async with self.db.write() as session:
                    await handler.take(session, [event])

    async def ends(self, contact: Contact, outcome: str) -> None:
        await self.happens(
            Event(
                kind=CONTACT_DONE,
                at=self.clock.now(),
                payload={"campaign": contact.campaign, "outcome": outcome, "fields": contact.fields},
            )
        )

    async def says(self, interview: str, *, arrived: bool) -> None:
        async with self.db.write() as session:
            await begin(session, [Beginning(interview=interview)], self.clock.now())
            await finish(
                session, [Given(interview=interview, answers={"arrived": arrived})], self.clock.now()
            )


async def nothing(_: AsyncSession) -> None:
    """No page, no deed."""


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        async with db.write() as session:
            await seed(session, 200, day=EPOCH.date())
        yield Town(db, clock)
