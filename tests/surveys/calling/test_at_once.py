"""A poll is started while others write, ask the same people, or start it too."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, living_in
from dialer.models import Contact
from surveys.calling import Calling
from surveys.interviews import Invitation, invite
from surveys.models import Interview
from surveys.polls import Polls
from surveys.starting import Starting
from tests.surveys.calling.conftest import BILL, REPAIR, Town, nothing
from values import CustomerId
from values.testing import EPOCH

pytestmark = pytest.mark.database


async def test_others_may_write_while_a_poll_looks_through_its_places(town: Town) -> None:
    await town.set_up(BILL)

    class Looking(Calling):
        """Somebody else writes while all these people are looked through."""

        found: frozenset[CustomerId] = frozenset()

        async def consenting(self, session: AsyncSession, *looked: Any) -> frozenset[CustomerId]:
            if not self.found:
                async with town.db.write() as other:
                    await town.opinion.book.set_up(other, REPAIR, EPOCH)
            self.found |= await super().consenting(session, *looked)
            return self.found

    looking = Looking(Customers(town.db), town.clock)
    async with asyncio.timeout(20):
        started = await Starting(town.db, Polls(looking), looking).start("bill", EPOCH, nothing)
    assert started.invited.total() == len(await town.all(Interview)) > 0


async def test_who_is_asked_elsewhere_between_draw_and_invitation_is_left_alone(town: Town) -> None:
    await town.set_up(BILL)
    await town.set_up(REPAIR)
    async with town.db.read() as session:
        romans = list(await living_in(session, ["Roma"]))

    async def others(session: AsyncSession) -> None:
        await invite(session, [Invitation(survey="repair", customer_id=each) for each in romans], EPOCH)

    started = await town.opinion.starting.start("bill", EPOCH, others)
    assert set(started.invited) == {"Napoli"}
    assert {each.region for each in await town.all(Interview) if each.survey == "bill"} == {"Napoli"}


@pytest.mark.parametrize("seed_", ["2009", ""])
async def test_a_poll_started_twice_at_once_rings_nobody_twice_and_no_more_than_it_takes(
    town: Town, seed_: str
) -> None:
    await town.set_up(replace(BILL, plan={**BILL.plan, "margin": 0.3, "response": 1.0, "seed": seed_}))
    async with town.db.read() as session:
        outlook = await town.opinion.polls.outlook(session, "bill", EPOCH)
    takes = {each.region: each.size.invite for each in outlook}
    assert all(each.may_be_asked > each.size.invite > 0 for each in outlook)

    class Slow(Calling):
        """It looks around before it rings, so that the others catch up."""

        async def ring(self, session: AsyncSession, *calls: Any) -> list[str]:
            for _ in range(30):
                await living_in(session, ["Roma"])
            return await super().ring(session, *calls)

    slow = Slow(Customers(town.db), town.clock)
    starting = Starting(town.db, Polls(slow), slow)
    both = await asyncio.gather(*(starting.start("bill", EPOCH, nothing) for _ in range(3)))
    interviews, contacts = await town.all(Interview), await town.all(Contact)
    assert Counter(each.region for each in interviews) == takes
    assert len({each.customer_id for each in contacts}) == len(contacts) == len(interviews)
    assert sum((each.invited for each in both), Counter()) == takes
