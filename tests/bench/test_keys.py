"""Keys as packets that SIPp plays into a call."""

import struct

import pytest

from bench.closures import said
from bench.keys import PAYLOAD, key_capture
from customers import FaultStatus

pytestmark = pytest.mark.unit

_FILE, _FRAME, _UDP = 24, 16, 42


def events(capture: bytes) -> list[tuple[int, int, int, int, bool, int]]:
    """(payload, number, stamp, key, end, duration) of each packet."""
    found, at = [], _FILE
    while at < len(capture):
        length = struct.unpack_from("<I", capture, at + 8)[0]
        rtp = capture[at + _FRAME + _UDP : at + _FRAME + length]
        _, kind, number, stamp, _source = struct.unpack_from("!BBHII", rtp)
        key, flags, duration = struct.unpack_from("!BBH", rtp, 12)
        found.append((kind & 0x7F, number, stamp, key, bool(flags & 0x80), duration))
        at += _FRAME + length
    return found


def test_a_key_is_one_event_that_grows_and_ends_three_times() -> None:
    packets = events(key_capture("2", 0))
    assert {payload for payload, *_ in packets} == {PAYLOAD}
    assert {key for _, _, _, key, _, _ in packets} == {2}
    assert len({stamp for _, _, stamp, *_ in packets}) == 1
    assert [end for *_, end, _ in packets] == [False] * 4 + [True] * 3
    assert [duration for *_, duration in packets] == [160, 320, 480, 640, 800, 800, 800]


def test_a_second_key_comes_after_the_first_in_time_and_number() -> None:
    first, second = events(key_capture("1", 0)), events(key_capture("1", 1))
    assert second[0][1] > first[-1][1]
    assert second[0][2] > first[-1][2]


def test_whose_number_is_even_says_that_it_works() -> None:
    assert said(10) is FaultStatus.CLOSED
    assert said(11) is FaultStatus.REOPENED
    assert said(10, keyed=False) is FaultStatus.RESTORED
