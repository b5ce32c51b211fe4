"""Agents' legs on a real Asterisk: nailed up, parked, joined, back in their park, lost, taken over."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from agents import AgentState, agent_card, present, put_agents
from agi import Session
from asterisk_conf import Installation
from centralino.accounts import service_account
from store import CoreAwayError, Database, RefusedError
from tests.agents.room import PHONES, Room, hire, open_room, telephone
from tests.agi.stage import HIGH, MIDDLE, Stage
from tests.redis_server import RedisServer
from tests.rig import Loopback, NodeRig, running_node
from tests.sip import Call, SipPhone, answers, refuses, tone
from values import BadInputError, HangupError, SystemClock

pytestmark = pytest.mark.asterisk


@pytest.fixture(scope="module")
def node(asterisk: Installation, loopback: Loopback) -> Iterator[NodeRig]:
    with running_node(asterisk, loopback, phones=PHONES) as rig:
        yield rig


@pytest.fixture(scope="module")
def redis_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("redis")


@pytest.fixture
async def redis(redis_place: Path) -> AsyncIterator[RedisServer]:
    server = RedisServer(redis_place)
    await server.start()
    yield server
    server.stop()


@pytest.fixture
async def books(tmp_path: Path) -> AsyncIterator[Database]:
    from tests.databases import _create_tables

    url = f"sqlite+aiosqlite:///{tmp_path / 'agents.db'}"
    await _create_tables(url)
    async with Database(url) as database:
        await hire(database)
        yield database


@pytest.fixture
async def room(node: NodeRig, books: Database, redis: RedisServer) -> AsyncIterator[Room]:
    async with open_room(node, books, redis.url) as room:
        yield room
        for seat in room.crew.desk:
            room.crew.desk.lost(seat.agent)
            room.crew.desk.wrapped_up(seat.agent)
            room.crew.shift.sign_out(seat.agent)
        for leg in [name for name in room.gateway.live() if name.startswith("agent-")]:
            with suppress(Exception):
                await room.gateway.hang_up(leg)


@pytest.fixture
async def anna(node: NodeRig, loopback: Loopback) -> AsyncIterator[SipPhone]:
    async with telephone(node, loopback, "anna") as phone:
        yield phone


@pytest.fixture
async def stage(node: NodeRig, loopback: Loopback) -> AsyncIterator[Stage]:
    recordings = node.plan.home / "recordings"
    recordings.mkdir(exist_ok=True)
    service_account().own(recordings)
    async with Stage(node, loopback, recordings) as made:
        yield made


async def joins(room: Room, session: Session) -> bool | None:
    """What joining does: reserve, look for the leg, bridge."""
    await session.answer()
    desk, shift = room.crew.desk, room.crew.shift
    held = desk.reserve(session.call_id, campaign="spring", wrap=600.0)
    leg = shift.leg(held.agent) if held else None
    if held is None or leg is None:
        return None
    desk.talking(held)
    try:
        return await session.bridge(leg)
    finally:
        desk.release(held)


async def talk(room: Room, stage: Stage, phone: SipPhone) -> tuple[Call, Call]:
    """A customer and an agent who hear each other."""
    customer = await (await stage.call(lambda session: joins(room, session))).answered()
    agent = phone.calls[-1]
    await customer.say(tone(MIDDLE, 0.6), wait=False)
    await agent.hears(MIDDLE)
    await agent.say(tone(HIGH, 0.6), wait=False)
    await customer.hears(HIGH)
    return customer, agent


async def test_signing_in_nails_the_leg_up_and_signing_out_lets_it_go(room: Room, anna: SipPhone) -> None:
    await room.signed_in("anna")
    (call,) = anna.calls
    assert call.state.value == "up"
    held = room.crew.desk.reserve("c1")
    assert held is not None
    assert (room.crew.shift.leg(held.agent) or "").startswith("PJSIP/agent01-")
    assert room.crew.desk.release(held)
    await room.ask("agents.sign_out", agent="anna")
    await call.hung_up()
    assert room.state("anna") is None


@pytest.mark.parametrize("customer_ends", [True, False])
async def test_the_leg_is_back_in_its_park_when_the_talk_ends(
    room: Room, stage: Stage, anna: SipPhone, customer_ends: bool
) -> None:
    await room.signed_in("anna")
    for times in (1, 2):
        customer, agent = await talk(room, stage, anna)
        assert room.state("anna") is AgentState.TALKING
        assert room.crew.desk.reserve("another") is None
        if customer_ends:
            customer.hangup()
        else:
            await room.ask("agents.hang_up", agent="anna")
            await customer.hung_up()
        with pytest.raises(HangupError):
            await stage.outcome()
        await room.is_now("anna", AgentState.WRAP_UP)
        await room.until(lambda: room.crew.desk.seat("anna").parked, "the leg in its park")  # type: ignore[union-attr]
        assert agent.state.value == "up"
        await room.ask("agents.dispose", agent="anna", disposition="sold", ready=True)
        assert room.state("anna") is AgentState.READY
        assert (room.said[-1].disposition, room.said[-1].campaign) == ("sold", "spring")
        assert len(room.said) == times
    assert len(anna.calls) == 1


async def test_an_agent_who_hangs_up_in_a_talk_ends_it_and_is_rung_again(
    room: Room, stage: Stage, anna: SipPhone
) -> None:
    await room.signed_in("anna")
    customer, agent = await talk(room, stage, anna)
    agent.hangup()
    assert await stage.outcome() is True  # their flow goes on
    await room.is_now("anna", AgentState.WRAP_UP)
    await room.until(lambda: len(anna.calls) == 2, "the second ringing")
    await room.until(lambda: room.crew.desk.seat("anna").parked, "the leg in its park")  # type: ignore[union-attr]
    await room.ask("agents.ready", agent="anna")
    await room.is_now("anna", AgentState.READY)
    customer.hangup()


async def test_a_customer_who_is_gone_before_they_are_joined_costs_no_wrap_up(
    room: Room, stage: Stage, anna: SipPhone
) -> None:
    await room.signed_in("anna")
    seat = room.crew.desk.seat("anna")
    assert seat is not None
    place = seat.idle_since

    async def scene(session: Session) -> bool:
        await session.answer()
        held = room.crew.desk.reserve(session.call_id)
        assert held is not None
        room.crew.desk.talking(held)
        try:
            return await session.bridge("PJSIP/nobody-00000001")
        finally:
            room.crew.desk.release(held)

    await (await stage.call(scene)).answered()
    assert await stage.outcome() is False
    assert (seat.state, seat.idle_since) == (AgentState.READY, place)


async def test_a_phone_that_is_away_is_rung_as_soon_as_it_is_back(
    node: NodeRig, loopback: Loopback, room: Room
) -> None:
    await room.ask("agents.sign_in", agent="bruno")
    assert room.state("bruno") is AgentState.OFFLINE
    async with telephone(node, loopback, "bruno") as phone:
        await room.is_now("bruno", AgentState.READY)
        await room.ask("agents.pause", agent="bruno", reason="lunch")
        assert room.state("bruno") is AgentState.PAUSED
        phone.calls[-1].hangup()
        await room.is_now("bruno", AgentState.OFFLINE)
        await room.is_now("bruno", AgentState.PAUSED)  # rung again, and still at lunch
        assert room.crew.desk.reserve("c1") is None


async def test_who_does_not_pick_up_stays_offline_and_is_no_more_rung_after_signing_out(
    room: Room, anna: SipPhone
) -> None:
    anna.on_call = refuses(486)
    await room.ask("agents.sign_in", agent="anna")
    await anna.rings()
    assert room.state("anna") is AgentState.OFFLINE
    await room.ask("agents.sign_out", agent="anna")
    assert room.state("anna") is None
    anna.on_call = answers()
    await room.signed_in("anna")


async def test_a_restarted_core_takes_over_the_legs_that_are_up(
    node: NodeRig, loopback: Loopback, books: Database, redis: RedisServer, stage: Stage, anna: SipPhone
) -> None:
    async with telephone(node, loopback, "bruno") as bruno, telephone(node, loopback, "carla") as carla:
        async with open_room(node, books, redis.url) as room:
            await room.signed_in("anna")
            customer, agent = await talk(room, stage, anna)
            await room.signed_in("bruno", "carla")
            await room.ask("agents.pause", agent="bruno", reason="lunch")
            talked_to = room.crew.desk.seat("anna").call  # type: ignore[union-attr]
        async with open_room(node, books, redis.url) as room:
            await room.is_now("bruno", AgentState.PAUSED)
            await room.is_now("carla", AgentState.READY)
            await room.is_now("anna", AgentState.TALKING)
            seat = room.crew.desk.seat("anna")
            assert seat is not None
            assert (seat.call, seat.campaign) == (talked_to, "spring")
            assert [len(phone.calls) for phone in (anna, bruno, carla)] == [1, 1, 1]
            assert room.crew.desk.idle() == 1
            await agent.say(tone(HIGH, 0.5), wait=False)
            await customer.hears(HIGH)
            customer.hangup()
            with pytest.raises(HangupError):
                await stage.outcome()
            await room.is_now("anna", AgentState.WRAP_UP)
            await room.ask("agents.sign_out", agents=["anna", "bruno", "carla"])
            await room.ask("agents.ready", agent="anna")
            await room.ask("agents.sign_out", agent="anna")
            for phone in (anna, bruno, carla):
                await phone.calls[0].hung_up()
        async with open_room(node, books, redis.url) as room:
            assert len(room.crew.desk) == 0


async def test_a_leg_wrongly_taken_for_gone_is_found_in_its_park(room: Room, anna: SipPhone) -> None:
    await room.signed_in("anna")
    desk = room.crew.desk
    held = desk.reserve("c1")
    assert held is not None
    desk.unparked("anna")
    desk.release(held)
    assert (room.state("anna"), desk.idle()) == (AgentState.OFFLINE, 0)
    await room.is_now("anna", AgentState.READY)
    assert len(anna.calls) == 1


async def test_without_the_switch_nobody_is_handed_out_and_with_it_everybody_is_back(
    room: Room, anna: SipPhone
) -> None:
    await room.signed_in("anna")
    room.gateway._link.wire.cut("as a network would")
    await room.until(lambda: room.crew.desk.idle() == 0, "nobody")
    await room.until(lambda: room.crew.desk.idle() == 1, "anna again")
    assert len(anna.calls) == 1


async def test_without_redis_talks_begin_and_end_as_ever(
    room: Room, stage: Stage, anna: SipPhone, redis: RedisServer
) -> None:
    await room.signed_in("anna")
    redis.stop()
    customer, _ = await talk(room, stage, anna)
    customer.hangup()
    with pytest.raises(HangupError):
        await stage.outcome()
    await room.is_now("anna", AgentState.WRAP_UP)
    room.crew.shift.ready("anna")
    await room.is_now("anna", AgentState.READY)
    await redis.start()

    async with asyncio.timeout(15):
        while (listed := await heard(room)) is None:  # noqa: ASYNC110  (Redis is left alone for a while)
            await asyncio.sleep(0.1)
    assert listed["agents"][0]["state"] == "ready"
    async with asyncio.timeout(15):
        while "anna" not in (there := await present(room.asker._live, SystemClock().now())):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert there["anna"].state is AgentState.READY  # pages know her again


async def heard(room: Room) -> Any:
    """The core's list; None while it does not answer."""
    try:
        return await room.ask("agents.list")
    except CoreAwayError:
        return None


