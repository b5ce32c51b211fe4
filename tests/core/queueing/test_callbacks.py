"""Kept places: their turn comes in the line, an agent is held, the dialler calls at most once a try."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from agents import AgentState
from agents.queues import Book, Visit, VisitEnd, queue_of
from agents.queues.models import PlaceState, QueueCallBack, QueueVisit
from calls import CallEnd, CallStart, Direction
from centralino.core.joining import WaitingLine
from centralino.core.joining.waiting import Waiter
from centralino.core.queueing import Hall, QueueWords
from centralino.core.queueing.callbacks import CAMPAIGN, CallBacks, call_back_campaign
from centralino.core.queueing.ports import Whose
from dialer import DialEnd, Order, pause, set_up
from dialer.models import Attempt
from dialer.testing import ANSWERS, CONGESTED, IGNORES, Reaction, Script
from tests.core.queueing.house import Speaking
from tests.dialer.floor import Floor
from tests.dialer.world import SHOWN, World, number, tell
from values import CallId, PhoneNumber

pytestmark = pytest.mark.database


class Back:
    """A queue, its kept places and the dialler, in a world of virtual time."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.floor = Floor(world, talk=60, wrap=10)
        self.line = WaitingLine(self.floor.desk)
        self.loop = self.floor.loop()
        self.book = Book(world.db, world.clock, folder / "spill")
        self.begin()
        self._dial = world.lines.dial
        world.lines.dial = self._dialled  # type: ignore[method-assign]
        self._answered = world.lines._on_answer

        async def answered(order: Order) -> None:
            await cast("Callable[[Order], Awaitable[None]]", self._answered)(order)
            self._over(order, "talked")

        world.lines._on_answer = answered

    def begin(self) -> None:
        """A core starts."""
        world = self.world

        async def nobody(call_id: str, customer_id: str) -> Whose:
            return Whose()

        self.hall = Hall(
            world.db, self.floor.desk, self.line, self.book, QueueWords(Speaking()), world.clock,
            node="node1", asking=nobody,
        )  # fmt: skip
        self.hall.queues = {"care": queue_of("care", {"call_back_again": 120, "call_back_tries": 2})}
        self.backs = CallBacks(
            world.db, self.hall, self.floor.desk, self.loop.nudge, world.clock, country="IT"
        )

    def start(self) -> None:
        """It looks after the places."""
        self._looks = asyncio.create_task(self.backs.run())

    async def stop(self) -> None:
        """It falls."""
        self._looks.cancel()
        await self.backs.close()

    async def _dialled(self, order: Order) -> Any:
        result = await self._dial(order)
        if result.end is not DialEnd.ANSWERED:
            self._over(order, result.end.value)
        return result

    def _over(self, order: Order, outcome: str) -> None:
        now, call = self.world.clock.now(), CallId(order.attempt_id)
        start = CallStart(call, Direction.OUTBOUND, now, "node1", "t", "", "", attempt_id=order.attempt_id)
        self.backs.call_ended(start, CallEnd(call, now, 16, outcome=outcome))

    async def chooses(self, name: str = "v1", who: int = 1) -> None:
        """Somebody who waits chooses to be called back."""
        now = self.world.clock.now()
        visit = Visit(name, f"i-{name}", "care", "node1", now, now, language="it", tier="gold")
        visit.finish(VisitEnd.KEY, now)
        self.book.visit(visit)
        await self.book.flush()
        await self.backs.keep(self.hall.queues["care"], visit, number(who), now=now)

    async def places(self) -> list[QueueCallBack]:
        async with self.world.db.read() as session:
            return list(await session.scalars(select(QueueCallBack).order_by(QueueCallBack.visit_id)))

    async def attempts(self) -> list[Attempt]:
        async with self.world.db.read() as session:
            return list(await session.scalars(select(Attempt)))


def kept(
    url: str,
    folder: Path,
    story: Callable[[Back], Awaitable[None]],
    otherwise: Reaction = ANSWERS,
    script: Script | None = None,
) -> None:
    async def whole(world: World) -> None:
        back = Back(world, folder)
        async with world.db.write() as session:
            plan = call_back_campaign(profile="none", caller_id=SHOWN, flow="care.service_0611")
            await set_up(session, world.gate, plan)
        async with back.loop:
            back.start()
            await story(back)
        await back.stop()
        await back.book.flush()

    tell(url, whole, script=script, otherwise=otherwise)


def test_their_turn_comes_an_agent_is_held_and_they_are_called_once(
    database_url: str, tmp_path: Path
) -> None:
    async def story(back: Back) -> None:
        await back.chooses()
        await back.world.clock.sleep(30)
        assert [len(back.world.lines.orders), len(back.line)] == [0, 1]
        back.floor.sign_in(["anna"])
        await back.world.clock.sleep(90)
        assert back.floor.joined == [(number(1), "anna")]
        (place,) = await back.places()
        assert (place.state, place.tries, place.agent, place.outcome) == (
            PlaceState.DONE,
            1,
            "anna",
            "talked",
        )
        await back.world.clock.sleep(600)
        assert len(await back.attempts()) == 1
        assert len(back.backs) == 0
        await back.book.flush()
        async with back.world.db.read() as session:
            visit = await session.get_one(QueueVisit, "v1")
        assert (visit.end, visit.agent) == (VisitEnd.KEY, "anna")
        assert round(visit.talk or 0) == 60

    kept(database_url, tmp_path, story)


