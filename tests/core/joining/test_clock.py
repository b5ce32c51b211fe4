"""The law's clock in virtual time: joined when somebody is free, told so when not, and counted rightly."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agents import AgentState, Desk
from centralino.core.joining import (
    Announcements,
    AtTheMachine,
    Joiner,
    Line,
    Recorder,
    Talking,
    TalkOrder,
    load_laws,
)
from dialer import Machines
from store import StoreUnavailableError
from tests.core.joining.told import FirmLegs, Told
from values import (
    AttemptId,
    CallId,
    HangupError,
    Keyed,
    KeyedEnd,
    PhoneNumber,
    Recorded,
    Scalar,
    Sound,
)
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit

TALK, SENTENCE = 30.0, 4.0
"""Seconds of a talk, and of an announcement."""


@dataclass
class Customer:
    """A line on virtual time, which notes when what happened; `at` of a hang-up is from the answer."""

    clock: VirtualClock
    hangs_up: float = 1e9
    hangs_up_in: str = ""
    """The application in which they hang up."""
    presses: str = ""
    amd: str = "HUMAN"
    amd_seconds: float = 1.0
    dead_legs: frozenset[str] = frozenset()
    call: str = "a1"
    story: list[tuple[float, str]] = field(default_factory=list)

    @property
    def call_id(self) -> CallId:
        return CallId(self.call)

    @property
    def over(self) -> bool:
        return self.clock.monotonic() >= self.hangs_up

    def note(self, what: str) -> None:
        self.story.append((round(self.clock.monotonic(), 3), what))

    async def spend(self, seconds: float) -> None:
        left = self.hangs_up - self.clock.monotonic()
        await self.clock.sleep(max(0.0, min(seconds, left)))
        if self.over:
            raise HangupError

    async def answer(self) -> None: ...

    async def flush(self) -> None: ...

    async def mark(self, name: str, value: str) -> None: ...

    async def transfer(self, target: str, *, ring_seconds: float) -> Any: ...

    async def play(self, sounds: Sequence[Sound], *, keys: str = "") -> str:
        self.note("+".join(sound.text for sound in sounds))
        await self.spend(SENTENCE * len(sounds))
        return ""

    async def collect(self, sounds: Sequence[Sound], **_: object) -> Keyed:
        await self.play(sounds)
        return Keyed(self.presses, KeyedEnd.FULL if self.presses else KeyedEnd.TIMEOUT)

    async def record(self, name: str, **_: object) -> Recorded:
        raise AssertionError(name)

    async def execute(self, app: str, *args: str) -> str:
        if app == self.hangs_up_in:
            raise HangupError
        if app == "AMD":
            await self.spend(self.amd_seconds)
        else:
            self.note(app)
        return "0"

    async def get_variable(self, name: str) -> str:
        return {"AMDSTATUS": self.amd, "AMDCAUSE": f"{self.amd}-1"}.get(name, "")

    async def set_variable(self, name: str, value: str) -> None: ...

    async def set_language(self, language: str) -> None: ...

    async def bridge(self, channel: str) -> bool:
        if channel in self.dead_legs:
            return False
        self.note(f"joined {channel}")
        await self.spend(TALK)
        return True

    async def gone(self) -> None:
        with suppress(HangupError):
            await self.spend(1e9)


class House(FirmLegs):
    """A joiner with nothing real around it."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.desk = Desk(clock.monotonic)
        self.told = Told()
        self.opted_out: list[float] = []
        self.database_away_until = 0.0
        announcements = Announcements(self, "Centralino")
        self.joiner = Joiner(
            self.desk,
            Talking(self.desk, self, self.told, lambda _: None, clock),
            AtTheMachine(announcements, self._leave, clock, Path("/recordings")),
            announcements,
            Recorder(Path("/recordings")),
            self.told,
            self._opt_out,
            load_laws(),
            clock,
        )

    def leg(self, agent: str) -> str | None:
        return f"PJSIP/{agent}"

    async def sounds(
        self, prompt: Mapping[str, str], values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        return [Sound(key.removeprefix("joining."))]

    async def _leave(self, line: Line, order: TalkOrder) -> bool:
        return True

    async def _opt_out(self, order: TalkOrder) -> None:
        if self.clock.monotonic() < self.database_away_until:
            raise StoreUnavailableError("away")
        self.opted_out.append(self.clock.monotonic())

    def later(self, seconds: float, do: Callable[[], object]) -> None:
        asyncio.get_running_loop().call_later(seconds, do)

    async def take(self, customer: Customer, **order: Any) -> str:
        given: dict[str, Any] = {"purpose": "marketing", **order}
        plain = TalkOrder(
            AttemptId(customer.call_id), "spring", PhoneNumber("+393290000017"), "+39065", **given
        )
        return (await self.joiner.take(customer, plain)).value


Story = Callable[[House, VirtualClock], Coroutine[Any, Any, None]]


def on_virtual_time(story: Story) -> Callable[[], None]:
    """Play a story on a loop that waits for nothing."""

    def test() -> None:
        async def play() -> None:
            clock = VirtualClock()
            await story(House(clock), clock)

        virtual_time(play())

    test.__name__, test.__doc__ = story.__name__, story.__doc__
    return test


@on_virtual_time
async def test_somebody_free_is_joined_in_the_same_moment(house: House, clock: VirtualClock) -> None:
    house.desk.sign_in("anna")
    customer = Customer(clock)
    assert await house.take(customer) == "talked"
    assert customer.story == [(0.0, "joined PJSIP/anna")]


@on_virtual_time
async def test_nobody_free_is_said_two_seconds_after_the_answer(house: House, clock: VirtualClock) -> None:
    customer = Customer(clock)
    assert await house.take(customer, profile="uk") == "abandoned"
    assert customer.story == [(2.0, "abandoned+opt_out")]


@on_virtual_time
async def test_italy_waits_three_seconds_and_not_in_silence(house: House, clock: VirtualClock) -> None:
    customer = Customer(clock)
    assert await house.take(customer, profile="it") == "abandoned"
    assert customer.story == [(0.0, "StartMusicOnHold"), (3.0, "StopMusicOnHold")]  # and then it ends


@on_virtual_time
async def test_the_analysis_is_part_of_the_time(house: House, clock: VirtualClock) -> None:
    customer = Customer(clock, amd="NOTSURE", amd_seconds=1.7)
    assert await house.take(customer, profile="uk", machines=Machines.HANG_UP) == "abandoned"
    assert customer.story == [(2.0, "abandoned+opt_out")]


@on_virtual_time
async def test_where_the_clock_begins_with_the_greetings_end_there_is_more_time(
    house: House, clock: VirtualClock
) -> None:
    customer = Customer(clock, amd_seconds=1.3)  # of which the last half second was silence
    assert await house.take(customer, profile="us", machines=Machines.HANG_UP) == "abandoned"
    assert customer.story == [(2.8, "abandoned+opt_out")]


@on_virtual_time
async def test_an_agent_free_after_one_and_a_half_seconds_is_joined_then(
    house: House, clock: VirtualClock
) -> None:
    house.later(1.5, lambda: house.desk.sign_in("anna"))
    customer = Customer(clock)
    assert await house.take(customer, profile="uk") == "talked"
    assert customer.story == [(1.5, "joined PJSIP/anna")]


@on_virtual_time
async def test_a_dead_leg_is_passed_over_and_nobody_is_given_it_again(
    house: House, clock: VirtualClock
) -> None:
    house.desk.sign_in("anna")
    house.later(1.0, lambda: house.desk.sign_in("bruno"))
    customer = Customer(clock, dead_legs=frozenset({"PJSIP/anna"}))
    assert await house.take(customer, profile="uk") == "talked"
    assert customer.story == [(1.0, "joined PJSIP/bruno")]
    seat = house.desk.seat("anna")
    assert seat is not None
    assert seat.state is AgentState.OFFLINE


@on_virtual_time
async def test_whose_only_agent_is_dead_is_told_in_time(house: House, clock: VirtualClock) -> None:
    house.desk.sign_in("anna")
    customer = Customer(clock, dead_legs=frozenset({"PJSIP/anna"}))
    assert await house.take(customer, profile="uk") == "abandoned"
    assert customer.story == [(2.0, "abandoned+opt_out")]


@on_virtual_time
async def test_hanging_up_before_the_time_is_over_counts_as_hanging_up(
    house: House, clock: VirtualClock
) -> None:
    assert await house.take(Customer(clock, hangs_up=1.9), profile="uk") == "hangup"
    assert len(house.joiner.waiting) == 0


@on_virtual_time
async def test_hanging_up_on_the_message_counts_as_abandoned(house: House, clock: VirtualClock) -> None:
    assert await house.take(Customer(clock, hangs_up=2.5), profile="uk") == "abandoned"


@on_virtual_time
async def test_an_agent_taken_back_from_who_hung_up_is_free_for_the_next(
    house: House, clock: VirtualClock
) -> None:
    assert await house.take(Customer(clock, hangs_up=0.0)) == "hangup"
    house.desk.sign_in("anna")
    assert await house.take(Customer(clock, call="a2")) == "talked"


@on_virtual_time
async def test_an_agent_is_free_again_when_the_customer_goes_before_the_noise_has_ended(
    house: House, clock: VirtualClock
) -> None:
    house.later(1.5, lambda: house.desk.sign_in("anna"))
    customer = Customer(clock, hangs_up_in="StopMusicOnHold")
    assert await house.take(customer, profile="it") == "hangup"
    seat = house.desk.seat("anna")
    assert seat is not None
    assert seat.state is AgentState.READY


@on_virtual_time
async def test_an_opt_out_holds_at_once_and_survives_a_database_that_is_away(
    house: House, clock: VirtualClock
) -> None:
    house.database_away_until = 60.0
    customer = Customer(clock, presses="9")
    assert await house.take(customer, profile="uk") == "abandoned"
    assert customer.story[-1][1] == "opted_out"
    assert house.opted_out == []
    await clock.sleep(60.0)
    assert len(house.opted_out) == 1


@on_virtual_time
async def test_what_must_be_told_offers_no_opting_out(house: House, clock: VirtualClock) -> None:
    customer = Customer(clock, presses="9")
    assert await house.take(customer, purpose="mandatory_notice") == "abandoned"
    assert customer.story == [(2.0, "abandoned")]
    assert house.opted_out == []


@on_virtual_time
async def test_whose_agent_s_network_fell_is_told_so(house: House, clock: VirtualClock) -> None:
    house.desk.sign_in("anna")

    async def lost(agent: str) -> bool:
        return True

    house.lost = lost
    customer = Customer(clock)
    assert await house.take(customer) == "talked"
    assert customer.story[-1] == (TALK, "cut_off")
