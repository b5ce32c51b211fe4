"""Virtual time: long waits take none, in their order; deadlines follow it."""

import asyncio
from datetime import timedelta

import pytest

from values.testing import EPOCH, FixedClock, VirtualClock, virtual_time

pytestmark = pytest.mark.unit


def test_a_day_passes_in_no_time_and_in_order() -> None:
    clock, woken = VirtualClock(), list[int]()

    async def sleeper(seconds: int) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    async def day() -> None:
        await asyncio.gather(*(sleeper(seconds) for seconds in (86_400, 60, 3600)))
        assert clock.now() == EPOCH + timedelta(days=1)

    virtual_time(day())
    assert woken == [60, 3600, 86_400]


def test_deadlines_are_virtual_too() -> None:
    clock = VirtualClock()

    async def late() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await clock.sleep(10)
        return clock.monotonic()

    assert virtual_time(late()) == 5


def test_a_timer_that_was_cancelled_does_not_turn_the_clock() -> None:
    clock = VirtualClock()

    async def main() -> float:
        async with asyncio.timeout(1000):
            await clock.sleep(1)
        await clock.sleep(1)
        return clock.monotonic()

    assert virtual_time(main()) == 2


def test_a_fixed_clock_moves_only_by_hand() -> None:
    clock = FixedClock()
    asyncio.run(clock.sleep(90))
    assert clock.now() == EPOCH + timedelta(seconds=90)
    assert clock.monotonic() == clock.now().timestamp()
