"""How often the dial loop looks: calls that only a pace holds back start together, and none is lost of it."""

from collections import Counter

import pytest

from dialer import Order, Trunk
from tests.dialer.world import World, number, tell

pytestmark = pytest.mark.database


def test_calls_at_a_pace_start_several_at_a_time_and_none_is_lost_of_it(database_url: str) -> None:
    async def story(world: World) -> None:
        async def talks(_order: Order) -> tuple[str, bool]:
            await world.clock.sleep(3)
            return "closed", True

        world.flow = talks
        await world.campaign(lines=1000, calls_per_second=30.0)
        people = await world.contacts(*(number(place) for place in range(200)))
        async with world.loop(trunks=[Trunk("first", lines=1000, calls_per_second=1000.0)]):
            await world.clock.sleep(5)
            started = len(world.lines.orders)
            await world.clock.sleep(30)
        moments = Counter([(await world.story(each)).attempts[0].committed for each in people])
        assert 145 <= started <= 160, "five seconds, and a quarter of one that was saved up"
        assert len(moments) <= 80, "three at a time"
        assert max(moments.values()) <= 8

    tell(database_url, story)


def test_where_lines_are_short_each_that_becomes_free_is_used_at_once(database_url: str) -> None:
    async def story(world: World) -> None:
        async def talks(order: Order) -> tuple[str, bool]:
            place = [each.attempt_id for each in world.lines.orders].index(order.attempt_id)
            await world.clock.sleep(1 + 0.03 * place)  # one after the other is over in no time
            return "closed", True

        world.flow = talks
        await world.campaign(lines=5, calls_per_second=1000.0)
        people = await world.contacts(*(number(place) for place in range(10)))
        async with world.loop([Trunk("first", lines=1000, calls_per_second=1000.0)]):
            await world.clock.sleep(300)
        attempts = [one for each in people for one in (await world.story(each)).attempts]
        committed = sorted(each.committed for each in attempts)
        over = sorted(each.over for each in attempts if each.over)
        waits = [(after - before).total_seconds() for before, after in zip(over, committed[5:], strict=False)]
        assert len(waits) == 5
        assert max(waits) < 0.05

    tell(database_url, story)
