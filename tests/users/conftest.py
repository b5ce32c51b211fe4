"""A real Redis beside a fresh database."""

from collections.abc import AsyncIterator

import pytest

from store import Database, LiveStore
from tests.redis_server import RedisServer, redis_server
from users import Door, Person, Role, add_user, hash_password
from values.testing import FixedClock

__all__ = ["redis_server"]

PASSWORD = "un caffè ristretto"
HASHED = hash_password(PASSWORD)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def live(redis_server: RedisServer, clock: FixedClock) -> AsyncIterator[LiveStore]:
    await redis_server.start()
    store = LiveStore(redis_server.url, clock)
    yield store
    await store.close()


@pytest.fixture
async def door(database: Database, live: LiveStore, clock: FixedClock) -> Door:
    """A door at which anna, an agent, and ada, an administrator, are known by the same password."""
    async with database.write() as session:
        for name, role in (("anna", Role.AGENT), ("ada", Role.ADMIN)):
            await add_user(session, Person(name=name, role=role), password=HASHED, now=clock.now())
    return Door(database, live, clock)
