"""Who waits for an agent gets one in a fair order, at once, and never one that somebody else has."""

import asyncio

import pytest

from agents import AgentState, Desk
from centralino.core.joining import Waiter, WaitingLine

pytestmark = pytest.mark.unit


class Room:
    """A desk whose time is turned by hand, and its waiting line."""

    def __init__(self) -> None:
        self.now = 100.0
        self.desk = Desk(lambda: self.now)
        self.line = WaitingLine(self.desk)

    def waits(
        self, call: str, *, since: float, skill: str = "", agent: str = "", inbound: bool = False
    ) -> Waiter:
        waiter = Waiter(call, since, skill, agent, "spring", inbound=inbound)
        self.line.enter(waiter)
        return waiter

    async def comes(self, agent: str, *skills: str) -> None:
        self.desk.sign_in(agent, skills)
        await asyncio.sleep(0)

    async def frees(self, agent: str) -> None:
        self.desk.talked(agent)
        self.desk.wrapped_up(agent)
        await asyncio.sleep(0)


@pytest.fixture
async def room() -> Room:
    return Room()


def agent_of(waiter: Waiter) -> str:
    return waiter.served.result().agent if waiter.served.done() else ""


async def test_a_free_agent_is_given_at_once(room: Room) -> None:
    await room.comes("anna")
    assert agent_of(room.waits("a1", since=100.0)) == "anna"
    assert len(room.line) == 0


async def test_whoever_was_answered_first_goes_first(room: Room) -> None:
    late, early = room.waits("a2", since=99.5), room.waits("a1", since=99.0)
    await room.comes("anna")
    assert (agent_of(early), agent_of(late)) == ("anna", "")
    await room.frees("anna")
    assert agent_of(late) == "anna"


async def test_a_newcomer_does_not_overtake_those_who_wait(room: Room) -> None:
    waiting = room.waits("a1", since=99.0)
    room.desk.sign_in("anna")  # the line has not looked yet
    newcomer = room.waits("a2", since=100.0)
    assert (agent_of(waiting), agent_of(newcomer)) == ("anna", "")


async def test_who_rang_us_goes_before_those_we_rang(room: Room) -> None:
    called, caller = room.waits("a1", since=90.0), room.waits("c1", since=99.0, inbound=True)
    await room.comes("anna")
    assert (agent_of(called), agent_of(caller)) == ("", "anna")


async def test_who_needs_a_rare_skill_holds_up_nobody(room: Room) -> None:
    rare, plain = room.waits("a1", since=90.0, skill="russian"), room.waits("a2", since=99.0)
    await room.comes("anna", "italian")
    assert (agent_of(rare), agent_of(plain)) == ("", "anna")
    await room.comes("olga", "russian")
    assert agent_of(rare) == "olga"


async def test_a_promised_agent_is_asked_first_but_rather_another_than_nobody(room: Room) -> None:
    await room.comes("anna")
    room.now += 1
    await room.comes("bruno")
    assert agent_of(room.waits("a1", since=100.0, agent="bruno")) == "bruno"
    assert agent_of(room.waits("a2", since=100.0, agent="bruno")) == "anna"


async def test_two_customers_never_get_the_same_agent(room: Room) -> None:
    waiting = [room.waits(f"a{number}", since=100.0 - number) for number in range(20)]
    for number in range(7):
        await room.comes(f"agent{number}")
    given = [agent_of(waiter) for waiter in waiting if waiter.served.done()]
    assert len(given) == len(set(given)) == 7
    assert all(seat.state is AgentState.RESERVED for seat in room.desk)


async def test_who_leaves_is_forgotten_and_gives_back_an_agent_just_given(room: Room) -> None:
    gone = room.waits("a1", since=99.0)
    room.line.leave(gone)
    await room.comes("anna")
    assert room.desk.idle() == 1
    given = room.waits("a2", since=100.0)
    assert room.desk.idle() == 0
    room.line.leave(given)
    assert room.desk.idle() == 1


async def test_an_agent_given_back_goes_to_the_next(room: Room) -> None:
    await room.comes("anna")
    first, second = room.waits("a1", since=99.0), room.waits("a2", since=99.5)
    room.line.leave(first)
    await asyncio.sleep(0)
    assert agent_of(second) == "anna"
