"""A stage for the tests of call control: one real Asterisk for each module."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from asterisk_conf import Installation
from centralino.accounts import service_account
from store import Database
from tests.agents.room import PHONES, hire
from tests.core.control.stage import Stage, open_stage
from tests.redis_server import RedisServer
from tests.rig import Loopback, NodeRig, running_node


@pytest.fixture(scope="module")
def node(asterisk: Installation, loopback: Loopback) -> Iterator[NodeRig]:
    with running_node(asterisk, loopback, phones=PHONES) as rig:
        yield rig


@pytest.fixture(scope="module")
def redis_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("redis")


@pytest.fixture
async def stage(node: NodeRig, loopback: Loopback, redis_place: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    from tests.databases import _create_tables

    redis = RedisServer(redis_place)
    await redis.start()
    url = f"sqlite+aiosqlite:///{tmp_path / 'talks.db'}"
    await _create_tables(url)
    recordings = node.plan.home / "recordings"
    recordings.mkdir(exist_ok=True)
    service_account().own(recordings)
    async with Database(url) as db:
        await hire(db)
        async with open_stage(node, loopback, db, redis.url, recordings) as stage:
            yield stage
    redis.stop()
