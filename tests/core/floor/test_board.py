"""The floor is told once a second: campaigns as the dial loop sees them, the law's count, alarms, minutes."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from centralino.core.floor import CHANNEL, KEY, MINUTES, FloorBoard
from dialer import pause
from dialer.alarms import latest_alarms, put_rule
from dialer.models import Mode
from tests.dialer.floor import Floor
from tests.dialer.world import World, number, tell, working

pytestmark = pytest.mark.database


class Shelf:
    """A Redis in whose queues nobody speaks."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.kept: dict[str, Any] = {}
        self.rows: list[dict[str, Any]] = []

    async def publish(self, channel: str, message: dict[str, Any]) -> bool:
        assert channel == CHANNEL
        self.told.append(message)
        return True

    async def put(self, key: str, value: object, *, seconds: float) -> bool:
        self.kept[key] = value
        return True

    async def append(self, key: str, value: dict[str, Any], *, most: int, seconds: float) -> bool:
        assert key == MINUTES
        self.rows.append(value)
        return True

    async def subscribe(self, _channels: object) -> AsyncGenerator[tuple[str, Any], None]:
        await asyncio.Event().wait()
        yield "", None


def test_a_campaign_is_seen_calling_and_paused_with_its_lines_and_its_agents_time(database_url: str) -> None:
    async def story(world: World) -> None:
        floor, shelf = Floor(world, talk=60, wrap=10), Shelf()
        floor.sign_in(["anna", "bruno"])
        await world.campaign(calls_per_second=50.0, mode=Mode.PROGRESSIVE, title="Spring", max_abandon=0.02)
        await world.contacts(*(number(i) for i in range(40)))
        loop = floor.loop()
        board = FloorBoard(world.db, shelf, world.gate, floor.desk, loop, world.clock, "node1")  # type: ignore[arg-type]
        telling = asyncio.create_task(board.run())
        async with loop:
            await world.clock.sleep(30)
            now = shelf.told[-1]
            spring = now["campaigns"]["faults"]
            assert (spring["title"], spring["state"], spring["mode"]) == ("Spring", "calling", "progressive")
            assert (spring["talking"], spring["lines"], spring["waiting"]) == (2, 2, 0)
            assert (spring["target"], spring["limit"], spring["abandonment"]) == (0.02, 0.02, 0)
            assert spring["left"] == 40
            assert 0.5 < spring["utilisation"] < 1
            assert spring["answers"] is not None
            assert now["house"]["talking"] == now["house"]["signed_in"] == 2
            assert now["trunks"]["first"]["used"] == 2
            assert shelf.kept[KEY] == now
            await world.clock.sleep(120)
            assert len(shelf.rows) >= 2
            assert shelf.rows[-1]["campaigns"]["faults"][0] > 0.7, "utilisation, by the minute"
            async with world.db.write() as session:
                await pause(session, "faults")
            await world.clock.sleep(4)
            assert shelf.told[-1]["campaigns"]["faults"]["state"] == "paused"
        await world.clock.sleep(0.5)  # between two rounds, when nothing is being read
        telling.cancel()

    tell(database_url, story)


def test_an_alarm_is_raised_on_the_floor_and_written_down_and_over_when_all_is_well(
    database_url: str,
) -> None:
    async def story(world: World) -> None:
        floor, shelf = Floor(world), Shelf()
        floor.sign_in(["anna", "bruno"])
        async with world.db.write() as session:
            rule = {"figure": "agents.ready", "side": "below", "threshold": 1, "severity": "critical"}
            await put_rule(session, rule, by="Olga", at=world.clock.now())
        board = FloorBoard(
            world.db, shelf, world.gate, floor.desk, floor.loop(), world.clock, "node1"  # type: ignore[arg-type]
        )  # fmt: skip
        telling = asyncio.create_task(board.run())
        await world.clock.sleep(4)
        assert shelf.told[-1]["alarms"] == []
        for agent in ("anna", "bruno"):
            floor.desk.pause(agent, "lunch")
        await world.clock.sleep(2)
        (alarm,) = shelf.told[-1]["alarms"]
        assert (alarm["figure"], alarm["severity"], alarm["by"]) == ("agents.ready", "critical", "")
        for agent in ("anna", "bruno"):
            floor.desk.ready(agent)
        await world.clock.sleep(10)
        assert shelf.told[-1]["alarms"] == []
        with working(cut=False):
            async with world.db.read() as session:
                (kept,) = await latest_alarms(session)
        assert kept.cleared is not None
        await world.clock.sleep(0.5)  # between two rounds, when nothing is being read
        telling.cancel()

    tell(database_url, story)


def test_a_database_that_is_away_leaves_the_last_word_and_says_so(database_url: str) -> None:
    async def story(world: World) -> None:
        floor, shelf = Floor(world), Shelf()
        await world.campaign()
        board = FloorBoard(
            world.db, shelf, world.gate, floor.desk, floor.loop(), world.clock, "node1"  # type: ignore[arg-type]
        )  # fmt: skip
        telling = asyncio.create_task(board.run())
        await world.clock.sleep(3)
        assert shelf.told[-1]["away"] is False
        world.db.cut = True
        await world.clock.sleep(3)
        assert shelf.told[-1]["away"] is True
        assert "faults" in shelf.told[-1]["campaigns"]
        await world.clock.sleep(0.5)  # between two rounds, when nothing is being read
        telling.cancel()

    tell(database_url, story)
