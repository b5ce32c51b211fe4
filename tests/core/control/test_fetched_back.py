"""Back to an agent whose leg is still on its way, or to a customer whom an earlier core left with music."""

import asyncio

import pytest

from centralino.core.control.targets import target_of
from centralino.core.joining import TalkOrder
from tests.core.control.test_vanishing import Caller, Desk, story
from tests.core.joining.test_lost import CHANNEL
from values import AttemptId, PhoneNumber

pytestmark = pytest.mark.unit


class Slow(Caller):
    """A customer whose line takes its time to tell what it knows."""

    async def get_variable(self, name: str) -> str:
        await asyncio.sleep(0.1)
        return await super().get_variable(name)


@story
async def test_an_agent_on_her_way_to_her_park_is_joined_when_she_is_there(desk: Desk) -> None:
    talk = await desk.steers("hold")
    desk.shift.heard_left(desk.legs["anna"], parked=True)  # as when whom she asked has just hung up
    back = asyncio.ensure_future(desk.deeds.retrieve("anna"))
    await asyncio.sleep(0.1)
    assert desk.caller.story[-1] == "StartMusicOnHold"
    desk.shift.heard_entered(desk.legs["anna"], CHANNEL, parked=True)
    await asyncio.sleep(0.01)
    assert desk.caller.story[-1] == f"joined {desk.channel}"
    desk.join()
    await back
    talk.cancel()


@story
async def test_an_agent_of_whom_nobody_tells_is_tried_all_the_same(desk: Desk) -> None:
    talk = await desk.steers("hold")
    desk.shift.heard_left(desk.legs["anna"], parked=True)
    asked = desk.clock.monotonic()
    await desk.deeds.retrieve("anna")
    assert desk.clock.monotonic() - asked < 2
    assert desk.caller.story[-1] == f"joined {desk.channel}"
    talk.cancel()


@story
async def test_music_left_on_by_an_earlier_core_does_not_go_on_over_the_talk(desk: Desk) -> None:
    before = await desk.steers("hold")
    before.cancel()
    caller = desk.customer = desk.caller = Slow()
    order = TalkOrder(AttemptId("c1"), "spring", PhoneNumber("+393290000017"), "+39065")
    again = asyncio.ensure_future(desk.talking.resume(caller, order, "anna"))
    await asyncio.sleep(0.01)
    await desk.deeds.retrieve("anna")  # sooner than their session has come to know that it is on hold
    assert caller.story == ["StopMusicOnHold", f"joined {desk.channel}"]
    again.cancel()


@story
async def test_a_customer_given_to_another_agent_does_not_wait_for_this_one(desk: Desk) -> None:
    talk = await desk.steers("hold")
    await desk.is_there("bruno", "agent02")
    desk.shift.heard_left(desk.legs["anna"], parked=True)
    asked = desk.clock.monotonic()
    await desk.deeds.blind("anna", target_of("agent:bruno"))
    assert desk.clock.monotonic() - asked < 1
    assert desk.caller.story[-1].startswith("joined PJSIP/agent02-")
    talk.cancel()
