"""Trunks: lines at once, calls a second, in order."""

import pytest

from dialer.trunks import Bucket, Trunk, Trunks
from values.testing import FixedClock

pytestmark = pytest.mark.unit


def test_a_bucket_never_gives_more_than_its_rate_and_a_small_burst() -> None:
    clock = FixedClock()
    bucket = Bucket(8.0, clock)
    given = 0
    for _ in range(1000):
        clock.move(0.01)
        while bucket.take():
            given += 1
    assert 79 <= given <= 82


def test_a_bucket_says_how_long_to_wait_and_after_that_gives() -> None:
    clock = FixedClock()
    bucket = Bucket(0.5, clock)
    assert bucket.take()
    assert not bucket.take()
    assert bucket.wait == pytest.approx(2.0)
    clock.move(bucket.wait)
    assert bucket.take()
    bucket.put_back()
    bucket.put_back()
    assert bucket.tokens == 1


def test_a_long_pause_does_not_become_a_flood() -> None:
    clock = FixedClock()
    bucket = Bucket(20.0, clock)
    clock.move(3600)
    assert bucket.tokens == 5


def test_the_first_trunk_with_room_is_taken_and_a_full_one_passed_over() -> None:
    trunks = Trunks([Trunk("first", 1, 100.0), Trunk("second", 2, 100.0)], FixedClock())
    names = trunks.allowed([])
    assert [trunks.take(names) for _ in range(4)] == ["first", "second", "second", None]
    assert trunks.wait(names) is None
    trunks.free("second")
    assert trunks.take(names) == "second"
    assert trunks.used == {"first": 1, "second": 2}


def test_a_campaign_keeps_to_its_own_trunks_and_unknown_ones_are_none() -> None:
    trunks = Trunks([Trunk("first", 1, 10.0), Trunk("second", 1, 10.0)], FixedClock())
    assert trunks.allowed(["second", "gone"]) == ["second"]
    assert trunks.take(trunks.allowed(["gone"])) is None


def test_what_was_not_used_comes_back_whole() -> None:
    trunks = Trunks([Trunk("first", 1, 1.0)], FixedClock())
    for _ in range(50):
        assert trunks.take(["first"]) == "first"
        trunks.put_back("first")
