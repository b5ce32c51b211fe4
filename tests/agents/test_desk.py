"""The desk: whom it hands out, in which order, and that nobody is ever handed out twice."""

import contextlib
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agents import SIGN_OUT, AgentState, Desk, Reservation, Seat

pytestmark = pytest.mark.unit


@dataclass
class Shop:
    """A desk with a clock turned by hand."""

    now: float = 0.0
    desk: Desk = field(init=False)
    turns: list[tuple[str, str, str]] = field(default_factory=list)
    handled: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = Desk(lambda: self.now)
        self.desk.on_change(
            lambda seat, before: self.turns.append((seat.agent, before.value, seat.state.value))
        )
        self.desk.on_handled(lambda seat, seconds: self.handled.append((seat.campaign, seconds)))

    def come(self, *agents: str, skills: tuple[str, ...] = ()) -> None:
        for agent in agents:
            self.now += 1
            self.desk.sign_in(agent, skills)

    def hold(self, call: str = "c1", **how: str) -> Reservation:
        held = self.desk.reserve(call, **how)  # type: ignore[arg-type]
        assert held is not None
        return held

    def seat(self, agent: str) -> Seat:
        seat = self.desk.seat(agent)
        assert seat is not None
        return seat


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_the_longest_idle_goes_first(shop: Shop) -> None:
    shop.come("anna", "bruno", "carla")
    assert [shop.hold(call).agent for call in ("c1", "c2", "c3")] == ["anna", "bruno", "carla"]
    assert shop.desk.reserve("c4") is None


def test_who_was_held_in_vain_keeps_their_place(shop: Shop) -> None:
    shop.come("anna", "bruno")
    shop.now = 100
    held = shop.hold()
    shop.now = 130
    assert shop.desk.release(held)
    assert shop.hold("c2").agent == "anna"
    assert not shop.desk.release(held)  # that one is used up


def test_who_was_to_be_joined_and_never_left_the_park_keeps_it_too(shop: Shop) -> None:
    shop.come("anna", "bruno")
    held = shop.hold()
    assert shop.desk.talking(held)
    assert shop.desk.release(held)
    assert shop.hold("c2").agent == "anna"


def test_who_talks_is_not_given_back(shop: Shop) -> None:
    shop.come("anna")
    held = shop.hold()
    shop.desk.talking(held)
    shop.desk.unparked("anna")
    assert not shop.desk.release(held)
    assert shop.desk.talking(held)  # told twice, it is the same talk


def test_only_who_knows_the_skill_is_held(shop: Shop) -> None:
    shop.come("anna", skills=("fibre",))
    shop.come("bruno", skills=("mobile", "fibre"))
    assert shop.hold("c1", skill="mobile").agent == "bruno"
    assert shop.desk.reserve("c2", skill="mobile") is None
    assert (shop.desk.idle(), shop.desk.idle("mobile"), shop.desk.busy("mobile")) == (1, 0, [0.0])


@pytest.mark.parametrize("ended_by", ["wrapped_up", "ready"])
def test_a_talk_and_its_wrap_up_are_told_in_seconds(shop: Shop, ended_by: str) -> None:
    shop.come("anna")
    held = shop.hold(campaign="spring")
    shop.now = 10
    shop.desk.talking(held)
    shop.now = 100
    shop.desk.talked("anna")
    shop.now = 115
    assert getattr(shop.desk, ended_by)("anna") == 105
    assert shop.handled == [("spring", 105)]
    assert (shop.seat("anna").state, shop.seat("anna").campaign) == (AgentState.READY, "")


def test_a_pause_in_mid_talk_comes_after_it(shop: Shop) -> None:
    shop.come("anna")
    shop.desk.talking(shop.hold())
    shop.desk.pause("anna", "lunch")
    assert shop.seat("anna").state is AgentState.TALKING
    assert shop.desk.leaving() == 1
    shop.desk.talked("anna")
    shop.desk.wrapped_up("anna")
    assert (shop.seat("anna").state, shop.seat("anna").reason) == (AgentState.PAUSED, "lunch")
    assert shop.desk.reserve("c2") is None
    shop.desk.ready("anna")
    assert shop.hold("c3").agent == "anna"


