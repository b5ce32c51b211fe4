"""Whoever vanishes from a talk, and in whichever order it is heard: nobody is left in it, nor shown in it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

import pytest

from agents import AgentCard, AgentState, Seat
from agents.ports import agent_of
from agi.errors import GarbageError
from calls import CallEnd, CallStart, Journal
from centralino.core.control.asides import WaitingAgents
from centralino.core.control.assembly import Parts, Steering, make_control
from centralino.core.control.shape import State
from centralino.core.control.targets import target_of
from centralino.core.joining.talking import TalkEnd, Talking
from centralino.core.joining.waiting import WaitingLine
from centralino.core.opinions import Opinions
from store import StoreUnavailableError
from tests.core.control.test_deeds import Notes, Paper, Switch
from tests.core.control.test_letting_go import Book
from tests.core.joining.test_lost import CHANNEL, Customer, Floor
from values import HangupError
from values.testing import virtual_time

pytestmark = pytest.mark.unit


class Caller(Customer):
    """A customer whose flow lasts until it is ended, and who may hang up anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.flow_ends = asyncio.Event()
        self.fails = ""
        self.slow = 0.0

    async def execute(self, app: str, *args: str) -> str:
        if app == self.fails:
            raise GarbageError
        await asyncio.sleep(self.slow)
        return await super().execute(app, *args)

    async def mark(self, name: str, value: str) -> None:
        return None

    async def get_variable(self, name: str) -> str:
        return ""

    async def bridge(self, channel: str, *, park: str = "") -> bool:
        await super().bridge(channel)
        if self.leaves.is_set():
            raise HangupError
        return True

    def hangs_up(self) -> None:
        self.leaves.set()
        self.parts.set()

    @property
    def hears_music(self) -> bool:
        played = [each for each in self.story if each.endswith("MusicOnHold")]
        return bool(played) and played[-1] == "StartMusicOnHold"


class Flows:
    """One flow; nothing but the customer's side of it."""

    def known(self, flow: str) -> bool:
        return True

    async def run(self, line: Any, *_: object) -> Any:
        line.story.append("flow")
        if line.fails == "flow":
            raise StoreUnavailableError("away")
        over = [asyncio.ensure_future(each) for each in (line.flow_ends.wait(), line.gone())]
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        for each in over:
            each.cancel()
        if line.leaves.is_set():
            raise HangupError
        return cast("Any", type("End", (), {"outcome": "served", "goal": True}))


