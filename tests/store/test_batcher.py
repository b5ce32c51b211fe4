import asyncio
from collections.abc import Mapping, Sequence

import pytest

from store import Batcher
from values.testing import virtual_time

pytestmark = pytest.mark.unit


class Lookup:
    """A table of squares that counts how it is asked."""

    def __init__(self, *, broken: bool = False) -> None:
        self.asked: list[Sequence[int]] = []
        self.broken = broken

    async def fetch(self, keys: Sequence[int]) -> Mapping[int, int]:
        self.asked.append(keys)
        await asyncio.sleep(0.01)
        if self.broken:
            raise ConnectionError("away")
        return {key: key * key for key in keys if key >= 0}


def test_look_ups_of_one_moment_are_asked_as_one() -> None:
    lookup = Lookup()

    async def main() -> None:
        batcher = Batcher(lookup.fetch)
        answers = await asyncio.gather(*(batcher.get(key) for key in (3, 4, 3, -1)))
        assert answers == [9, 16, 9, None]
        assert await batcher.get(5) == 25

    virtual_time(main())
    assert lookup.asked == [[3, 4, -1], [5]]


def test_nobody_waits_longer_than_the_moment_and_a_full_batch_not_at_all() -> None:
    lookup = Lookup()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        batcher = Batcher(lookup.fetch, seconds=0.002, most=3)
        began = loop.time()
        await batcher.get(1)
        assert loop.time() - began == pytest.approx(0.012)
        began = loop.time()
        await asyncio.gather(*(batcher.get(key) for key in (1, 2, 3)))
        assert loop.time() - began == pytest.approx(0.010)

    virtual_time(main())
    assert lookup.asked == [[1], [1, 2, 3]]


def test_a_failing_batch_fails_its_own_callers_only() -> None:
    lookup = Lookup()

    async def main() -> None:
        batcher = Batcher(lookup.fetch)
        early = asyncio.create_task(batcher.get(1))
        await asyncio.sleep(0.005)
        lookup.broken = True
        late = await asyncio.gather(batcher.get(2), batcher.get(3), return_exceptions=True)
        lookup.broken = False
        assert [type(answer) for answer in late] == [ConnectionError, ConnectionError]
        assert await batcher.get(2) == 4
        assert isinstance((await asyncio.gather(early, return_exceptions=True))[0], int | ConnectionError)

    virtual_time(main())


def test_a_caller_who_hangs_up_does_not_disturb_the_others() -> None:
    lookup = Lookup()

    async def main() -> None:
        batcher = Batcher(lookup.fetch)
        gone = asyncio.create_task(batcher.get(2))
        stays = asyncio.create_task(batcher.get(2))
        await asyncio.sleep(0)
        gone.cancel()
        assert await stays == 4
        with pytest.raises(asyncio.CancelledError):
            await gone

    virtual_time(main())
