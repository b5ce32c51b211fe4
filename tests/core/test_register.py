"""A call's record ends with Asterisk's hang-up, whatever becomes of its sessions and of the manager."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from ami import DialEnd, DialResult, HungUp, Quality
from calls import CallEnd, CallStart, CallState, CallStory, Direction, Journal, LiveBoard, queries
from centralino.core.register import Register
from dialer.ports import Order
from store import Database
from values import AttemptId, CallId, PhoneNumber
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database

INBOUND = CallId("node1-1.1")
ATTEMPT = AttemptId("a1")


@dataclass
class Desk:
    db: Database
    journal: Journal
    board: LiveBoard
    register: Register
    clock: FixedClock
    ends: list[CallEnd]

    async def story(self, call_id: str) -> CallStory:
        await self.journal.flush()
        async with self.db.read() as session:
            found = await queries.story(session, CallId(call_id))
        assert found is not None
        return found


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    clock = FixedClock()
    board = LiveBoard()
    async with Journal(database, clock, tmp_path / "spill") as journal:
        register = Register(journal, board, clock, "node1")
        ends: list[CallEnd] = []
        register.on_end(lambda _, end: ends.append(end))
        yield Desk(database, journal, board, register, clock, ends)


def rings_in(call_id: CallId = INBOUND) -> CallStart:
    return CallStart(
        call_id, Direction.INBOUND, EPOCH, "node1", "trunk", "+393290000017", "0611", "care.service_0611"
    )


def hangs_up(call_id: str, cause: int = 16) -> HungUp:
    at = EPOCH + timedelta(seconds=30)
    return HungUp(at, call_id, call_id, "PJSIP/trunk-1", cause, "Normal Clearing", "")


def order() -> Order:
    return Order(
        ATTEMPT, PhoneNumber("+393290000017"), "trunk", "+390650000611", 30.0, {"CENTRALINO_FLOW": "x.y"}
    )


def came_of_it(end: DialEnd, cause: int = 0, sip: str = "") -> DialResult:
    over = EPOCH + timedelta(seconds=8)
    answered = over if end is DialEnd.ANSWERED else None
    return DialResult(end, cause, sip, EPOCH, EPOCH, answered, over)


async def test_the_hang_up_closes_an_inbound_call(desk: Desk) -> None:
    desk.register.began(rings_in())
    assert INBOUND in desk.board
    desk.register.heard_hangup(hangs_up(INBOUND))
    story = await desk.story(INBOUND)
    assert (story.call.state, story.call.cause) == (CallState.ENDED, 16)
    assert INBOUND not in desk.board


async def test_a_session_that_ends_does_not_end_the_call(desk: Desk) -> None:
    desk.register.began(rings_in())
    desk.register.entered(INBOUND)
    desk.register.left(INBOUND)
    assert (await desk.story(INBOUND)).call.state is CallState.UP


async def test_the_record_waits_for_the_session_that_still_writes(desk: Desk) -> None:
    desk.register.began(rings_in())
    desk.register.entered(INBOUND)
    desk.register.heard_hangup(hangs_up(INBOUND))
    assert (await desk.story(INBOUND)).call.state is CallState.UP
    desk.register.left(INBOUND)
    assert (await desk.story(INBOUND)).call.state is CallState.ENDED


async def test_a_busy_number_is_told_as_busy_even_when_its_hang_up_comes_first(desk: Desk) -> None:
    desk.register.placed(order())
    desk.register.heard_hangup(hangs_up(ATTEMPT, 17))
    desk.register.dialled(order(), came_of_it(DialEnd.BUSY, 17, "486"))
    call = (await desk.story(ATTEMPT)).call
    assert (call.outcome, call.cause, call.sip_cause, call.direction) == (
        "busy",
        17,
        "486",
        Direction.OUTBOUND,
    )
    assert [end.outcome for end in desk.ends] == ["busy"]


async def test_an_answered_call_that_hung_up_meanwhile_is_closed(desk: Desk) -> None:
    desk.register.placed(order())
    desk.register.heard_hangup(hangs_up(ATTEMPT))
    desk.register.dialled(order(), came_of_it(DialEnd.ANSWERED))
    assert (await desk.story(ATTEMPT)).call.state is CallState.ENDED


async def test_what_nobody_knows_stays_open_until_the_manager_is_back(desk: Desk) -> None:
    desk.register.placed(order())
    desk.register.dialled(order(), came_of_it(DialEnd.FAILED))
    assert (await desk.story(ATTEMPT)).call.state is CallState.UP
    desk.register.resynced(frozenset({ATTEMPT}))
    assert (await desk.story(ATTEMPT)).call.state is CallState.UP
    desk.register.resynced(frozenset())
    assert (await desk.story(ATTEMPT)).call.state is CallState.INTERRUPTED


async def test_an_adopted_call_is_closed_by_its_hang_up(desk: Desk) -> None:
    desk.register.began(rings_in())
    await desk.journal.flush()
    restarted = Register(desk.journal, desk.board, desk.clock, "node1")
    async with desk.db.read() as session:
        restarted.adopt(await queries.still_up(session, "node1"))
    restarted.heard_hangup(hangs_up(INBOUND))
    assert (await desk.story(INBOUND)).call.state is CallState.ENDED


async def test_a_one_sided_leg_is_marked(desk: Desk) -> None:
    desk.register.began(rings_in())
    desk.register.heard_quality(Quality(EPOCH, INBOUND, "PJSIP/trunk-00000001", 0, 900, 0, 0))
    leg = (await desk.story(INBOUND)).legs[0]
    assert (leg.leg, leg.sent, leg.one_way) == ("PJSIP/trunk", 900, True)


async def test_a_caller_gone_before_we_knew_them_leaves_no_ghost(desk: Desk) -> None:
    desk.register.heard_hangup(hangs_up(INBOUND))  # while we still asked who it is
    desk.register.began(rings_in())
    desk.register.entered(INBOUND)
    desk.register.left(INBOUND)
    assert (await desk.story(INBOUND)).call.state is CallState.ENDED
    assert INBOUND not in desk.board
    assert len(desk.register) == 0


async def test_a_hang_up_heard_before_an_unknown_end_closes_the_call(desk: Desk) -> None:
    desk.register.placed(order())
    desk.register.heard_hangup(hangs_up(ATTEMPT, 0))
    desk.register.dialled(order(), came_of_it(DialEnd.FAILED))
    assert (await desk.story(ATTEMPT)).call.state is CallState.ENDED
    assert len(desk.register) == 0


async def test_a_placed_call_is_told_whose_it_is_once_it_is_answered(desk: Desk) -> None:
    desk.register.placed(order())
    desk.register.began(
        CallStart(
            CallId(ATTEMPT), Direction.OUTBOUND, EPOCH, "node1", "trunk", "+390650000611", "+393290000017",
            "x.y", "v1", ATTEMPT, "c0000017",
        )
    )  # fmt: skip
    call = (await desk.story(ATTEMPT)).call
    assert (call.customer_id, call.flow_version) == ("c0000017", "v1")
