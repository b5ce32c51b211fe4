"""What becomes of a talk when something falls in the middle of a deed: everybody is where they should be."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from agents import AgentState, Desk
from ami import AmiError
from calls import Journal, Segment
from centralino.core.control.assembly import Parts, make_control
from centralino.core.control.errors import NobodyTalksError, NotFreeError, NotNowError
from centralino.core.control.live import LiveTalk
from centralino.core.control.ports import Answer
from centralino.core.control.shape import State
from centralino.core.control.targets import target_of
from centralino.core.control.told import Bulletins, shown
from centralino.core.joining import TalkOrder
from values import AttemptId, CallId, PhoneNumber
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit

CALL = "c1"


class Switch:
    """Asterisk as far as it answers at all."""

    def __init__(self) -> None:
        self.away = False
        self.muted = False
        self.seconds = 0.0
        self.sent: list[str] = []

    def name_of(self, uniqueid: str) -> str:
        return f"PJSIP/{uniqueid}"

    async def send(self, channel: str, context: str, exten: str, *, beside: str = "") -> bool:
        if self.seconds:
            await asyncio.sleep(self.seconds)
        self.sent.append(f"{channel} {context},{exten}")
        return not self.away

    async def mark(self, channel: str, name: str, value: str) -> None:
        return None

    async def mute_recording(self, channel: str, *, muted: bool) -> None:
        if self.away:
            raise AmiError("away")
        self.muted = muted

    async def hang_up(self, channel: str) -> None:
        return None


class Seats:
    def channel(self, agent: str) -> str:
        return f"PJSIP/{agent}-1"

    async def rejoin(self, reservation: object, seconds: float) -> bool:
        return False


class Elsewhere:
    """Flows, queues and the public network: all there is."""

    def known(self, name: str) -> bool:
        return True

    async def ring(self, leg: str, *_: object, beside: str = "") -> Answer:
        return Answer(f"PJSIP/{leg}")


class Paper(Bulletins):
    """What pages were told last, by agent."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}

    def tell(self, talk: LiveTalk) -> None:
        self.last |= {agent: str(word["state"]) for agent, word in shown(talk)}

    def over(self, agent: str, call: str) -> None:
        self.last[agent] = "over"


class Notes:
    def __init__(self) -> None:
        self.gaps: list[Segment] = []

    def segment(self, segment: Segment) -> None:
        self.gaps.append(segment)


class Line:
    call_id = CallId(CALL)