def test_going_home_is_not_forgotten_over_a_pause(shop: Shop) -> None:
    shop.come("anna")
    shop.desk.talking(shop.hold())
    shop.desk.sign_out("anna")
    shop.desk.pause("anna", "lunch")
    shop.desk.talked("anna")
    shop.desk.wrapped_up("anna")
    assert shop.desk.seat("anna") is None
    assert shop.turns[-1] == ("anna", "wrap_up", "offline")


def test_a_lost_leg_ends_the_talk_but_not_the_wrap_up(shop: Shop) -> None:
    shop.come("anna")
    shop.desk.talking(shop.hold())
    shop.desk.unparked("anna")
    shop.desk.lost("anna")
    assert shop.seat("anna").state is AgentState.WRAP_UP
    shop.desk.wrapped_up("anna")
    assert shop.seat("anna").state is AgentState.OFFLINE
    shop.desk.parked("anna")
    assert shop.seat("anna").state is AgentState.READY


def test_who_was_paused_comes_back_paused(shop: Shop) -> None:
    shop.come("anna")
    shop.desk.pause("anna", "lunch")
    shop.desk.lost("anna", "lost")
    assert (shop.seat("anna").state, shop.seat("anna").reason) == (AgentState.OFFLINE, "lunch")
    shop.desk.parked("anna")
    assert (shop.seat("anna").state, shop.seat("anna").reason) == (AgentState.PAUSED, "lunch")


def test_who_signs_out_says_so(shop: Shop) -> None:
    shop.come("anna")
    seat = shop.seat("anna")
    shop.desk.sign_out("anna")
    assert (seat.state, seat.reason, len(shop.desk)) == (AgentState.OFFLINE, SIGN_OUT, 0)


def test_callers_come_first_and_leave_the_rest_to_our_calls(shop: Shop) -> None:
    shop.come("anna", skills=("fibre",))
    shop.come("bruno", skills=("fibre", "mobile"))
    shop.come("carla", skills=("mobile",))
    shop.desk.inbound.waits("mobile", 1)  # Carla's, who knows nothing else
    assert [shop.hold(call).agent for call in ("c1", "c2")] == ["anna", "bruno"]
    assert shop.desk.reserve("c3") is None
    assert shop.desk.waiting_inbound("mobile") == 1
    assert shop.desk.waiting_inbound("fibre") == 1  # Bruno serves both
    held = shop.desk.reserve("i1", skill="mobile", inbound=True)
    assert held is not None
    assert held.agent == "carla"


def test_many_callers_take_everybody(shop: Shop) -> None:
    shop.come("anna", "bruno")
    shop.desk.inbound.waits("", 5)
    assert shop.desk.reserve("c1") is None
    shop.desk.inbound.waits("", 1)
    assert shop.hold("c1").agent == "bruno"  # the longest idle is the caller's
    shop.desk.inbound.waits("", 0)
    assert shop.hold("c2").agent == "anna"


def test_a_promised_agent_is_kept_for_callers_like_any(shop: Shop) -> None:
    shop.come("anna", "bruno")
    shop.desk.inbound.waits("", 1)
    assert shop.desk.reserve_agent("anna", "c1") is None  # the longest idle is the caller's
    held = shop.desk.reserve_agent("anna", "i1", inbound=True)
    assert held is not None
    shop.desk.inbound.waits("", 0)
    assert shop.desk.reserve_agent("anna", "c1") is None
    assert shop.desk.reserve_agent("bruno", "c1") is not None


def test_a_promise_does_not_replace_a_skill(shop: Shop) -> None:
    shop.come("anna", skills=("fibre",))
    assert shop.desk.reserve_agent("anna", "c1", skill="mobile") is None
    assert shop.desk.reserve_agent("anna", "c1", skill="fibre") is not None


