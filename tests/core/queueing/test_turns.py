"""Customers who are put into a queue from a talk: each of their visits has an end, and they are told one."""

import asyncio
from typing import Any, cast

import pytest

from calls import Journal
from centralino.core.control.asides import WaitingAgents
from centralino.core.control.assembly import Parts, make_control
from centralino.core.control.errors import NotFreeError
from centralino.core.control.targets import target_of
from centralino.core.control.told import Bulletins
from centralino.core.joining import Talking
from tests.core.queueing.house import Caller, House, story
from values import TransferEnd

pytestmark = pytest.mark.unit

BEFORE = ["enter", "connect", "enter", "talk_end"]
"""They waited for Anna, talked, and were sent to the queue again."""


class Silent:
    """Whatever is told here is heard by nobody."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


class Steered:
    """A house whose talks can be steered, with one caller in a talk with Anna."""

    def __init__(self, house: House, caller: Caller) -> None:
        self.house = house
        self.caller = caller
        parts = Parts(
            desk=house.desk,
            seats=self,
            switch=self,
            outside=cast("Any", Silent()),
            flows=cast("Any", Silent()),
            next_agent=WaitingAgents(house.desk, lambda: house.line, lambda: house.hall),
            bulletins=cast("Bulletins", Silent()),
            journal=cast("Journal", Silent()),
            pop=house.pops.append,
        )
        steering = make_control(parts, house.clock)
        self.deeds = steering.deeds
        house.talking = Talking(
            house.desk, house, house.told, house.pops.append, house.clock, steering.control
        )

    async def begin(self) -> None:
        await self.house.comes("anna")
        await self.house.sends(self.caller)
        await asyncio.sleep(1)
        self.house.desk.unparked("anna")

    async def put_through(self, queue: str = "care") -> None:
        """Anna sends them to a queue, and is in her wrap-up."""
        await self.deeds.blind("anna", target_of(f"queue:{queue}"))
        self.house.desk.parked("anna")

    # Asterisk and the agents' legs.

    def channel(self, agent: str) -> str | None:
        return self.house.leg(agent)

    async def rejoin(self, *_: object) -> bool:
        return False

    def name_of(self, uniqueid: str) -> str:
        return uniqueid

    async def send(self, channel: str, context: str, exten: str, *, beside: str = "") -> bool:
        self.caller.agent_leaves.set()
        return True

    async def mark(self, channel: str, name: str, value: str) -> None:
        return None

    async def mute_recording(self, channel: str, *, muted: bool) -> None:
        return None

    async def hang_up(self, channel: str) -> None:
        return None


class Hasty(Caller):
    """Hangs up in the moment in which the music ends."""

    async def execute(self, app: str, *args: str) -> str:
        if app == "StopMusicOnHold":
            self.leaves.set()
        return await super().execute(app, *args)


@story
async def test_who_hangs_up_on_their_way_to_the_next_agent_is_written_down_as_gone(house: House) -> None:
    room = Steered(house, Hasty("i1", house.clock))
    await room.begin()
    await room.put_through()
    await house.comes("bruno")
    await asyncio.sleep(5)
    assert house.ends == {"i1": None}
    assert house.book.happened("i1") == [*BEFORE, "abandon"]
    assert house.hall.keeper.waits() == []


@story
async def test_an_agent_who_is_not_there_costs_nobody_their_visit(house: House) -> None:
    room = Steered(house, Caller("i1", house.clock))
    await room.begin()
    await room.put_through()
    house.away.add("bruno")
    await house.comes("bruno")
    await asyncio.sleep(5)
    assert house.book.happened("i1") == [*BEFORE, "ring_no_answer"]
    await house.comes("carla")
    await asyncio.sleep(5)
    assert room.caller.bridged[-1] == "PJSIP/carla-1"
    assert house.book.happened("i1") == [*BEFORE, "ring_no_answer", "connect"]
    assert house.hall.keeper.waits() == []


@story
async def test_who_waits_in_vain_after_a_transfer_goes_on_in_their_flow(house: House) -> None:
    house.opens("care", longest_wait=60)
    room = Steered(house, Caller("i1", house.clock))
    await room.begin()
    await room.put_through()
    await asyncio.sleep(70)
    assert house.ends == {"i1": TransferEnd.NO_ANSWER}
    assert (room.caller.heard[-1], room.caller.marks["CENTRALINO_QUEUE"]) == ("quiet", "")


@story
async def test_nobody_is_sent_where_nobody_is_at_work(house: House) -> None:
    house.opens("fibre", skill="fibre")
    room = Steered(house, Caller("i1", house.clock))
    await room.begin()
    with pytest.raises(NotFreeError, match="nobody is at work"):
        await room.put_through("fibre")
    assert house.ends == {}
    assert room.caller.heard == []
