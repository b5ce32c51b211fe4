import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
import structlog

from store import LiveStore, StoreAddressError
from tests.redis_server import RedisServer, redis_server
from values import SystemClock
from values.testing import FixedClock

__all__ = ["redis_server"]

pytestmark = pytest.mark.database


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def live(redis_server: RedisServer, clock: FixedClock) -> AsyncIterator[LiveStore]:
    store = LiveStore(redis_server.url, clock)
    yield store
    await store.close()


async def test_values_and_fields_come_back_and_have_their_time(
    redis_server: RedisServer, live: LiveStore
) -> None:
    await redis_server.start()
    assert await live.put("a", {"città": [1, None]}, seconds=60)
    assert await live.get("a") == {"città": [1, None]}
    assert await live.get("missing") is None
    assert await live.put_fields("agents", {"anna": "free", "bruno": 2}, seconds=60)
    await live.drop_fields("agents", ["bruno"])
    assert await live.fields("agents") == {"anna": "free"}
    assert await live.count("calls", seconds=60) == 1
    assert await live.count("calls", by=-1, seconds=60) == 0
    assert await live.claim("lease", "me", seconds=60)
    assert not await live.claim("lease", "you", seconds=60)
    await live.drop(["lease", "a"])
    assert await live.claim("lease", "you", seconds=60)
    assert await live.get("a") is None
    await live.put("short", 1, seconds=0.001)
    async with asyncio.timeout(5):
        while await live.get("short") is not None:  # noqa: ASYNC110  (Redis lets it go)
            await asyncio.sleep(0.001)


async def _next(heard: Any) -> Any:
    async with asyncio.timeout(10):
        return await anext(heard)


async def _publish_until_heard(live: LiveStore, heard: Any, message: object) -> Any:
    """Publishing is heard only by those who listen already; say it until they do."""
    waiting = asyncio.create_task(_next(heard))
    while not waiting.done():
        await live.publish("news", message)
        await asyncio.sleep(0.02)
    return waiting.result()


async def test_what_is_published_is_heard(redis_server: RedisServer, live: LiveStore) -> None:
    await redis_server.start()
    async with aclosing(live.subscribe(["news"])) as heard:
        assert await _publish_until_heard(live, heard, {"call": 1}) == ("news", {"call": 1})


async def test_who_is_cancelled_ends_wherever_it_stands(redis_server: RedisServer, live: LiveStore) -> None:
    await redis_server.start()

    async def tell() -> None:
        while True:
            await live.publish("news", 1)

    for turns in range(60):  # of the event loop: one command takes some twenty
        telling = asyncio.create_task(tell())
        for _ in range(turns):
            await asyncio.sleep(0)
        telling.cancel()
        ended, going_on = await asyncio.wait([telling], timeout=5)
        for each in going_on:
            while not each.done():
                each.cancel()
                await asyncio.sleep(0.001)
        assert ended, f"cancelled after {turns} turns it went on"


async def test_without_redis_everything_goes_on_and_one_line_says_so(
    redis_server: RedisServer, live: LiveStore, clock: FixedClock
) -> None:
    with structlog.testing.capture_logs() as said:
        for _ in range(3):
            assert not await live.put("a", 1, seconds=60)
            assert await live.get("a") is None
            assert await live.fields("a") == {}
            assert not await live.put_fields("a", {"b": 1}, seconds=60)
            assert not await live.publish("news", 1)
            assert not await live.claim("a", 1, seconds=60)
            assert await live.count("a", seconds=60) is None
            await live.drop(["a"])
            await live.drop_fields("a", ["b"])
            assert not await live.healthy()
            clock.move(5)
        assert live.is_away
        await redis_server.start()
        assert await live.put("a", 1, seconds=60)
        assert await live.get("a") == 1
    assert [line["event"] for line in said] == ["live.away", "live.back"]


async def test_a_killed_redis_is_forgiven_when_it_is_back(
    redis_server: RedisServer, live: LiveStore, clock: FixedClock
) -> None:
    await redis_server.start()
    assert await live.put("a", 1, seconds=60)
    redis_server.stop()
    with structlog.testing.capture_logs() as said:
        assert await live.get("a") is None
        await redis_server.start()
        assert not await live.put("b", 2, seconds=60)  # it rests for a second before it asks again
        clock.move(1.5)
        assert await live.put("b", 2, seconds=60)
    assert [line["event"] for line in said] == ["live.away", "live.back"]


async def test_a_listener_hears_again_after_an_outage(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.live.REST_SECONDS", 0.01)
    await redis_server.start()
    live = LiveStore(redis_server.url, SystemClock())
    async with aclosing(live.subscribe(["news"])) as heard:
        assert await _publish_until_heard(live, heard, "before") == ("news", "before")
        redis_server.stop()
        await redis_server.start()
        while (latest := await _publish_until_heard(live, heard, "after"))[1] == "before":
            pass
        assert latest == ("news", "after")
    await live.close()


async def test_strangers_words_under_our_keys_are_passed_over(
    redis_server: RedisServer, live: LiveStore
) -> None:
    await redis_server.start()
    from redis.asyncio import Redis

    stranger = Redis(unix_socket_path=str(redis_server.socket))
    await stranger.set("a", "{not json")
    await stranger.aclose()
    assert await live.get("a") is None
    assert not live.is_away


def test_an_address_that_is_no_redis_is_refused_in_words() -> None:
    with pytest.raises(StoreAddressError, match="redis_url"):
        LiveStore("http://host", FixedClock())
