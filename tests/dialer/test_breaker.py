"""A trunk that refuses everything is left alone, tried now and then, and taken back."""

from collections import Counter

import pytest
from structlog.testing import capture_logs

from dialer.trunks import BreakerState, Trunk, Trunks, numbers_own
from values.testing import FixedClock

pytestmark = pytest.mark.unit

ONE = Trunk("one", lines=100, calls_per_second=1000.0, refusals=5, rest_seconds=10.0)
TWO = Trunk("two", lines=100, calls_per_second=1000.0)


def call_and_be_refused(trunks: Trunks, name: str, times: int = 1, cause: int = 34) -> int:
    """How many of so many calls could be placed; each is refused."""
    placed = 0
    for _ in range(times):
        if trunks.take([name]):
            placed += 1
            trunks.refused(name, cause, "503 Service Unavailable")
            trunks.free(name)
    return placed


def test_a_storm_of_503_costs_five_calls_and_then_a_handful_of_probes() -> None:
    clock = FixedClock()
    trunks = Trunks([ONE], clock)
    minutes: Counter[int] = Counter()
    for second in range(3600):
        minutes[second // 600] += call_and_be_refused(trunks, "one", 20)
        clock.move(1)
    assert minutes[0] == 5 + 5  # after 10, 20, 40, 80, 160 s
    assert [minutes[part] for part in (1, 2, 3, 4, 5)] == [1, 1, 1, 1, 1]


def test_the_next_trunk_carries_on_while_the_first_rests() -> None:
    trunks = Trunks([ONE, TWO], FixedClock())
    assert call_and_be_refused(trunks, "one", 9) == 5
    assert trunks.take(trunks.allowed([])) == "two"
    assert trunks.wait(["one"]) == pytest.approx(10.0)
    assert trunks.wait(["one", "two"]) == 0
    assert trunks.room(["one"]) == 0


def test_one_call_probes_and_when_it_gets_through_all_may() -> None:
    clock = FixedClock()
    trunks = Trunks([ONE], clock)
    call_and_be_refused(trunks, "one", 5)
    clock.move(10)
    assert trunks.room(["one"]) == 1
    assert [trunks.take(["one"]) for _ in range(3)] == ["one", None, None]
    with capture_logs() as told:
        trunks.accepted("one")
    assert [each["event"] for each in told] == ["dialer.trunk_back"]
    assert [trunks.take(["one"]) for _ in range(3)] == ["one"] * 3
    trunks.refused("one", 34)
    assert trunks.resting() == {}  # it begins to count anew


def test_a_probe_that_was_never_placed_leaves_room_for_another() -> None:
    clock = FixedClock()
    trunks = Trunks([ONE], clock)
    call_and_be_refused(trunks, "one", 5)
    clock.move(10)
    for _ in range(3):
        assert trunks.take(["one"]) == "one"
        trunks.put_back("one")
    assert trunks.take(["one"]) == "one"  # and nothing more is heard of this one
    clock.move(59)
    assert trunks.take(["one"]) is None
    clock.move(1)
    assert trunks.take(["one"]) == "one"


def test_calls_that_were_under_way_when_it_tripped_make_the_rest_no_longer() -> None:
    clock = FixedClock()
    trunks = Trunks([ONE], clock)
    for _ in range(40):
        assert trunks.take(["one"])
    for _ in range(40):
        trunks.refused("one", 34, "503 Service Unavailable")
        trunks.free("one")
    assert trunks.wait(["one"]) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("cause", "words", "numbers"),
    [
        (1, "404 Not Found", True), (1, "", True), (28, "484 Address Incomplete", True), (17, "", True),
        (34, "503 Service Unavailable", False), (42, "", False), (0, "", False), (20, "", False),
        (21, "403 Forbidden", False), (1, "503 Service Unavailable", False),
        (18, "408 Request Timeout", False),
    ],
)  # fmt: skip
def test_an_unallocated_number_is_no_fault_of_the_trunk(cause: int, words: str, numbers: bool) -> None:
    assert numbers_own(cause, words) is numbers
    trunks = Trunks([ONE], FixedClock())
    for _ in range(50):
        trunks.refused("one", cause, words)
    assert bool(trunks.resting()) is not numbers


def test_a_busy_customer_in_between_shows_that_the_trunk_works() -> None:
    trunks = Trunks([ONE], FixedClock())
    for _ in range(10):
        call_and_be_refused(trunks, "one", 4)
        trunks.accepted("one")
    assert trunks.resting() == {}


def test_it_tells_when_it_rests_and_until_when() -> None:
    clock = FixedClock()
    trunks = Trunks([ONE, TWO], clock)
    with capture_logs() as told:
        call_and_be_refused(trunks, "one", 5)
    (line,) = told
    assert (line["event"], line["trunk"], line["seconds"]) == ("dialer.trunk_rests", "one", 10.0)
    assert (line["cause"], line["sip_cause"]) == (34, "503 Service Unavailable")
    first, second = trunks.states()
    assert (first.state, second.state) == (BreakerState.RESTING, BreakerState.OPEN_TO_CALLS)
    assert first.resting_until is not None
    assert (first.resting_until - clock.now()).total_seconds() == 10
    clock.move(10)
    assert trunks.states()[0].state is BreakerState.PROBING


def test_what_a_trunk_bears_is_changed_under_way_and_its_calls_stay_counted() -> None:
    clock = FixedClock()
    trunks = Trunks([ONE, TWO], clock)
    for _ in range(3):
        trunks.take(["one"])
    call_and_be_refused(trunks, "two", 5)
    narrower = Trunk("one", lines=4, calls_per_second=2.0)
    trunks.reload([TWO, narrower])
    assert trunks.allowed([]) == ["two", "one"]
    assert trunks.used == {"two": 0, "one": 3}
    assert "two" in trunks.resting()
    assert [trunks.take(["one"]) for _ in range(2)] == ["one", None]
    trunks.free("one")
    clock.move(0.4)
    assert trunks.take(["one"]) is None  # two a second now
    clock.move(0.1)
    assert trunks.take(["one"]) == "one"


def test_a_trunk_that_is_switched_off_or_gone_gets_no_call_and_loses_none() -> None:
    trunks = Trunks([ONE, TWO], FixedClock())
    assert trunks.take(["one"]) == "one"
    trunks.reload([Trunk("one", 100, 1000.0, enabled=False), TWO])
    assert trunks.take(["one"]) is None
    trunks.reload([TWO])
    assert trunks.take(["one"]) is None
    assert trunks.used == {"one": 1, "two": 0}
    trunks.free("one")
    trunks.reload([TWO])
    assert trunks.used == {"two": 0}
    trunks.reload([ONE, TWO])
    assert trunks.take(["one"]) == "one"