AGENTS = ("anna", "bruno", "carla")
agents = st.sampled_from(AGENTS)


class AnyDay(RuleBasedStateMachine):
    """Agents, legs, calls and pauses in any order whatever."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.desk = Desk(lambda: self.now)
        self.calls = 0
        self.held: dict[str, Reservation] = {}
        self.joined: dict[str, Reservation] = {}
        self.desk.on_change(self._turned)

    def _turned(self, seat: Seat, _before: AgentState) -> None:
        if seat.state is not AgentState.RESERVED:
            self.held.pop(seat.agent, None)
        if seat.state is not AgentState.TALKING:
            self.joined.pop(seat.agent, None)

    @rule(seconds=st.floats(0.1, 60))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(agent=agents, skilled=st.booleans())
    def comes(self, agent: str, skilled: bool) -> None:
        seat = self.desk.seat(agent)
        self.desk.sign_in(agent, ("mobile",) if skilled else (), parked=bool(seat and seat.parked))

    @rule(agent=agents)
    def leg_is_parked(self, agent: str) -> None:
        seat = self.desk.seat(agent)
        if seat and seat.state is not AgentState.TALKING:
            self.desk.parked(agent)

    @rule(agent=agents, what=st.sampled_from(["pause", "ready", "sign_out", "lost", "wrapped_up", "talked"]))
    def something_happens(self, agent: str, what: str) -> None:
        getattr(self.desk, what)(agent)

    @rule(waiting=st.integers(0, 3), skill=st.sampled_from(["", "mobile"]))
    def callers_wait(self, waiting: int, skill: str) -> None:
        self.desk.inbound.waits(skill, waiting)

    @rule(skill=st.sampled_from(["", "mobile"]), inbound=st.booleans())
    def somebody_is_held(self, skill: str, inbound: bool) -> None:
        free = {seat.agent: seat.idle_since for seat in self.desk if self._free(seat, skill)}
        self.calls += 1
        held = self.desk.reserve(f"c{self.calls}", skill=skill, inbound=inbound)
        if held is None:
            assert not free or not inbound
            return
        assert held.agent in free
        assert held.agent not in self.held
        assert held.agent not in self.joined
        if inbound or not self.desk.inbound:
            assert free[held.agent] == min(free.values())
        self.held[held.agent] = held

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def they_are_joined(self, data: st.DataObject) -> None:
        agent = data.draw(st.sampled_from(sorted(self.held)))
        held = self.held[agent]
        assert self.desk.talking(held)
        self.desk.unparked(agent)
        self.joined[agent] = held

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def they_are_given_back(self, data: st.DataObject) -> None:
        assert self.desk.release(self.held[data.draw(st.sampled_from(sorted(self.held)))])

    @invariant()
    def the_desk_and_the_world_agree(self) -> None:
        talking = {seat.agent: seat.call for seat in self.desk if seat.state is AgentState.TALKING}
        reserved = {seat.agent: seat.call for seat in self.desk if seat.state is AgentState.RESERVED}
        assert talking == {agent: held.call for agent, held in self.joined.items()}
        assert reserved == {agent: held.call for agent, held in self.held.items()}
        calls = [*talking.values(), *reserved.values()]
        assert len(set(calls)) == len(calls)

    @invariant()
    def the_counts_fit(self) -> None:
        assert self.desk.idle() == sum(self._free(seat, "") for seat in self.desk)
        assert self.desk.leaving() <= len(self.desk.busy())
        assert all(seconds >= 0 for seconds in self.desk.busy())

    @staticmethod
    def _free(seat: Seat, skill: str) -> bool:
        return seat.state is AgentState.READY and seat.parked and (not skill or skill in seat.skills)

    def teardown(self) -> None:
        for agent in AGENTS:
            with contextlib.suppress(KeyError):
                self.desk.sign_out(agent)


AnyDay.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyDay = AnyDay.TestCase
