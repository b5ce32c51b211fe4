"""An agent who hangs up leaves no customer unasked by how they do it, and where they do it can be told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from agents import AgentState
from calls import CallEnd, CallStart
from centralino.core.control.shape import State
from centralino.core.control.targets import target_of
from centralino.core.joining import TalkOrder
from centralino.core.opinions import LettingGo, Opinions
from surveys.aftercall import Asked, Talk
from tests.core.control.test_deeds import CALL, Room
from values import AttemptId, CallId, PhoneNumber
from values.testing import virtual_time

pytestmark = pytest.mark.unit


class Book:
    """Draws everybody, and keeps what became of them."""

    def __init__(self) -> None:
        self.became: list[str] = []

    async def draw(self, talk: Talk) -> Asked | None:
        return Asked("i1", "surveys.short", 20.0)

    async def unfit(self, interview: str) -> None:
        self.became.append("unfit")

    async def cut(self, interview: str) -> None:
        self.became.append("cut")

    async def over(self, interview: str, *, asked: bool) -> None:
        self.became.append("asked" if asked else "hung up first")

    async def left_over(self) -> int:
        return 0


class Floor(Room):
    """Anna's customer is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.opinions = Opinions(self.book, cast("Any", None), cast("Any", None), self.clock)
        order = TalkOrder(AttemptId(""), "", PhoneNumber("+393290000017"), "0611")
        self.opinions.begins(order, CallId(CALL), "anna")
        self.hangs_up = LettingGo(self.desk, self.deeds, self.opinions)

    async def call_ends(self) -> None:
        self.opinions.call_ended(cast("CallStart", None), cast("CallEnd", _Ended()))
        await asyncio.sleep(0)
        await asyncio.sleep(1)


class _Ended:
    call_id = CallId(CALL)


def story(tell: Callable[[Floor], Awaitable[None]]) -> Callable[[], None]:
    """Run a story on virtual time."""

    def run() -> None:
        async def all_of_it() -> None:
            await tell(Floor())

        virtual_time(all_of_it())

    run.__name__, run.__doc__ = tell.__name__, tell.__doc__
    return run


@story
async def test_who_takes_advice_and_hangs_up_lets_both_go_and_the_customer_stays(floor: Floor) -> None:
    for conference in (False, True):
        room = Floor()
        await room.deeds.consult("anna", target_of("agent:bruno"))
        await asyncio.sleep(1)
        if conference:
            talk = await room.deeds.conference("anna")
            assert talk.shape.state is State.CONFERENCE
        assert await room.hangs_up("anna")
        assert room.customer.waits  # for their session to go on to the questions
        states = room.states()  # the wrap-up of who was asked takes no time: `Shift` sees to it
        assert (states["anna"], states["bruno"]) == (AgentState.WRAP_UP, AgentState.WRAP_UP)


@story
async def test_who_was_only_asked_for_advice_leaves_and_ends_nobodys_call(floor: Floor) -> None:
    await floor.deeds.consult("anna", target_of("agent:bruno"))
    await asyncio.sleep(1)
    assert await floor.hangs_up("bruno")
    talk = await floor.deeds.retrieve("anna")
    assert [who.who for who in talk.shape.parties] == ["customer", "anna"]
    assert (talk.holder.agent, talk.shape.state) == ("anna", State.TALKING)
    assert floor.opinions.may_ask(CALL)


@story
async def test_a_call_that_the_agent_ends_in_mid_flow_is_theirs_to_answer_for(floor: Floor) -> None:
    await asyncio.sleep(30)
    await floor.deeds.into_flow("anna", "pay.card", back=True)
    assert not await floor.hangs_up("anna")  # the customer's call is ended, as ever
    await floor.call_ends()
    assert floor.book.became == ["cut"]


@story
async def test_a_talk_too_short_to_judge_is_no_cut(floor: Floor) -> None:
    await floor.deeds.into_flow("anna", "pay.card", back=True)
    assert not await floor.hangs_up("anna")
    await floor.call_ends()
    assert floor.book.became == ["unfit"]


@story
async def test_a_customer_who_hangs_up_much_later_was_not_cut(floor: Floor) -> None:
    await asyncio.sleep(30)
    await floor.deeds.into_flow("anna", "pay.card", back=True)
    assert not await floor.hangs_up("anna")  # and the telephone system did not hear it
    await asyncio.sleep(30)
    await floor.call_ends()
    assert floor.book.became == ["hung up first"]
