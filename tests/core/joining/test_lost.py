"""An agent's network falls in the middle of a talk: the customer is not left in silence, and not lost."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest

from agents import AgentCard, AgentState, Desk, Shift
from agents.testing import ScriptedLines
from centralino.core.joining.lost import BACK_SECONDS
from centralino.core.joining.ports import TalkOrder
from centralino.core.joining.talking import TalkEnd, Talking
from tests.core.joining.told import Told
from values import AttemptId, CallId, PhoneNumber
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit

ANNA = AgentCard("anna", "agent01")
CHANNEL = "PJSIP/agent01-web-00000001"


class Customer:
    """A line in a talk; `parts` ends the bridge that is on."""

    def __init__(self) -> None:
        self.call_id = CallId("c1")
        self.story: list[str] = []
        self.parts = asyncio.Event()
        self.leaves = asyncio.Event()

    async def execute(self, app: str, *args: str) -> str:
        self.story.append(app)
        return "0"

    async def bridge(self, channel: str) -> bool:
        self.story.append(f"joined {channel}")
        self.parts.clear()
        await self.parts.wait()
        return True

    async def gone(self) -> None:
        await self.leaves.wait()


class Floor:
    """Anna's line and a customer in talk with her."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.lines = ScriptedLines()
        self.desk = Desk(self.clock.monotonic)
        self.shift = Shift(self.desk, self.lines, self.clock, wrap_seconds=30.0)
        self.told = Told()
        self.pops: list[Mapping[str, object]] = []
        self.talking = Talking(self.desk, self.shift, self.told, self.pops.append, self.clock)
        self.customer = Customer()

    def state(self) -> AgentState | None:
        seat = self.desk.seat("anna")
        return seat.state if seat else None

    async def begin(self) -> "asyncio.Task[TalkEnd]":
        await self.shift.resynced()
        self.shift.sign_in(ANNA)
        await self.clock.sleep(0.01)
        self.park()
        held = self.desk.reserve("c1", campaign="spring")
        assert held is not None
        order = TalkOrder(AttemptId("c1"), "spring", PhoneNumber("+393290000017"), "+39065")
        talk = asyncio.ensure_future(self.talking.talk(self.customer, order, held, ""))
        await self.clock.sleep(0.01)
        self.join()
        await self.clock.sleep(20)
        assert self.state() is AgentState.TALKING
        return talk

    @property
    def channel(self) -> str:
        post = self.shift.post("anna")
        return post.channel if post else ""

    def park(self) -> None:
        self.shift.heard_entered(self.lines.rung[-1], CHANNEL, parked=True)

    def join(self) -> None:
        self.shift.heard_left(self.lines.rung[-1], parked=True)
        self.shift.heard_entered(self.lines.rung[-1], CHANNEL, parked=False)

    async def falls(self, *, lost: bool = True, late: float = 0.0) -> None:
        """Her leg goes; the switch tells of it a moment after the customer's session has seen the end.

        `late`: by how much its last word comes later still.
        """
        leg = self.lines.rung[-1]
        self.customer.parts.set()
        await self.clock.sleep(0.01)
        self.lines.silent.add("agent01")
        self.shift.heard_left(leg, parked=False)
        await self.clock.sleep(late)
        self.shift.heard_hangup(leg, lost=lost)
        await self.clock.sleep(0.01)

    async def comes_back(self) -> None:
        self.lines.silent.clear()
        self.shift.heard_phone("agent01")
        await self.clock.sleep(0.3)
        self.park()
        await self.clock.sleep(0.01)


def on_virtual_time(story: Callable[[Floor], Awaitable[None]]) -> Callable[[], None]:
    async def told() -> None:
        floor = Floor()
        try:
            await story(floor)
        finally:
            await floor.shift.close()

    def test() -> None:
        virtual_time(told())

    test.__name__ = story.__name__
    return test


@on_virtual_time
async def test_a_page_loaded_anew_finds_its_customer_again(floor: Floor) -> None:
    talk = await floor.begin()
    await floor.falls()
    assert floor.customer.story[1:] == ["StartMusicOnHold"]
    await floor.clock.sleep(1.0)
    await floor.comes_back()
    assert floor.customer.story[1:] == ["StartMusicOnHold", "StopMusicOnHold", f"joined {floor.channel}"]
    floor.join()
    assert floor.state() is AgentState.TALKING
    assert not talk.done()
    await floor.clock.sleep(30)
    floor.customer.parts.set()
    floor.shift.heard_left(floor.lines.rung[-1], parked=False)
    floor.park()
    assert await talk is TalkEnd.AGENT_LEFT
    assert floor.state() is AgentState.WRAP_UP
    assert len(floor.pops) == len(floor.told.of("joined")) == len(floor.told.of("released")) == 1


@on_virtual_time
async def test_who_is_not_back_in_time_is_given_up_and_wraps_up(floor: Floor) -> None:
    talk = await floor.begin()
    await floor.falls()
    await floor.clock.sleep(BACK_SECONDS - 0.5)
    assert not talk.done()
    await floor.clock.sleep(1.0)
    assert await talk is TalkEnd.AGENT_LOST
    assert floor.customer.story[-1] == "StopMusicOnHold"
    assert floor.state() is AgentState.WRAP_UP
    assert len(floor.told.of("released")) == 1


@on_virtual_time
async def test_a_telephone_put_down_ends_the_talk_at_once(floor: Floor) -> None:
    talk = await floor.begin()
    await floor.falls(lost=False)
    assert await talk is TalkEnd.AGENT_LEFT
    assert floor.customer.story[1:] == []


@on_virtual_time
async def test_a_lost_network_is_told_from_a_telephone_put_down_though_word_of_it_is_late(
    floor: Floor,
) -> None:
    talk = await floor.begin()
    await floor.falls(late=1.8)
    assert floor.customer.story[1:] == ["StartMusicOnHold"]
    await floor.comes_back()
    assert floor.customer.story[-1] == f"joined {floor.channel}"
    assert not talk.done()


@on_virtual_time
async def test_a_customer_who_does_not_wait_leaves_the_agent_to_wrap_up(floor: Floor) -> None:
    talk = await floor.begin()
    await floor.falls()
    floor.customer.leaves.set()
    await floor.clock.sleep(0.01)
    assert await talk is TalkEnd.CUSTOMER_LEFT
    await floor.comes_back()
    assert floor.state() is AgentState.WRAP_UP


@on_virtual_time
async def test_an_agent_who_has_the_next_call_by_then_is_not_torn_from_it(floor: Floor) -> None:
    talk = await floor.begin()
    await floor.falls()
    floor.shift.ready("anna")
    floor.lines.silent.clear()
    floor.shift.heard_phone("agent01")
    await floor.clock.sleep(0.3)
    floor.desk.on_change(lambda *_: floor.desk.reserve("c2"))
    floor.park()
    await floor.clock.sleep(0.01)
    assert await talk is TalkEnd.AGENT_LOST
    seat = floor.desk.seat("anna")
    assert seat is not None
    assert seat.call == "c2"
