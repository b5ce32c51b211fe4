"""The line side of the desk on virtual time: legs, wrap-ups, leases, reservations nobody gave back."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from agents import AgentCard, AgentState, Desk, LiveLeg, Reservation, Seat, Shift, Where
from agents.ports import agent_of, new_leg
from agents.testing import ScriptedLines
from values import BadInputError
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit

ANNA = AgentCard("anna-maria", "agent01", skills=frozenset({"fibre"}))


class World:
    """A shift whose switch is a script."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.lines = ScriptedLines()
        self.redis_is_there = True
        self.desk = Desk(self.clock.monotonic)
        self.shift = Shift(
            self.desk, self.lines, self.clock, wrap_seconds=30.0, leases_run=lambda: self.redis_is_there
        )

    def state(self) -> AgentState | None:
        seat = self.desk.seat(ANNA.name)
        return seat.state if seat else None

    @property
    def leg(self) -> str:
        return self.lines.rung[-1]

    async def begin(self, **lease: float) -> None:
        """Anna is signed in and parked."""
        await self.shift.resynced()
        self.shift.sign_in(ANNA, **lease)
        await self.clock.sleep(0.01)
        self.park()

    def park(self) -> None:
        self.shift.heard_entered(self.leg, "PJSIP/agent01-00000001", parked=True)

    async def talk(self, seconds: float = 60.0, *, wrap: float | None = None) -> Reservation:
        """Anna talks, and her leg leaves the talk."""
        held = self.desk.reserve("c1", campaign="spring", wrap=wrap)
        assert held is not None
        assert self.shift.leg(ANNA.name) == "PJSIP/agent01-00000001"
        self.shift.heard_left(self.leg, parked=True)
        self.shift.heard_entered(self.leg, "PJSIP/agent01-00000001", parked=False)
        assert self.state() is AgentState.TALKING
        assert self.shift.leg(ANNA.name) is None
        await self.clock.sleep(seconds)
        self.shift.heard_left(self.leg, parked=False)
        assert self.state() is AgentState.WRAP_UP
        return held