async def test_only_telephones_of_the_house_are_rung(room: Room, books: Database) -> None:
    async with books.write() as session:
        await put_agents(session, [agent_card("dora", endpoint="trunk")], now=SystemClock().now())
    with pytest.raises(BadInputError, match="endpoint"):
        await room.ask("agents.sign_in", agent="dora")
    assert await room.crew._lines.call_leg("agent-dora-1", "trunk") is None
    with pytest.raises(BadInputError, match="by its program"):
        await room.ask("agents.sign_in", agent="sim-001")
    with pytest.raises(BadInputError, match="nobody called"):
        await room.ask("agents.sign_in", agent="nobody")
    with pytest.raises(RefusedError, match="knows no command"):
        await room.ask("agents.fly")


async def test_simulated_agents_are_gone_with_their_program(
    room: Room, node: NodeRig, loopback: Loopback
) -> None:
    async with SipPhone(loopback.city, 5060) as town:
        await room.ask("agents.sign_in", agents=["sim-001"], lease=1.5)
        await room.is_now("sim-001", AgentState.READY)
        assert town.calls[0].dialled == "sim-agent-001"
        assert await room.ask("agents.keep", agents=["sim-001"], seconds=1.5) == {"gone": []}
        await room.until(lambda: room.state("sim-001") is None, "the end of the lease")
        await town.calls[0].hung_up()
        assert await room.ask("agents.keep", agents=["sim-001"], seconds=1.5) == {"gone": ["sim-001"]}


async def test_a_switch_that_was_started_anew_rings_everybody_again(
    room: Room, node: NodeRig, anna: SipPhone
) -> None:
    await room.signed_in("anna")
    await asyncio.to_thread(node.process.stop)
    await room.until(lambda: room.crew.desk.idle() == 0, "nobody")
    assert room.crew.desk.reserve("c1") is None
    await asyncio.to_thread(node.process.start)
    await room.until(lambda: room.crew.desk.idle() == 1, "anna again", within=60)
    assert len(anna.calls) == 2
