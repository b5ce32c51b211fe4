"""The telephones of the tests hear and code right."""

import pytest

from tests.sip import PCMA, PCMU, tone
from tests.sip.dtmf import press, read_event
from tests.sip.g711 import Codec
from tests.sip.tones import IS_TONE, WINDOW, loudness, tone_share

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("codec", [PCMA, PCMU], ids=lambda codec: codec.name)
def test_every_code_comes_back_as_itself(codec: Codec) -> None:
    codes = bytes(range(256))
    again = codec.encode(codec.decode(codes))
    assert codec.decode(again) == codec.decode(codes)  # µ-law has two codes for nothing


@pytest.mark.parametrize("codec", [PCMA, PCMU], ids=lambda codec: codec.name)
def test_coding_costs_little(codec: Codec) -> None:
    for sample in (0, 5, -5, 100, -1000, 12345, -32000, 32767):
        (again,) = codec.decode(codec.encode([sample]))
        assert abs(again - sample) <= max(16, abs(sample) * 0.04)


def test_known_codes() -> None:
    assert PCMU.encode([0]) in (b"\xff", b"\x7f")
    assert PCMA.encode([8]) == b"\xd5"
    assert PCMU.decode(b"\x80\x00") == [32124, -32124]
    assert PCMA.decode(b"\xaa\x2a") == [32256, -32256]


def test_a_tone_is_told_from_its_neighbours_and_from_two() -> None:
    window = PCMU.decode(PCMU.encode(tone(1004, 0.05)))
    assert tone_share(window, 1004) > 0.98
    assert tone_share(window, 1100) < 0.1
    both = [a + b for a, b in zip(tone(697, 0.05), tone(1209, 0.05), strict=True)]
    assert tone_share(both, 697) < IS_TONE
    assert tone_share([0] * WINDOW, 1004) == 0.0
    assert loudness(window) > 5000


def test_a_key_is_held_long_enough_and_ends_three_times() -> None:
    events = list(press("#", 0.1))
    assert [event.end for event in events] == [False] * 4 + [True] * 3
    assert events[-1].duration == 800
    assert read_event(events[0].packed()) == events[0]
    assert read_event(b"\x10\x00\x00\x00") is None
