"""Simulated agents on the town's real Asterisk: they pick up, talk, hang up, say what it was."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import pytest

from agents import AgentState
from agents.presence import Present
from asterisk_conf import Installation
from city import Model, Staff
from store import Asker, Database, LiveStore
from tests.agents.room import PHONES, Room, hire, open_room
from tests.agents.test_legs import joins
from tests.agi.stage import Stage
from tests.databases import _create_tables
from tests.redis_server import RedisServer
from tests.rig import CityRig, Loopback, NodeRig, running_node
from values import BadInputError, HangupError, SystemClock

NAMES = ("sim-001", "sim-002")


@pytest.fixture(scope="module")
def node(asterisk: Installation, loopback: Loopback, city_asterisk: CityRig) -> Iterator[NodeRig]:
    with running_node(asterisk, loopback, phones=PHONES) as rig:
        yield rig


@pytest.fixture
async def room(node: NodeRig, tmp_path: Path) -> AsyncIterator[Room]:
    redis = RedisServer(tmp_path)
    await redis.start()
    url = f"sqlite+aiosqlite:///{tmp_path / 'agents.db'}"
    await _create_tables(url)
    try:
        async with Database(url) as database:
            await hire(database)
            async with open_room(node, database, redis.url) as room:
                yield room
    finally:
        redis.stop()


@pytest.mark.asterisk
async def test_they_work_as_real_agents_do(
    room: Room, node: NodeRig, loopback: Loopback, tmp_path: Path
) -> None:
    model = Model(talk=1.5, wrap=0.5, talk_cv=0, wrap_cv=0, dispositions=[("sold", 1)])
    staff = Staff(NAMES, model, room.asker, room.asker._live, SystemClock(), Random(1))
    work = asyncio.create_task(staff.run())
    try:
        for name in NAMES:
            await room.is_now(name, AgentState.READY)
        async with Stage(node, loopback, tmp_path) as stage:
            for _ in range(2):
                customer = await (await stage.call(lambda session: joins(room, session))).answered()
                await customer.hears()
                await customer.hung_up()
                with pytest.raises(HangupError):
                    await stage.outcome()
            await room.until(lambda: len(room.said) == 2, "both dispositions")
            await room.until(lambda: room.crew.desk.idle() == 2, "both ready")
            assert {said.disposition for said in room.said} == {"sold"}
            assert {said.agent for said in room.said} == set(NAMES)
            assert all(said.call for said in room.said)
            assert (staff.tally.talks, staff.tally.hung_up_on, staff.tally.not_told) == (2, 0, 0)
            assert staff.tally.talk_seconds == pytest.approx(3.0, abs=1.5)
            customer = await (await stage.call(lambda session: joins(room, session))).answered()
            await room.until(lambda: room.crew.desk.idle() == 1, "the third talk")
            await customer.hears()
            staff.finish()
            customer.hangup()
            await work
            with pytest.raises(HangupError):
                await stage.outcome()
        assert (staff.tally.talks, staff.tally.hung_up_on) == (3, 1)  # they left after it
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    assert len(room.crew.desk) == 0
    await room.until(lambda: not any(leg.startswith("agent-") for leg in room.gateway.live()), "no leg")


class _Core(Asker):
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []

    async def ask(self, command: str, fields: Mapping[str, Any] | None = None) -> Any:
        asked = dict(fields or {})
        self.asked.append((command, asked.get("attempt")))
        if command == "agents.dispose" and asked["attempt"] != "a1":
            raise BadInputError("there is no such call", field="attempt")


@pytest.mark.unit
async def test_of_who_rang_us_they_tell_nothing_and_only_wrap_up() -> None:
    core, clock = _Core(), SystemClock()
    model = Model(talk=0.0, wrap=0.0)
    live = LiveStore("redis://nowhere", clock)
    staff = Staff(NAMES, model, core, live, clock, Random(1))
    for name, call, campaign in (("sim-001", "i1", ""), ("sim-002", "a1", "spring")):
        staff._see(
            Present(
                name, AgentState.WRAP_UP, clock.now(), reason="", campaign=campaign, call=call, node="n",
                leaving=False, going_home=False, told=clock.now(),
            )
        )  # fmt: skip
    await asyncio.gather(*staff._acts.values())
    asked = [each for each in core.asked if each[0] != "agents.more_time"]
    assert sorted(asked, key=str) == [
        ("agents.dispose", "a1"), ("agents.wrapped_up", None), ("agents.wrapped_up", None),
    ]  # fmt: skip
    assert (staff.tally.talks, staff.tally.not_told) == (2, 0)


@pytest.mark.unit
def test_their_times_have_the_mean_and_spread_they_were_given() -> None:
    chance = Random(7)
    model = Model(talk=20.0, wrap=5.0)
    talks = [model.talks(chance) for _ in range(20_000)]
    assert fmean(talks) == pytest.approx(20.0, rel=0.02)
    spread = fmean((each - 20.0) ** 2 for each in talks) ** 0.5
    assert spread == pytest.approx(10.0, rel=0.05)
    assert Model(talk=20.0, wrap=0.0, talk_cv=0.0).talks(chance) == 20.0


@pytest.mark.unit
@pytest.mark.parametrize("wrong", [{"talk": -1.0}, {"wrap": 9999.0}, {"dispositions": [("done", 0.0)]}])
def test_impossible_times_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInputError) as problem:
        Model(**{"talk": 20.0, "wrap": 5.0, **wrong})  # type: ignore[arg-type]
    assert problem.value.field in wrong