def test_they_keep_their_place_among_those_on_the_line(database_url: str, tmp_path: Path) -> None:
    async def story(back: Back) -> None:
        await back.chooses()
        await back.world.clock.sleep(5)
        later = Waiter("i2", back.floor.desk.seconds(), inbound=True, queue="care")
        back.line.enter(later)
        back.floor.sign_in(["anna"])
        await back.world.clock.sleep(1)
        assert not later.served.done()
        await back.world.clock.sleep(100)
        assert back.floor.joined == [(number(1), "anna")]
        assert later.served.done()

    kept(database_url, tmp_path, story)


def test_who_does_not_answer_is_called_as_often_as_the_queue_says(database_url: str, tmp_path: Path) -> None:
    async def story(back: Back) -> None:
        back.floor.sign_in(["anna"])
        await back.chooses()
        await back.world.clock.sleep(60)
        (place,) = await back.places()
        assert (place.state, place.tries, place.outcome) == (PlaceState.WAITING, 1, "no_answer")
        seat = back.floor.desk.seat("anna")
        assert seat is not None
        assert (seat.state, seat.spared) == (AgentState.READY, "")
        await back.world.clock.sleep(600)
        (place,) = await back.places()
        assert (place.state, place.tries) == (PlaceState.LOST, 2)
        assert len(await back.attempts()) == 2

    kept(database_url, tmp_path, story, IGNORES)


def test_whom_the_second_trunk_reached_is_called_no_more(database_url: str, tmp_path: Path) -> None:
    async def story(back: Back) -> None:
        back.hall.queues = {"care": queue_of("care", {"call_back_again": 120, "call_back_tries": 1})}
        back.floor.sign_in(["anna"])
        await back.chooses()
        await back.world.clock.sleep(100)
        assert back.floor.joined == [(number(1), "anna")]
        (place,) = await back.places()
        assert (place.state, place.tries, place.outcome) == (PlaceState.DONE, 1, "talked")
        await back.world.clock.sleep(600)
        assert sorted(each.trunk for each in await back.attempts()) == ["first", "second"]
        await back.book.flush()
        async with back.world.db.read() as session:
            visit = await session.get_one(QueueVisit, "v1")
        assert (visit.agent, round(visit.talk or 0)) == ("anna", 60)

    kept(database_url, tmp_path, story, script={number(1): [CONGESTED, ANSWERS]})


def test_a_moment_without_the_database_at_the_end_of_a_call_loses_no_place(
    database_url: str, tmp_path: Path
) -> None:
    async def story(back: Back) -> None:
        back.floor.sign_in(["anna"])
        await back.chooses()
        await back.world.clock.sleep(30)
        assert back.floor.joined == [(number(1), "anna")]
        back.world.db.cut = True
        await back.world.clock.sleep(60)
        back.world.db.cut = False
        await back.world.clock.sleep(30)
        (place,) = await back.places()
        assert (place.state, place.outcome) == (PlaceState.DONE, "talked")
        assert len(back.backs) == 0

    kept(database_url, tmp_path, story)


def test_an_agent_is_given_back_when_the_dialler_may_not_call(database_url: str, tmp_path: Path) -> None:
    async def story(back: Back) -> None:
        async with back.world.db.write() as session:
            await pause(session, CAMPAIGN)
        await back.chooses()
        back.floor.sign_in(["anna"])
        later = Waiter("i2", back.floor.desk.seconds(), inbound=True, queue="care")
        back.line.enter(later)
        await back.world.clock.sleep(20)
        assert later.served.result().agent == "anna"
        (place,) = await back.places()
        assert (place.state, place.tries, place.outcome) == (PlaceState.WAITING, 0, "not_placed")
        assert await back.attempts() == []

    kept(database_url, tmp_path, story)


def test_places_outlive_the_core(database_url: str, tmp_path: Path) -> None:
    async def story(back: Back) -> None:
        await back.chooses()
        await back.world.clock.sleep(5)
        await back.stop()
        back.begin()
        back.start()
        await back.world.clock.sleep(10)
        assert back.backs.waiting("care") == 1
        back.floor.sign_in(["anna"])
        await back.world.clock.sleep(100)
        assert len(await back.attempts()) == 1
        assert [each.state for each in await back.places()] == [PlaceState.DONE]

    kept(database_url, tmp_path, story)


def test_only_numbers_that_may_be_called_are_offered_it(database_url: str, tmp_path: Path) -> None:
    async def story(back: Back) -> None:
        assert back.backs.may(number(1))
        for wrong in ("", "anonymous", "112", "+39112", "+39899123456", "+15551234567"):
            assert not back.backs.may(PhoneNumber(wrong)), wrong

    kept(database_url, tmp_path, story)
