"""A campaign that runs in the real loop: its tallies say what its attempts say."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dialer import Order
from dialer.gate import load_profiles
from dialer.models import Attempt, AttemptState, Campaign
from dialer.results import figures, recount, tallied, usual_reading
from dialer.testing import ANSWERS, BUSY, CONGESTED, IGNORES, LOST, Reaction
from tests.dialer.world import TUESDAY, World, number, tell

pytestmark = pytest.mark.database

FATES = (ANSWERS, BUSY, IGNORES, ANSWERS, CONGESTED, LOST, ANSWERS)


def fate(order: Order) -> Reaction:
    return FATES[int(order.number[-2:]) % len(FATES)]


def test_whatever_becomes_of_calls_is_counted_once(database_url: str) -> None:
    async def story(world: World) -> None:
        async def talks(order: Order) -> tuple[str, bool]:
            await world.clock.sleep(20)
            last = int(order.number[-2:])
            return ("closed", True) if last % 3 else ("", False)

        world.flow = talks
        await world.campaign()
        await world.contacts(*(number(each) for each in range(40)))
        async with world.loop():
            await world.clock.sleep(150)
        async with world.db.read() as session:
            campaign = await session.get_one(Campaign, "faults")
            reading = usual_reading(campaign)
            told = await tallied(session, "faults")
            anew = await recount(session, "faults", reading, TUESDAY, TUESDAY + timedelta(days=1))
            done = select(Attempt.id).where(Attempt.state == AttemptState.DONE)
            number_of = len((await session.scalars(done)).all())
            found = await figures(session, campaign, load_profiles()["none"], world.clock.now())
        assert told == {word: (times, pytest.approx(seconds)) for word, (times, seconds) in anew.items()}
        assert (
            told["attempts"][0] == number_of >= 40
        )  # refused ones went to the next trunk, lost ones are still looked for
        assert told["goal"][0] == told["outcome:closed"][0] == told["right_party"][0]
        assert told["outcome:refused"][0] >= 2
        assert found.people.tried <= found.people.contacts == 40
        assert found.connect_rate is not None
        assert found.utilisation is None  # nobody of ours was needed

    tell(database_url, story, script=fate)
