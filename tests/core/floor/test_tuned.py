"""Operations lower what a campaign may abandon, and the floor shows its utilisation follow."""

import asyncio
from statistics import fmean

import pytest

from centralino.core.floor import FloorBoard
from dialer import Order
from dialer.campaigns import House, change
from dialer.models import Mode
from dialer.testing import IGNORES, Reaction
from tests.core.floor.test_board import Shelf
from tests.dialer.floor import Floor
from tests.dialer.world import World, number, tell, working

pytestmark = [pytest.mark.database, pytest.mark.timeout(300)]

AGENTS, MINUTES = 12, 16
PART = 6
"""What is left of the budget; half of it costs two points, which a short day's chance may hide."""
EVERY = 4
"""One of so many answers."""


def reacts(order: Order) -> Reaction:
    return Reaction(after=8.0) if int(order.number[-4:]) % EVERY == 0 else IGNORES


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_utilisation_follows_the_abandonment_that_is_allowed(database_url: str) -> None:
    tell(database_url, story, script=reacts)


async def story(world: World) -> None:
    floor, shelf = Floor(world, talk=50, wrap=10), Shelf()
    floor.sign_in(f"agent{i:02d}" for i in range(AGENTS))
    await world.campaign(calls_per_second=50.0, lines=80, mode=Mode.PREDICTIVE, max_abandon=0.03)
    await world.contacts(*(number(i) for i in range(4000)))
    loop = floor.loop()
    board = FloorBoard(world.db, shelf, world.gate, floor.desk, loop, world.clock, "node1")  # type: ignore[arg-type]
    telling = asyncio.create_task(board.run())
    async with loop:
        await world.clock.sleep(60 * MINUTES)
        before = fmean(row["campaigns"]["faults"][0] for row in shelf.rows[MINUTES // 2 :])
        limit = shelf.told[-1]["campaigns"]["faults"]["limit"]
        with working(cut=False):
            async with world.db.write() as session:
                less = {"max_abandon": limit / PART}
                await change(session, House(world.gate), "faults", less, by="olga", at=world.clock.now())
        await world.clock.sleep(60 * MINUTES)
        after = fmean(row["campaigns"]["faults"][0] for row in shelf.rows[-MINUTES // 2 :])
        assert shelf.told[-1]["campaigns"]["faults"]["limit"] == pytest.approx(limit / PART)
    await world.clock.sleep(0.5)  # between two rounds, when nothing is being read
    telling.cancel()
    assert after < before - 0.01, "less of a budget: agents wait longer for the next answer"
