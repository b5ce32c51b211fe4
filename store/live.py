"""Live state between processes, in Redis: only what may be lost, and nobody fails for its absence."""

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any, TypeVar

import orjson
import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from store.errors import StoreAddressError
from values import Clock

log = structlog.get_logger(__name__)

T = TypeVar("T")

ANSWER_SECONDS = 1.0
"""How long one command may take before Redis counts as away."""
REST_SECONDS = 1.0
"""How long nobody asks again after it was found away."""
CONNECTIONS = 8


class LiveStore:
    """Redis, as far as it is there.

    While it is away every command gives its empty answer at once, one line is logged, and a command now and
    then tries again; it is back by itself. `url` is `unix:///path/to/redis.sock` or `redis://host:port/0`;
    raises `StoreAddressError` for any other. Values are JSON.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        if not url.startswith(("unix://", "redis://", "rediss://")):
            raise StoreAddressError("use unix:///path/to/redis.sock or redis://host:port", field="redis_url")
        self._url = url
        self._clock = clock
        self._away_until: float | None = None
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._redis: Redis = Redis.from_pool(pool)

    @property
    def is_away(self) -> bool:
        """Whether Redis did not answer when it was last asked."""
        return self._away_until is not None

    async def publish(self, channel: str, message: object) -> bool:
        """Tell everybody who listens now; whether it was sent."""
        return await self.tell(channel, message) is not None

    async def tell(self, channel: str, message: object) -> int | None:
        """Tell everybody who listens now; how many those were, `None` when Redis is away."""
        return await self._try(lambda: self._redis.publish(channel, orjson.dumps(message)))

    async def put(self, key: str, value: object, *, seconds: float) -> bool:
        """Keep a value for so many seconds; whether it was kept."""
        return bool(await self._try(lambda: self._redis.set(key, orjson.dumps(value), px=_ms(seconds))))

    async def get(self, key: str) -> Any:
        """A value, or `None` when there is none or Redis is away."""
        return _loads(await self._try(lambda: self._redis.get(key)))

    async def claim(self, key: str, value: object, *, seconds: float) -> bool:
        """Keep a value unless there is one already: whether it is ours. `False` too when Redis is away."""
        return bool(
            await self._try(lambda: self._redis.set(key, orjson.dumps(value), px=_ms(seconds), nx=True))
        )

    async def put_fields(self, key: str, fields: Mapping[str, object], *, seconds: float) -> bool:
        """Set fields of a hash, and let the whole hash live so many seconds from now."""
        packed: dict[Any, Any] = {name: orjson.dumps(value) for name, value in fields.items()}

        async def both() -> bool:
            async with self._redis.pipeline(transaction=True) as together:
                together.hset(key, mapping=packed)
                together.pexpire(key, _ms(seconds))
                await together.execute()
            return True

        return bool(await self._try(both)) if packed else False

    async def fields(self, key: str) -> dict[str, Any]:
        """All fields of a hash; empty when there is none or Redis is away."""
        found: Mapping[Any, Any] = await self._try(lambda: self._redis.hgetall(key)) or {}
        return {name.decode(): _loads(value) for name, value in found.items()}

    async def drop_fields(self, key: str, names: Sequence[str]) -> None:
        """Remove fields of a hash."""
        if names:
            await self._try(lambda: self._redis.hdel(key, *names))

    async def drop(self, keys: Sequence[str]) -> None:
        """Remove keys."""
        if keys:
            await self._try(lambda: self._redis.delete(*keys))

    async def count(self, key: str, *, by: int = 1, seconds: float) -> int | None:
        """Add to a counter that lives so many seconds from now; its value, or `None` when Redis is away."""

        async def both() -> int:
            async with self._redis.pipeline(transaction=True) as together:
                together.incrby(key, by)
                together.pexpire(key, _ms(seconds))
                return int((await together.execute())[0])

        return await self._try(both)

    async def push(self, key: str, value: object, *, seconds: float) -> bool:
        """Add to the end of a list that lives so many seconds from now; whether it was added."""

        async def both() -> bool:
            async with self._redis.pipeline(transaction=True) as together:
                together.rpush(key, orjson.dumps(value))
                together.pexpire(key, _ms(seconds))
                await together.execute()
            return True

        return bool(await self._try(both))

    async def append(self, key: str, value: object, *, most: int, seconds: float) -> bool:
        """Add to the end of a list that keeps its last `most` and lives so many seconds from now."""

        async def all_of_it() -> bool:
            async with self._redis.pipeline(transaction=True) as together:
                together.rpush(key, orjson.dumps(value))
                together.ltrim(key, -most, -1)
                together.pexpire(key, _ms(seconds))
                await together.execute()
            return True

        return bool(await self._try(all_of_it))

    async def last(self, key: str, most: int) -> list[Any]:
        """The last of a list, in its order; empty when there is none or Redis is away."""
        found = await self._try(lambda: _listed(self._redis.lrange(key, -most, -1)))
        return [_loads(each) for each in found or ()]

    async def pop(self, key: str, *, seconds: float) -> Any:
        """Take the first of a list, waiting for it so long; `None` when nothing came or Redis is away."""
        # a client of its own, as for listening: the others' deadline is shorter
        waiting = Redis.from_url(
            self._url, socket_timeout=None, socket_connect_timeout=ANSWER_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        try:
            async with asyncio.timeout(seconds + ANSWER_SECONDS):
                found = await waiting.blpop([key], timeout=seconds)
        except (RedisError, OSError, TimeoutError) as problem:
            self._gone(problem)
            return None
        finally:
            with contextlib.suppress(RedisError, OSError, TimeoutError):  # an answer that came is worth more
                await waiting.aclose(close_connection_pool=True)
        return _loads(found[1]) if found else None

    async def healthy(self) -> bool:
        """Whether Redis answers now."""
        if self._away_until is not None:
            self._away_until = -math.inf
        return bool(await self._try(self._redis.ping))

    async def subscribe(self, channels: Sequence[str]) -> AsyncGenerator[tuple[str, Any], None]:
        """(channel, message) as they come, for as long as one listens; goes on after an outage.

        What is published while Redis is away, or before the first command is through, is not heard.
        Close the iterator (`contextlib.aclosing`) when done.
        """
        while True:
            try:
                async with aclosing(self._listen(channels)) as ear:
                    async for heard in ear:
                        yield heard
            except (RedisError, OSError, TimeoutError) as problem:
                self._gone(problem)
                await self._clock.sleep(REST_SECONDS)

    async def close(self) -> None:
        """Close every connection."""
        await self._redis.aclose(close_connection_pool=True)

    async def _listen(self, channels: Sequence[str]) -> AsyncGenerator[tuple[str, Any], None]:
        # a client of its own: listening has no deadline, every other command has one
        listener = Redis.from_url(
            self._url, socket_timeout=None, socket_connect_timeout=ANSWER_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        try:
            async with listener.pubsub(ignore_subscribe_messages=True) as ear:
                await ear.subscribe(*channels)
                _heed_cancelling()
                self._back()
                async for heard in ear.listen():
                    yield heard["channel"].decode(), _loads(heard["data"])
        finally:
            await listener.aclose(close_connection_pool=True)

    async def _try(self, command: Callable[[], Awaitable[T]]) -> T | None:
        if self._away_until is not None and self._clock.monotonic() < self._away_until:
            return None
        before = _cancellings()
        try:
            async with asyncio.timeout(2 * ANSWER_SECONDS):
                answer = await command()
                _heed_cancelling(before)
        except (RedisError, OSError, TimeoutError) as problem:
            self._gone(problem)
            _heed_cancelling(before)
            return None
        self._back()
        return answer

    def _gone(self, problem: Exception) -> None:
        if self._away_until is None:
            log.warning("live.away", reason=f"{type(problem).__name__}: {problem}")
        self._away_until = self._clock.monotonic() + REST_SECONDS

    def _back(self) -> None:
        if self._away_until is not None:
            log.info("live.back")
        self._away_until = None


async def _listed(asked: Any) -> list[bytes]:
    return list(await asked)


def _heed_cancelling(before: int = 0) -> None:
    """Connecting or sending, redis-py may swallow that its task was cancelled, which would go on for ever.

    `before` is how often it had been cancelled before it asked.
    """
    if _cancellings() > before:
        raise asyncio.CancelledError


def _cancellings() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task is not None else 0


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _loads(value: bytes | str | None) -> Any:
    if value is None:
        return None
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        log.debug("live.unreadable")  # somebody else wrote it
        return None