class Desk(Floor):
    """Anna's line and her customer, in a talk that can be steered."""

    def __init__(self) -> None:
        super().__init__()
        self.customer = self.caller = Caller()
        self.switch, self.paper = Switch(), Paper()
        self.line = WaitingLine(self.desk)
        parts = Parts(
            desk=self.desk,
            seats=self.shift,
            switch=self.switch,
            outside=cast("Any", None),
            flows=cast("Any", Flows()),
            next_agent=WaitingAgents(self.desk, lambda: self.line, lambda: None),
            bulletins=self.paper,
            journal=cast("Journal", Notes()),
            pop=self.pops.append,
        )
        self.steering: Steering = make_control(parts, self.clock)
        self.deeds = self.steering.deeds
        self.shift.kept_by(self.steering.keeps)
        self.book = Book()
        self.opinions = Opinions(self.book, cast("Any", None), cast("Any", None), self.clock)
        self.talking = Talking(
            self.desk,
            self.shift,
            self.told,
            self.pops.append,
            self.clock,
            self.steering.control,
            self.opinions,
        )
        self.turns: list[tuple[AgentState, AgentState]] = []

    async def begin(self) -> "asyncio.Task[TalkEnd]":
        talk = await super().begin()
        self.desk.on_change(self._turned)
        return talk

    def _turned(self, seat: Seat, before: AgentState) -> None:
        if seat.agent == "anna":
            self.turns.append((before, seat.state))

    async def steers(self, doing: str) -> "asyncio.Task[TalkEnd]":
        """Anna does something that takes the customer out of their bridge."""
        talk = await self.begin()
        if doing == "asking":
            await self.is_there("bruno", "agent02")
        if doing == "hold":
            deed = self.deeds.hold("anna")
        elif doing == "flow":
            deed = self.deeds.into_flow("anna", "pay.card", back=True)
        else:
            deed = self.deeds.consult("anna", target_of("agent:bruno"))
        doing_it = asyncio.ensure_future(deed)
        await self.clock.sleep(0.01)
        self.caller.parts.set()  # her leg is sent to its park
        self.shift.heard_left(self.legs["anna"], parked=False)
        self.shift.heard_entered(self.legs["anna"], CHANNEL, parked=True)
        await doing_it
        if doing == "asking":
            self.shift.heard_left(self.legs["bruno"], parked=True)
        return talk

    async def is_there(self, agent: str, phone: str) -> None:
        """Somebody else signs in, and their leg waits in its park."""
        self.shift.sign_in(AgentCard(agent, phone))
        await self.clock.sleep(0.01)
        self.shift.heard_entered(self.legs[agent], f"PJSIP/{phone}-1", parked=True)

    @property
    def legs(self) -> dict[str, str]:
        return {agent: leg for leg in self.lines.rung if (agent := agent_of(leg))}

    def vanishes(self, agent: str = "anna", *, lost: bool = True) -> None:
        """A window is closed whose customer is not in a bridge with it."""
        leg = self.legs[agent]
        self.lines.silent |= {"agent01"}
        self.shift.heard_left(leg, parked=True)
        self.shift.heard_hangup(leg, lost=lost)

    async def hears_of_it(self, order: str) -> None:
        """Her window is closed; the session or the manager is the first to know."""
        leg = self.lines.rung[-1]
        self.lines.silent.add("agent01")
        if order == "session first":
            self.caller.parts.set()
            await self.clock.sleep(0.01)
        self.shift.heard_left(leg, parked=False)
        if order == "between":
            self.caller.parts.set()
            await self.clock.sleep(0.01)
        self.shift.heard_hangup(leg, lost=True)
        if order == "manager first":
            await self.clock.sleep(0.01)
            self.caller.parts.set()
        await self.clock.sleep(0.1)

    async def call_ends(self) -> list[str]:
        """What became of the interview for which the customer was drawn."""
        ended = CallEnd(self.caller.call_id, self.clock.now(), 16)
        self.opinions.call_ended(cast("CallStart", None), ended)
        await self.clock.sleep(1.0)
        return self.book.became

    def is_out_of_it(self) -> None:
        """She has her wrap-up, once; nobody keeps her."""
        seat = self.desk.seat("anna")
        assert seat is not None
        assert (seat.state, seat.kept) == (AgentState.WRAP_UP, False)
        assert [turn for turn in self.turns if turn[1] is AgentState.WRAP_UP] == [
            (AgentState.TALKING, AgentState.WRAP_UP)
        ]
        assert self.paper.last["anna"] == "over"


def story(tell: Callable[[Desk], Awaitable[None]]) -> Callable[[], None]:
    """Run a story on virtual time."""

    def run() -> None:
        async def all_of_it() -> None:
            desk = Desk()
            watching = asyncio.create_task(desk.shift.watch())
            try:
                await tell(desk)
            finally:
                watching.cancel()
                await desk.steering.control.close()
                await desk.shift.close()

        virtual_time(all_of_it())

    run.__name__, run.__doc__ = tell.__name__, tell.__doc__
    return run


@pytest.mark.parametrize("order", ["session first", "between", "manager first"])
def test_a_closed_window_and_a_caller_who_hangs_up_leave_a_wrap_up_and_no_talk(order: str) -> None:
    @story
    async def told(desk: Desk) -> None:
        talk = await desk.begin()
        await desk.hears_of_it(order)
        assert desk.caller.hears_music
        desk.caller.hangs_up()
        assert await talk is TalkEnd.CUSTOMER_LEFT
        desk.is_out_of_it()
        await desk.clock.sleep(1.0)
        await desk.comes_back()  # she signs in again, by a new window
        await desk.clock.sleep(8.0)
        desk.is_out_of_it()

    told()


