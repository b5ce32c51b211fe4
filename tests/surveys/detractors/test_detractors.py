"""Whoever gives a low mark is rung by an agent, once, after they have hung up, the lowest mark first."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from customers import Customers
from customers.seed import id_of, number_of, seed
from dialer import Gate, Mode, Purpose, load_profiles, set_up
from dialer.models import Campaign, Contact
from store import Database, Event, Handler, OutboxEvent
from surveys import OpinionDesk
from surveys.detractors import CAMPAIGN, detractors_campaign
from surveys.interviews import Beginning, Given, Invitation, begin, break_off, finish, invite
from surveys.models import Occasion, Survey
from surveys.telling import DETRACTOR
from values import EventId
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database


class House:
    """Customers, a survey they answer, and who hears of low marks."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db = db
        gate = Gate(load_profiles(), country="IT")
        desk = OpinionDesk(
            db, Customers(db), clock, gate, profile="none", caller_id="+390650000611", known=lambda _: True
        )
        (handler,) = desk.subscriptions()[DETRACTOR]
        assert isinstance(handler, Handler)
        self.hears = handler.take

    async def answers(self, who: int, score: int, *, hangs_up: bool = False) -> None:
        name = f"i{who}"
        given = [Given(interview=name, answers={"recommend": score})]
        async with self.db.write() as session:
            invited = Invitation(
                survey="voice", customer_id=id_of(who), id=name, area="adsl", agent="anna", about="c1"
            )
            await invite(session, [invited], EPOCH)
            await begin(session, [Beginning(interview=name, call_id=f"c{who}")], EPOCH)
            await (break_off if hangs_up else finish)(session, given, EPOCH)

    async def told(self) -> list[Event]:
        async with self.db.read() as session:
            rows = await session.scalars(select(OutboxEvent).where(OutboxEvent.kind == DETRACTOR))
            return [
                Event(kind=row.kind, at=row.at, key=row.key, payload=row.payload, id=EventId(row.id))
                for row in rows
            ]

    async def hear(self) -> None:
        events = await self.told()
        async with self.db.write() as session:
            await self.hears(session, events)

    async def contacts(self) -> list[Contact]:
        async with self.db.read() as session:
            rows = await session.scalars(select(Contact).order_by(Contact.priority.desc()))
            return list(rows)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    clock = FixedClock()
    async with Database(database_url, clock=clock) as db:
        async with db.write() as session:
            await seed(session, 5)
            plan = detractors_campaign(profile="none", caller_id="+390650000611", flow="care.service_0611")
            await set_up(session, Gate(load_profiles(), country="IT"), plan)
            session.add(
                Survey(
                    name="voice", title="", questionnaire="surveys.nps", occasion=Occasion.AFTER_CALL,
                    area="", active=True, plan={}, created=EPOCH,
                )
            )  # fmt: skip
        yield House(db, clock)


async def test_a_low_mark_is_a_call_by_an_agent_who_sees_it(house: House) -> None:
    for who, score in ((1, 6), (2, 0), (3, 7)):
        await house.answers(who, score)
    await house.hear()
    worst, other = await house.contacts()
    assert [each.customer_id for each in (worst, other)] == [id_of(2), id_of(1)]
    assert worst.campaign == CAMPAIGN
    assert worst.number == number_of(2)
    assert (worst.fields["score"], worst.fields["area"], worst.fields["served_by"]) == (0, "adsl", "anna")
    assert worst.fields["customer_name"]
    assert worst.not_before == EPOCH + timedelta(minutes=2)  # they are still on the line
    async with house.db.read() as session:
        campaign = await session.get_one(Campaign, CAMPAIGN)
    assert (campaign.mode, campaign.purpose) == (Mode.PROGRESSIVE, Purpose.SERVICE)


async def test_each_interview_is_one_call_however_often_it_is_told(house: House) -> None:
    await house.answers(1, 3)
    for _ in range(2):
        await house.hear()
    assert len(await house.contacts()) == 1


async def test_who_hung_up_after_a_low_mark_is_rung_all_the_more(house: House) -> None:
    await house.answers(1, 2, hangs_up=True)
    await house.hear()
    assert [each.fields["score"] for each in await house.contacts()] == [2]


async def test_somebody_who_is_known_no_more_is_passed_over(house: House) -> None:
    await house.answers(99, 2)
    await house.hear()
    assert await house.contacts() == []
