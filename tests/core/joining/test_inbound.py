"""Callers whose flow sends them to our agents: music, their turn before those we called, the flow again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest

from agents import AgentState, Desk
from centralino.core.joining import CallerLine, Talking, TalkOrder, Waiter, WaitingLine
from centralino.core.joining.talking import TalkEnd
from ivr.player.typed import TypedConversation
from tests.core.joining.told import FirmLegs, Told
from values import AttemptId, CallId, HangupError, PhoneNumber, Sound, TransferEnd
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit

ORDER = TalkOrder(AttemptId(""), "", PhoneNumber("+393290000017"), "0611", customer_id="c7")


class Caller(TypedConversation):
    """A caller's line that notes what is done with it."""

    def __init__(self, call_id: str = "i1") -> None:
        self.call_id = CallId(call_id)
        self.marks: dict[str, str] = {}
        self.answered = False
        self.executed: list[tuple[str, ...]] = []
        self.bridged: list[str] = []
        self.rung: list[str] = []
        self.agent_leaves, self.leaves = asyncio.Event(), asyncio.Event()

    async def answer(self) -> None:
        self.answered = True

    async def _burst(self, *, private: bool) -> str:
        raise HangupError

    async def _hear(self, sounds: Sequence[Sound]) -> None:
        pass

    def _gone(self) -> bool:
        return self.leaves.is_set()

    async def mark(self, name: str, value: str) -> None:
        self.marks[name] = value

    async def execute(self, app: str, *args: str) -> str:
        self._command()
        self.executed.append((app, *args))
        return "0"

    async def get_variable(self, name: str) -> str:
        return self.marks.get(name, "")

    async def bridge(self, channel: str) -> bool:
        self.bridged.append(channel)
        over = [asyncio.ensure_future(each.wait()) for each in (self.agent_leaves, self.leaves)]
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        for each in over:
            each.cancel()
        if self.leaves.is_set():
            raise HangupError
        self.marks["BRIDGERESULT"] = "SUCCESS"
        return True

    async def gone(self) -> None:
        await self.leaves.wait()

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:
        self.rung.append(target)
        return TransferEnd.BUSY

    def hangs_up(self) -> None:
        self.leaves.set()


class Room(FirmLegs):
    """A desk, its waiting line, agents' legs."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.desk = Desk(self.clock.monotonic)
        self.waiting = WaitingLine(self.desk)
        self.told = Told()
        self.pops: list[Mapping[str, object]] = []
        self.without_leg: set[str] = set()
        self.talking = Talking(self.desk, self, self.told, self.pops.append, self.clock)
        self.ends: list[TransferEnd | None] = []
        self._tasks: list[asyncio.Task[None]] = []

    def leg(self, agent: str) -> str | None:
        return None if agent in self.without_leg else f"PJSIP/{agent}-1"

    def state(self, agent: str) -> str:
        seat = self.desk.seat(agent)
        return seat.state.value if seat else ""

    async def sends(self, caller: Caller, target: str = "agents", *, ring: float = 60.0) -> None:
        """The caller's flow transfers them; goes on when all that can happen at once has happened."""
        line = CallerLine(caller, ORDER, self.waiting, self.talking, self.desk.seconds)

        async def flow() -> None:
            try:
                self.ends.append(await line.transfer(target, ring_seconds=ring))
            except HangupError:
                self.ends.append(None)

        self._tasks.append(asyncio.ensure_future(flow()))
        await asyncio.sleep(0.01)

    def called(self, call: str, *, skill: str = "", agent: str = "") -> Waiter:
        """Somebody whom we called waits too, and has for long."""
        waiter = Waiter(call, self.desk.seconds() - 100.0, skill, agent, "spring")
        self.waiting.enter(waiter)
        return waiter


def story(tell: Callable[[Room], Awaitable[None]]) -> Callable[[], None]:
    """Run a story on virtual time."""

    def run() -> None:
        async def all_of_it() -> None:
            await tell(Room())

        virtual_time(all_of_it())

    run.__name__, run.__doc__ = tell.__name__, tell.__doc__
    return run


@story
async def test_a_caller_goes_before_somebody_we_called_who_has_waited_longer(room: Room) -> None:
    called, caller = room.called("a1"), Caller()
    await room.sends(caller)
    room.desk.sign_in("anna")
    await asyncio.sleep(0.01)
    assert caller.bridged == ["PJSIP/anna-1"]
    assert not called.served.done()


@story
async def test_callers_get_their_turn_among_each_other(room: Room) -> None:
    first, second = Caller("i1"), Caller("i2")
    await room.sends(first)
    await room.sends(second)
    room.desk.sign_in("anna")
    await asyncio.sleep(0.01)
    assert (len(first.bridged), len(second.bridged)) == (1, 0)


@story
async def test_they_hear_music_until_it_is_their_turn(room: Room) -> None:
    caller = Caller()
    await room.sends(caller)
    assert caller.answered
    assert caller.executed == [("StartMusicOnHold", "default")]
    room.desk.sign_in("anna")
    await asyncio.sleep(0.01)
    assert caller.executed[1:] == [("StopMusicOnHold",)]


@story
async def test_the_flow_goes_on_after_the_talk_and_the_dialler_hears_nothing_of_it(room: Room) -> None:
    room.desk.sign_in("anna")
    caller = Caller()
    await room.sends(caller)
    assert caller.executed == []  # somebody was free
    await asyncio.sleep(1.0)
    assert room.state("anna") == AgentState.TALKING
    assert [(pop["agent"], pop["call"], pop["customer"]) for pop in room.pops] == [("anna", "i1", "c7")]
    caller.agent_leaves.set()
    await asyncio.sleep(0.01)
    assert room.ends == [TransferEnd.TALKED]
    assert room.state("anna") == AgentState.WRAP_UP
    assert room.told.notes == []