@story
async def test_a_caller_who_waits_meets_the_same_agent_again_and_the_talk_ends_as_ever(desk: Desk) -> None:
    talk = await desk.begin()
    await desk.hears_of_it("session first")
    await desk.comes_back()
    seat = desk.desk.seat("anna")
    assert seat is not None
    assert (seat.state, seat.kept) == (AgentState.TALKING, False)
    desk.join()
    await desk.clock.sleep(30.0)
    assert not talk.done()
    assert not desk.caller.hears_music
    desk.turns.clear()
    desk.caller.hangs_up()
    desk.shift.heard_left(desk.lines.rung[-1], parked=False)
    desk.park()
    assert await talk is TalkEnd.CUSTOMER_LEFT
    desk.is_out_of_it()


@pytest.mark.parametrize("order", ["session first", "manager first"])
def test_a_caller_whose_agent_does_not_come_back_goes_on_to_the_next(order: str) -> None:
    @story
    async def told(desk: Desk) -> None:
        talk = await desk.begin()
        await desk.hears_of_it(order)
        assert await talk is TalkEnd.AGENT_LOST
        desk.is_out_of_it()
        await desk.comes_back()
        await desk.clock.sleep(8.0)
        desk.is_out_of_it()

    told()


@pytest.mark.parametrize("back", [False, True], ids=["away", "back"])
def test_who_is_taken_over_while_their_agent_is_away_in_mid_talk_waits_no_longer(back: bool) -> None:
    @story
    async def told(desk: Desk) -> None:
        talk = await desk.begin()
        await desk.hears_of_it("manager first")
        await desk.is_there("bruno", "agent02")
        assert desk.caller.hears_music
        await desk.steering.watching.take_over("bruno", "anna")
        assert desk.caller.story[-2:] == ["StopMusicOnHold", f"joined {desk.shift.channel('bruno')}"]
        if back:
            await desk.comes_back()
        await desk.clock.sleep(15.0)
        desk.is_out_of_it()
        assert desk.paper.last["bruno"] == "talking"
        desk.caller.hangs_up()
        assert await talk is TalkEnd.CUSTOMER_LEFT

    told()


@pytest.mark.parametrize("doing", ["hold", "flow", "asking"])
def test_who_hangs_up_while_their_agent_is_away_frees_them(doing: str) -> None:
    @story
    async def told(desk: Desk) -> None:
        talk = await desk.steers(doing)
        desk.vanishes()
        await desk.clock.sleep(1.0)
        desk.caller.hangs_up()
        assert await talk is TalkEnd.CUSTOMER_LEFT
        await desk.comes_back()
        await desk.clock.sleep(8.0)
        desk.is_out_of_it()
        assert desk.paper.last.get("bruno", "over") == "over"

    told()


@pytest.mark.parametrize("doing", ["hold", "flow", "asking"])
def test_who_is_back_in_time_has_the_customer_on_hold_again(doing: str) -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.steers(doing)
        desk.vanishes()
        await desk.clock.sleep(1.0)
        desk.caller.flow_ends.set()
        await desk.clock.sleep(1.0)
        assert desk.caller.hears_music
        await desk.comes_back()
        assert desk.state() is AgentState.TALKING
        retrieving = asyncio.ensure_future(desk.deeds.retrieve("anna"))
        await desk.clock.sleep(0.01)
        desk.join()
        assert (await retrieving).shape.state is State.TALKING
        assert desk.caller.story[-1] == f"joined {desk.channel}"

    told()


