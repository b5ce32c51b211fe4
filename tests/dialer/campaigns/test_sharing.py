"""Campaigns and trunks at work: lines shared by priority and weight, and a trunk that refuses everything."""

from collections import Counter
from datetime import timedelta

import pytest

from dialer import Order, Trunk
from dialer.campaigns import archive
from dialer.testing import ANSWERS, CONGESTED, Reaction
from dialer.trunks import seed_trunks, set_trunk
from tests.dialer.world import World, number, tell

pytestmark = pytest.mark.database


def test_campaigns_of_one_priority_share_the_lines_by_weight_and_an_urgent_one_goes_first(
    database_url: str,
) -> None:
    async def story(world: World) -> None:
        for place, (name, weight, priority) in enumerate(
            [("big", 3.0, 0), ("small", 1.0, 0), ("urgent", 1.0, 9)]
        ):
            await world.campaign(name, weight=weight, priority=priority, calls_per_second=200.0, lines=100)
            if name != "urgent":
                await world.contacts(*[number(1000 * place + i) for i in range(260)], campaign=name)
        async with world.loop([Trunk("only", 40, 1000.0)]):
            await world.clock.sleep(80)
            shares = Counter(_campaigns(world))
            assert shares["big"] / shares["small"] == pytest.approx(3.0, rel=0.15)
            placed = len(world.lines.orders)
            await world.contacts(*[number(5000 + i) for i in range(60)], campaign="urgent")
            await world.clock.sleep(30)
            since = Counter(_campaigns(world)[placed:])
            assert since["urgent"] > since["big"] + since["small"]

    tell(database_url, story)


def _campaigns(world: World) -> list[str]:
    names = {"0": "big", "1": "small", "5": "urgent"}
    return [names[order.number[-4]] for order in world.lines.orders]


def test_a_trunk_that_refuses_everything_is_left_alone_and_taken_back(database_url: str) -> None:
    """503 to everything for a minute; the second trunk carries the calls meanwhile."""

    async def story(world: World) -> None:
        broken_until = world.clock.now() + timedelta(minutes=1)

        def network(order: Order) -> Reaction:
            broken = order.trunk == "first" and world.clock.now() < broken_until
            return CONGESTED if broken else ANSWERS

        world.lines._script = network
        await world.campaign(calls_per_second=2.0, lines=100)
        await world.contacts(*[number(i) for i in range(260)])
        async with world.loop() as loop:
            await world.clock.sleep(55)
            tried = Counter(order.trunk for order in world.lines.orders)
            assert tried["second"] > 100
            assert tried["first"] == 5 + 2  # and two probes, after 10 and after 20 seconds more
            (first, second) = loop.trunk_states()
            assert (first.state, second.state) == ("resting", "working")
            await world.clock.sleep(55)
            assert loop.trunk_states()[0].state == "working"
            assert Counter(order.trunk for order in world.lines.orders)["first"] > 50

    tell(database_url, story)


def test_a_trunk_is_narrowed_and_switched_off_under_way(database_url: str) -> None:
    async def story(world: World) -> None:
        async with world.db.write() as session:
            await seed_trunks(session, [Trunk("first", 20, 1000.0)])
        await world.campaign(calls_per_second=200.0, lines=100)
        await world.contacts(*[number(i) for i in range(300)])
        async with world.loop([Trunk("first", 20, 1000.0)]) as loop:
            await world.clock.sleep(10)
            assert loop.lines_in_use == {"first": 20}
            await tune(world, lines=5)
            await world.clock.sleep(40)
            assert loop.lines_in_use == {"first": 5}
            await tune(world, enabled=False)
            await world.clock.sleep(2)
            placed = len(world.lines.orders)
            await world.clock.sleep(60)
            assert (len(world.lines.orders), loop.lines_in_use) == (placed, {"first": 0})
            await tune(world, enabled=True)
            await world.clock.sleep(2)
            assert loop.lines_in_use == {"first": 5}

    tell(database_url, story)


async def tune(world: World, **settings: object) -> None:
    async with world.db.write() as session:
        await set_trunk(session, "first", settings, by="ada", at=world.clock.now())


def test_an_archived_campaign_stops_at_once(database_url: str) -> None:
    async def story(world: World) -> None:
        await world.campaign(calls_per_second=20.0, lines=10)
        await world.contacts(*[number(i) for i in range(200)])
        async with world.loop():
            await world.clock.sleep(30)
            async with world.db.write() as session:
                await archive(session, "faults", by="ada", at=world.clock.now())
            placed = len(world.lines.orders)
            assert placed >= 10
            await world.clock.sleep(60)
            assert len(world.lines.orders) == placed

    tell(database_url, story)
