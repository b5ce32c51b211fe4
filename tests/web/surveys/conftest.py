"""The web application of a house that shows its number when it calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from centralino.rooms import Rooms
from tests.web.conftest import TOKEN
from values.testing import FixedClock
from web import Parts, create_app


@pytest.fixture
async def server(rooms: Rooms, tmp_path: Path, clock: FixedClock) -> AsyncIterator[TestServer]:
    """The application on a real socket."""
    parts = Parts(
        rooms.db,
        rooms.live,
        rooms.library,
        clock,
        TOKEN,
        gate=rooms.gate,
        lists=tmp_path / "lists",
        shown="+390650000611",
    )
    serving = TestServer(create_app(parts))
    await serving.start_server(shutdown_timeout=1.0)
    try:
        yield serving
    finally:
        await serving.close()