def on_virtual_time(story: Callable[[World], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    async def told() -> None:
        world = World()
        watching = asyncio.create_task(world.shift.watch())
        try:
            await story(world)
        finally:
            watching.cancel()
            await world.shift.close()

    def test() -> None:
        virtual_time(told())

    test.__name__ = story.__name__
    return test


def test_a_leg_s_name_tells_whose_it_is() -> None:
    assert agent_of(new_leg("anna-maria")) == "anna-maria"
    assert new_leg("a") != new_leg("a")
    assert agent_of("a01jabc") is None
    assert agent_of("agent-") is None


@on_virtual_time
async def test_a_wrap_up_ends_by_itself_after_the_campaign_s_time(world: World) -> None:
    await world.begin()
    await world.talk(wrap=12.0)
    world.park()
    await world.clock.sleep(11.9)
    assert world.state() is AgentState.WRAP_UP
    await world.clock.sleep(0.2)
    assert world.state() is AgentState.READY


@on_virtual_time
async def test_a_campaign_that_says_nothing_gets_the_usual(world: World) -> None:
    await world.begin()
    await world.talk()
    world.park()
    await world.clock.sleep(29.9)
    assert world.state() is AgentState.WRAP_UP
    await world.clock.sleep(0.2)
    assert world.state() is AgentState.READY


@on_virtual_time
async def test_an_agent_asks_for_more_and_is_ready_sooner(world: World) -> None:
    await world.begin()
    await world.talk(wrap=10.0)
    world.park()
    await world.clock.sleep(9)
    assert world.shift.more_time(ANNA.name, 60.0)
    await world.clock.sleep(50)
    assert world.state() is AgentState.WRAP_UP
    world.shift.ready(ANNA.name)
    assert world.state() is AgentState.READY
    assert not world.shift.more_time(ANNA.name, 60.0)
    await world.clock.sleep(60)
    assert world.state() is AgentState.READY


@pytest.mark.parametrize("asked", [True, False])
def test_nobody_is_ready_before_their_leg_is_back(asked: bool) -> None:
    async def story(world: World) -> None:
        await world.begin()
        await world.talk(wrap=0.0)
        if asked:
            world.shift.ready(ANNA.name)
        await world.clock.sleep(0.5)
        assert world.state() is AgentState.WRAP_UP
        world.park()
        assert world.state() is AgentState.READY

    on_virtual_time(story)()


@on_virtual_time
async def test_a_talk_that_was_not_there_gives_the_place_back(world: World) -> None:
    await world.begin()
    seat = world.desk.seat(ANNA.name)
    assert seat is not None
    place = seat.idle_since
    await world.clock.sleep(5)
    held = world.desk.reserve("c1")
    assert held is not None
    world.desk.talking(held)
    world.shift.heard_left(world.leg, parked=True)
    world.park()
    assert (world.state(), seat.idle_since) == (AgentState.READY, place)


@on_virtual_time
async def test_a_reservation_nobody_gave_back_ends_in_the_end(world: World) -> None:
    await world.begin()
    assert world.desk.reserve("c1")
    await world.clock.sleep(170)
    assert world.state() is AgentState.RESERVED
    await world.clock.sleep(15)
    assert world.state() is AgentState.READY


@on_virtual_time
async def test_who_does_not_answer_is_rung_again_ever_more_seldom(world: World) -> None:
    world.lines.silent.add("agent01")
    await world.shift.resynced()
    world.shift.sign_in(ANNA)
    await world.clock.sleep(60.5)
    assert len(world.lines.rung) == 6  # at 0, 2, 6, 14, 30 and 60 s
    world.lines.silent.clear()
    world.shift.heard_phone("agent02")
    await world.clock.sleep(0.1)
    assert len(world.lines.rung) == 6
    world.shift.heard_phone("agent01")
    await world.clock.sleep(0.1)
    assert len(world.lines.rung) == 7


@on_virtual_time
async def test_a_second_leg_of_one_agent_is_sent_away(world: World) -> None:
    await world.begin()
    late = new_leg(ANNA.name)
    world.shift.heard_entered(late, "PJSIP/agent01-00000009", parked=True)
    stranger = new_leg("nobody")
    world.shift.heard_entered(stranger, "PJSIP/agent02-00000001", parked=True)
    await world.clock.sleep(0.1)
    assert world.lines.hung_up == [late, stranger]
    assert world.state() is AgentState.READY


@on_virtual_time
async def test_no_two_agents_share_a_telephone(world: World) -> None:
    await world.begin()
    bruno = AgentCard("bruno", ANNA.endpoint)
    with pytest.raises(BadInputError, match="anna-maria is signed in at agent01"):
        world.shift.sign_in(bruno)
    assert world.desk.seat("bruno") is None
    world.shift.sign_in(ANNA)
    world.shift.sign_out(ANNA.name)
    world.shift.sign_in(bruno)
    await world.clock.sleep(0.01)
    assert agent_of(world.leg) == "bruno"


@on_virtual_time
async def test_a_lease_ends_unless_renewed_and_waits_while_redis_is_away(world: World) -> None:
    await world.begin(lease=10.0)
    await world.clock.sleep(8)
    assert world.shift.keep([ANNA.name, "nobody"], 10.0) == ["nobody"]
    await world.clock.sleep(8)
    world.redis_is_there = False
    await world.clock.sleep(300)
    assert world.state() is AgentState.READY
    world.redis_is_there = True
    await world.clock.sleep(12)
    assert world.state() is None
    assert world.lines.hung_up == [world.leg]


@on_virtual_time
async def test_a_lease_that_ends_in_a_talk_ends_the_talk(world: World) -> None:
    await world.begin(lease=3.0)
    assert world.desk.reserve("c1", wrap=1.0)
    world.shift.heard_left(world.leg, parked=True)
    world.shift.heard_entered(world.leg, "PJSIP/agent01-00000001", parked=False)
    await world.clock.sleep(5)
    assert world.lines.hung_up == [world.leg]
    world.shift.heard_hangup(world.leg)
    await world.clock.sleep(2)
    assert world.state() is None
    assert len(world.lines.rung) == 1


@on_virtual_time
async def test_what_an_earlier_core_left_is_sorted_out_by_where_the_legs_are(world: World) -> None:
    now = world.clock.monotonic()
    left = {
        "talks": (AgentState.TALKING, Where.TALKING, AgentState.TALKING),
        "talked": (AgentState.TALKING, Where.PARKED, AgentState.WRAP_UP),
        "cut-off": (AgentState.TALKING, None, AgentState.WRAP_UP),
        "joined": (AgentState.RESERVED, Where.TALKING, AgentState.TALKING),
        "given-back": (AgentState.RESERVED, Where.PARKED, AgentState.READY),
        "waits": (AgentState.OFFLINE, Where.PARKED, AgentState.READY),
        "unheard": (AgentState.OFFLINE, Where.TALKING, AgentState.TALKING),
        "between": (AgentState.OFFLINE, Where.BETWEEN, AgentState.OFFLINE),
        "writes": (AgentState.WRAP_UP, Where.PARKED, AgentState.WRAP_UP),
    }
    for agent, (state, where, _) in left.items():
        if where is not None:
            leg = new_leg(agent)
            world.lines.up[leg] = LiveLeg(leg, f"PJSIP/{agent}-1", where, "c7")
        world.shift.inherit(Seat(agent, state=state, since=now, call="c1"), AgentCard(agent, agent))
    stray = new_leg("gone-home")
    world.lines.up[stray] = LiveLeg(stray, "PJSIP/x-1", Where.PARKED)
    await world.shift.resynced()
    seats = {seat.agent: seat.state for seat in world.desk}
    assert seats == {agent: after for agent, (_, _, after) in left.items()}
    await world.clock.sleep(0.1)
    assert world.lines.hung_up == [stray]
    assert [agent_of(leg) for leg in world.lines.rung] == ["cut-off"]
    await world.clock.sleep(31)
    assert world.desk.seat("writes").state is AgentState.READY  # type: ignore[union-attr]


@on_virtual_time
async def test_who_is_busy_keeps_their_telephone(world: World) -> None:
    await world.begin()
    assert world.desk.reserve("c1")
    with pytest.raises(BadInputError, match="busy"):
        world.shift.sign_in(AgentCard(ANNA.name, "agent02"))
    with pytest.raises(BadInputError, match="no more"):
        world.shift.sign_in(AgentCard("bruno", "agent02", active=False))


@on_virtual_time
async def test_a_wrap_up_that_is_over_leaves_a_pause_standing(world: World) -> None:
    await world.begin()
    await world.talk()
    world.park()
    world.shift.pause(ANNA.name, "lunch")
    world.shift.wrapped_up(ANNA.name)
    assert world.state() is AgentState.PAUSED
    world.shift.wrapped_up(ANNA.name)  # told again it means nothing
    assert world.state() is AgentState.PAUSED


@on_virtual_time
async def test_a_talk_that_never_was_is_over_when_the_leg_has_rested_in_its_park(world: World) -> None:
    """The customer hung up in the instant that their agent was told to have them."""
    await world.begin()
    held = world.desk.reserve("c1")
    assert held is not None
    world.desk.talking(held)
    await world.clock.sleep(4)
    assert world.state() is AgentState.TALKING
    await world.clock.sleep(4)
    assert world.state() is AgentState.WRAP_UP


@on_virtual_time
async def test_whose_customer_is_on_hold_talks_for_as_long_as_that_lasts(world: World) -> None:
    await world.begin()
    held = world.desk.reserve("c1")
    assert held is not None
    world.desk.talking(held)
    world.desk.keep(ANNA.name, kept=True)
    await world.clock.sleep(120)
    assert world.state() is AgentState.TALKING


@on_virtual_time
async def test_whom_nobody_keeps_any_more_is_free_of_a_talk_that_is_over(world: World) -> None:
    """Whatever forgot them: an agent is shown in no talk that nobody sees to."""
    await world.begin()
    held = world.desk.reserve("c1")
    assert held is not None
    world.desk.talking(held)
    world.desk.keep(ANNA.name, kept=True)
    on_hold = True
    world.shift.kept_by(lambda _agent: on_hold)
    await world.clock.sleep(120)
    assert world.state() is AgentState.TALKING
    on_hold = False
    await world.clock.sleep(4)
    assert world.state() is AgentState.TALKING
    await world.clock.sleep(8)
    assert world.state() is AgentState.WRAP_UP
    await world.clock.sleep(31)
    assert world.state() is AgentState.READY


@on_virtual_time
async def test_who_is_shown_talking_and_has_no_leg_talks_to_nobody(world: World) -> None:
    await world.begin()
    held = world.desk.reserve("c1")
    assert held is not None
    world.lines.silent.add("agent01")
    world.shift.heard_left(world.leg, parked=True)
    world.shift.heard_hangup(world.leg)
    seat = world.desk.seat(ANNA.name)
    assert seat is not None
    seat.state, seat.token = AgentState.RESERVED, held.token  # her customer's session has not heard it yet
    assert world.desk.talking(held)
    await world.clock.sleep(8)
    assert world.state() is AgentState.WRAP_UP


@on_virtual_time
async def test_while_the_switch_is_away_nobody_knows_whether_a_talk_goes_on(world: World) -> None:
    seat = Seat(ANNA.name, state=AgentState.TALKING, since=world.clock.monotonic(), call="c1")
    world.shift.inherit(seat, ANNA)
    await world.clock.sleep(60)
    assert world.state() is AgentState.TALKING


@on_virtual_time
async def test_a_wrap_up_that_waits_for_a_leg_of_which_nothing_is_heard_looks_for_it(world: World) -> None:
    await world.begin()
    await world.talk(wrap=10.0)
    await world.clock.sleep(11)
    assert world.state() is AgentState.WRAP_UP  # her leg is on its way
    world.lines.up[world.leg] = LiveLeg(world.leg, "PJSIP/agent01-00000001", Where.PARKED)
    await world.clock.sleep(5)
    assert world.state() is AgentState.READY


@on_virtual_time
async def test_a_telephone_that_registers_while_its_leg_rings_elsewhere_is_rung_at_once(world: World) -> None:
    await world.begin()
    world.lines.patient.add(ANNA.endpoint)
    world.shift.heard_hangup(world.leg, lost=True)
    await world.clock.sleep(0.01)
    [ringing] = world.shift.rung_at(ANNA.endpoint)
    world.shift.heard_phone(ANNA.endpoint, came=True)
    world.lines.patient.clear()
    await world.lines.hang_up(ringing)
    await world.clock.sleep(0.01)  # and not the two seconds after which one that did not answer is rung again
    assert world.leg != ringing
    assert world.shift.rung_at(ANNA.endpoint) == []
    assert world.shift.channel(ANNA.name)