@pytest.mark.parametrize("back", [False, True], ids=["away", "back"])
@pytest.mark.parametrize("deed", ["put through", "taken over"])
def test_who_goes_to_a_colleague_at_the_last_moment_stays_with_them(deed: str, back: bool) -> None:
    """Nobody waits any more for the agent who is away, though the wait would end before they are joined."""

    @story
    async def told(desk: Desk) -> None:
        talk = await desk.steers("hold")
        await desk.is_there("bruno", "agent02")
        desk.vanishes()
        await desk.clock.sleep(9.5)
        desk.caller.slow = 1.0
        doing: Coroutine[object, object, object] = (
            desk.deeds.blind("anna", target_of("agent:bruno"))
            if deed == "put through"
            else desk.steering.watching.take_over("bruno", "anna")
        )
        done = asyncio.ensure_future(doing)
        await desk.clock.sleep(0.01)
        if back:
            await desk.comes_back()
        await done
        assert desk.caller.story[-1] == f"joined {desk.shift.channel('bruno')}"
        assert (desk.paper.last["anna"], desk.paper.last["bruno"]) == ("over", "talking")
        desk.is_out_of_it()
        bruno = desk.legs["bruno"]
        desk.shift.heard_left(bruno, parked=True)
        desk.shift.heard_entered(bruno, "PJSIP/agent02-1", parked=False)
        await desk.clock.sleep(20.0)
        desk.shift.heard_left(bruno, parked=False)
        desk.shift.heard_hangup(bruno)  # he puts his telephone down: that ends it
        desk.caller.parts.set()
        assert await talk is TalkEnd.AGENT_LEFT
        assert not desk.caller.hears_music

    told()


@story
async def test_who_is_asked_and_vanishes_is_shown_in_no_talk(desk: Desk) -> None:
    await desk.steers("asking")
    desk.vanishes("bruno")
    await desk.clock.sleep(0.1)
    assert desk.paper.last["bruno"] == "over"
    assert desk.paper.last["anna"] == "held"


@story
async def test_a_long_hold_is_no_talk_with_nobody(desk: Desk) -> None:
    await desk.steers("hold")
    await desk.clock.sleep(600.0)
    assert desk.state() is AgentState.TALKING
    assert desk.paper.last["anna"] == "held"


@story
async def test_a_flow_that_breaks_gives_the_customer_back_to_their_agent(desk: Desk) -> None:
    desk.caller.fails = "flow"
    await desk.steers("flow")
    desk.join()
    assert desk.caller.story[-1] == f"joined {desk.channel}"
    assert (desk.state(), desk.paper.last["anna"]) == (AgentState.TALKING, "talking")


@story
async def test_whatever_breaks_in_a_talk_its_agent_is_free_of_it(desk: Desk) -> None:
    desk.caller.fails = "StopMusicOnHold"
    talk = await desk.steers("hold")
    retrieving = asyncio.ensure_future(desk.deeds.retrieve("anna"))
    with pytest.raises(GarbageError):
        await talk
    desk.is_out_of_it()
    assert not desk.steering.keeps("anna")
    await retrieving
    desk.is_out_of_it()


@pytest.mark.parametrize("lost", [True, False], ids=["network", "telephone put down"])
def test_who_leaves_a_customer_on_hold_to_a_colleague_is_not_judged_by_it_and_yet_is_seen(lost: bool) -> None:
    @story
    async def told(desk: Desk) -> None:
        talk = await desk.steers("hold")
        await desk.is_there("bruno", "agent02")
        desk.vanishes(lost=lost)
        await desk.clock.sleep(12.0)
        assert desk.caller.story[-1] == f"joined {desk.shift.channel('bruno')}"
        desk.is_out_of_it()
        desk.caller.hangs_up()
        assert await talk is TalkEnd.CUSTOMER_LEFT
        assert await desk.call_ends() == ["hung up first"]

    told()


@story
async def test_who_puts_a_customer_through_to_a_colleague_is_not_judged(desk: Desk) -> None:
    talk = await desk.steers("asking")
    await desk.deeds.complete("anna")
    desk.caller.hangs_up()
    assert await talk is TalkEnd.CUSTOMER_LEFT
    assert await desk.call_ends() == ["unfit"]