class Room:
    """Anna talks to a customer; Bruno is free, and Carla looks after both."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.desk = Desk(self.clock.monotonic)
        for agent in ("anna", "bruno", "carla"):
            self.desk.sign_in(agent)
        self.switch, self.paper, self.notes = Switch(), Paper(), Notes()
        elsewhere = cast("Any", Elsewhere())
        parts = Parts(
            desk=self.desk,
            seats=Seats(),
            switch=self.switch,
            outside=elsewhere,
            flows=elsewhere,
            next_agent=elsewhere,
            bulletins=self.paper,
            journal=cast("Journal", self.notes),
            pop=lambda _word: None,
        )
        steering = make_control(parts, self.clock)
        self.deeds, self.watching = steering.deeds, steering.watching
        anna = self.desk.reserve_agent("anna", CALL, inbound=True)
        assert anna is not None
        order = TalkOrder(AttemptId(""), "", PhoneNumber("+393290000017"), "0611")
        self.customer = steering.control.begins(cast("Any", Line()), order, anna, "rec.wav")
        self.desk.talking(anna)
        self.desk.unparked("anna")
        self.customer.joined()

    async def hangs_up_in(self, deed: Awaitable[object]) -> object:
        """The customer is gone before the deed is done."""
        doing = asyncio.ensure_future(deed)
        await asyncio.sleep(0.05)
        self.customer.over()
        return await doing

    def states(self) -> dict[str, AgentState]:
        assert not any(seat.kept for seat in self.desk)
        return {seat.agent: seat.state for seat in self.desk}


def story(tell: Callable[[Room], Awaitable[None]]) -> Callable[[], None]:
    """Run a story on virtual time."""

    def run() -> None:
        async def all_of_it() -> None:
            await tell(Room())

        virtual_time(all_of_it())

    run.__name__, run.__doc__ = tell.__name__, tell.__doc__
    return run


@story
async def test_a_colleague_is_free_again_when_the_customer_hangs_up_before_they_are_asked(
    room: Room,
) -> None:
    with pytest.raises(NobodyTalksError):
        await room.hangs_up_in(room.deeds.consult("anna", target_of("agent:bruno")))
    await asyncio.sleep(1)
    assert (room.states()["anna"], room.states()["bruno"]) == (AgentState.WRAP_UP, AgentState.READY)
    assert room.paper.last["anna"] == "over"


@story
async def test_who_hangs_up_while_a_colleague_is_let_go_leaves_both_free(room: Room) -> None:
    await room.deeds.consult("anna", target_of("agent:bruno"))
    await asyncio.sleep(1)
    room.switch.seconds = 0.1
    with pytest.raises(NobodyTalksError):
        await room.hangs_up_in(room.deeds.cancel("anna"))
    assert room.states()["anna"] is AgentState.WRAP_UP
    assert room.paper.last == {"anna": "over", "bruno": "over"}


@story
async def test_who_is_asked_decides_nothing_of_a_customer_who_is_not_theirs(room: Room) -> None:
    asking = asyncio.ensure_future(room.deeds.consult("anna", target_of("agent:bruno")))
    await asyncio.sleep(2)
    bruno = room.desk.seat("bruno")
    assert bruno is not None
    bruno.state = AgentState.TALKING
    with pytest.raises(NotNowError, match="asked for advice"):
        await room.deeds.cancel("bruno")
    talk = room.deeds._talks.of_agent("anna")
    assert talk is not None
    assert talk.holder.agent == "anna"
    asking.cancel()


@story
async def test_an_agent_is_sent_to_hear_the_ringing_once_and_not_taken_from_who_answers(room: Room) -> None:
    await room.deeds.consult("anna", target_of("outside:garage"))
    await asyncio.sleep(1)
    assert room.switch.sent == ["PJSIP/anna-1 agent-park,ringing"]
    assert room.paper.last["anna"] == "consulting"


@story
async def test_who_hangs_up_is_not_taken_over(room: Room) -> None:
    await room.watching.listen("carla", "anna")
    room.desk.unparked("carla")
    with pytest.raises(NobodyTalksError):
        await room.hangs_up_in(room.watching.take_over("carla", "anna"))
    room.desk.parked("carla")
    assert (room.states()["anna"], room.states()["carla"]) == (AgentState.WRAP_UP, AgentState.READY)


@story
async def test_who_hangs_up_on_their_way_to_the_supervisor_leaves_them_free(room: Room) -> None:
    with pytest.raises(NobodyTalksError):
        await room.hangs_up_in(room.watching.take_over("carla", "anna"))
    assert (room.states()["anna"], room.states()["carla"]) == (AgentState.WRAP_UP, AgentState.READY)


@story
async def test_nobody_takes_part_in_a_talk_that_ended_while_another_deed_was_done(room: Room) -> None:
    holding = asyncio.ensure_future(room.deeds.hold("anna"))
    await asyncio.sleep(0.01)
    with pytest.raises(NobodyTalksError):
        await room.hangs_up_in(room.watching.barge("carla", "anna"))
    await holding
    assert room.states()["carla"] is AgentState.READY


@story
async def test_a_talk_goes_on_as_it_was_while_the_telephone_system_does_not_answer(room: Room) -> None:
    room.switch.away = True
    for deed in (
        room.deeds.hold("anna"),
        room.deeds.into_flow("anna", "pay.card", back=True),
        room.deeds.consult("anna", target_of("agent:bruno")),
        room.deeds.blind("anna", target_of("agent:bruno")),
        room.watching.take_over("carla", "anna"),
    ):
        with pytest.raises(NotNowError, match="does not answer"):
            await deed
        assert room.states() == {
            "anna": AgentState.TALKING,
            "bruno": AgentState.READY,
            "carla": AgentState.READY,
        }
        assert not room.customer.waits
    room.switch.away = False
    assert (await room.deeds.hold("anna")).shape.state is State.HELD


@story
async def test_a_recording_that_cannot_be_resumed_stays_paused_and_the_agent_keeps_the_customer(
    room: Room,
) -> None:
    await room.deeds.record_pause("anna")
    room.desk.pause("bruno")
    with pytest.raises(NotFreeError):
        await room.deeds.blind("anna", target_of("agent:bruno"))
    assert room.switch.muted  # refused, and what is said stays unheard
    room.desk.ready("bruno")
    room.switch.away = True
    for deed in (
        room.deeds.blind("anna", target_of("agent:bruno")),
        room.deeds.into_flow("anna", "pay.card", back=False),
    ):
        with pytest.raises(AmiError):
            await deed
    assert room.states()["bruno"] is AgentState.READY
    assert room.notes.gaps == []
    room.switch.away = False
    await room.deeds.record_resume("anna")
    assert (room.switch.muted, len(room.notes.gaps)) == (False, 1)
