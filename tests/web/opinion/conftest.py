"""The web application with thirteen weeks of opinions in it."""

import pytest

from centralino.rooms import Rooms
from tests.web.opinion import scene
from values.testing import FixedClock


@pytest.fixture
async def opinions(rooms: Rooms, clock: FixedClock) -> None:
    clock.instant = scene.NOW
    rooms.db.clock = clock
    async with rooms.db.write() as session:
        await scene.asked(session)
        await scene.settled(session)