@story
async def test_who_waits_too_long_comes_back_to_the_flow_and_is_in_the_line_no_more(room: Room) -> None:
    caller = Caller()
    await room.sends(caller, ring=25.0)
    await asyncio.sleep(24.9)
    assert room.ends == []
    await asyncio.sleep(0.2)
    assert room.ends == [TransferEnd.NO_ANSWER]
    assert caller.executed[-1] == ("StopMusicOnHold",)
    room.desk.sign_in("anna")
    await asyncio.sleep(0.01)
    assert room.state("anna") == AgentState.READY
    assert room.desk.reserve("a1")  # nobody is kept for them


@story
async def test_who_hangs_up_while_waiting_leaves_the_line(room: Room) -> None:
    caller, called = Caller(), room.called("a1")
    await room.sends(caller)
    caller.hangs_up()
    await asyncio.sleep(0.01)
    assert room.ends == [None]
    room.desk.sign_in("anna")
    await asyncio.sleep(0.01)
    assert called.served.done()


@story
async def test_an_agent_given_to_somebody_who_just_hung_up_goes_to_the_next(room: Room) -> None:
    caller, called = Caller(), room.called("a1")
    await room.sends(caller)
    room.desk.sign_in("anna")
    caller.hangs_up()  # in the same instant
    await asyncio.sleep(0.01)
    assert room.ends == [None]
    assert called.served.result().agent == "anna"


@story
async def test_who_hangs_up_in_mid_talk_leaves_the_agent_to_wrap_up(room: Room) -> None:
    room.desk.sign_in("anna")
    caller = Caller()
    await room.sends(caller)
    await asyncio.sleep(1.0)
    caller.hangs_up()
    await asyncio.sleep(0.01)
    assert room.ends == [None]
    assert room.state("anna") == AgentState.WRAP_UP


@story
async def test_only_somebody_who_knows_the_subject_will_do(room: Room) -> None:
    room.desk.sign_in("anna", ["fibre"])
    caller = Caller()
    await room.sends(caller, "agents.mobile")
    assert caller.bridged == []
    room.desk.sign_in("bruno", ["mobile"])
    await asyncio.sleep(0.01)
    assert caller.bridged == ["PJSIP/bruno-1"]


@story
async def test_a_leg_that_is_gone_costs_the_caller_nothing(room: Room) -> None:
    room.without_leg.add("anna")
    room.desk.sign_in("anna")
    await asyncio.sleep(1.0)
    room.desk.sign_in("bruno")
    caller = Caller()
    await room.sends(caller)
    assert caller.bridged == ["PJSIP/bruno-1"]


@story
async def test_other_targets_are_rung_as_ever(room: Room) -> None:
    room.desk.sign_in("anna")
    caller = Caller()
    await room.sends(caller, "operator")
    assert caller.rung == ["operator"]
    assert room.ends == [TransferEnd.BUSY]


@story
async def test_a_talk_that_outlived_the_core_is_not_begun_again(room: Room) -> None:
    room.desk.sign_in("anna")
    caller = Caller()
    caller.marks["BRIDGERESULT"] = "SUCCESS"
    await room.sends(caller)
    assert (room.ends, caller.bridged) == ([TransferEnd.TALKED], [])
    await room.sends(caller)  # the flow sends them again
    assert caller.bridged == ["PJSIP/anna-1"]


@story
async def test_a_talk_that_is_steered_after_the_core_came_back_goes_on(room: Room) -> None:
    """To be put on hold they were taken out of their bridge, which Asterisk calls a talk that ended well."""
    caller, resumed = Caller(), []

    async def left_by(_line: object) -> str:
        return "anna"

    async def resume(_line: object, _order: TalkOrder, agent: str) -> TalkEnd:
        resumed.append(agent)
        return TalkEnd.AGENT_LEFT

    room.talking.left_by, room.talking.resume = left_by, resume  # type: ignore[method-assign]
    caller.marks["BRIDGERESULT"] = "SUCCESS"
    await room.sends(caller)
    assert resumed == ["anna"]
    assert room.ends == [TransferEnd.TALKED]


@story
async def test_a_promised_agent_is_not_taken_from_a_caller(room: Room) -> None:
    caller = Caller()
    await room.sends(caller)
    called = room.called("a1", agent="anna")
    room.desk.sign_in("anna")
    await asyncio.sleep(0.01)
    assert caller.bridged == ["PJSIP/anna-1"]
    assert not called.served.done()


@story
async def test_whose_agent_s_network_fell_goes_before_all_who_wait(room: Room) -> None:
    room.desk.sign_in("anna")
    caller, behind = Caller("i1"), Caller("i2")
    await room.sends(caller)
    await asyncio.sleep(100.0)
    await room.sends(behind, ring=500.0)
    room.lost = lost_once()
    room.desk.sign_out("anna")
    caller.agent_leaves.set()
    await asyncio.sleep(0.01)
    room.desk.sign_in("bruno")
    await asyncio.sleep(0.01)
    assert caller.bridged == ["PJSIP/anna-1", "PJSIP/bruno-1"]
    assert behind.bridged == []


def lost_once() -> Callable[[str], Awaitable[bool]]:
    """The next leg that leaves a talk is lost, those after it are put down."""
    fell = [True]

    async def lost(agent: str) -> bool:
        return bool(fell and fell.pop())

    return lost
