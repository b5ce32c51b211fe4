"""A beep is told from speech, and how long somebody spoke from how long they were silent."""

import math
import subprocess
import wave
from random import Random

import pytest

from asterisk_conf.music import to_alaw
from centralino.core.joining.hearing import RATE, decoded, hear
from tests.sip import PCMA

pytestmark = pytest.mark.unit


def beep(hertz: float, seconds: float = 0.4, level: float = 8000) -> list[int]:
    return [round(level * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(round(seconds * RATE))]


def silence(seconds: float) -> list[int]:
    chance = Random(1)
    return [round(chance.gauss(0, 20)) for _ in range(round(seconds * RATE))]


def over_the_wire(samples: list[int]) -> list[int]:
    return PCMA.decode(bytes(to_alaw(sample) for sample in samples))


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """A greeting, spoken."""
    path = tmp_path_factory.mktemp("speech") / "greeting.wav"
    text = "This is the mailbox of Anna Rossi. Please leave your message after the tone."
    subprocess.run(["espeak-ng", "-w", str(path), text], check=True)  # noqa: S603, S607  (our own words)
    with wave.open(str(path)) as file:
        rate, samples = file.getframerate(), decoded(file.readframes(file.getnframes()))
    return [samples[int(n * rate / RATE)] // 2 for n in range(int(len(samples) * RATE / rate))]


@pytest.mark.parametrize("hertz", [420, 440, 800, 1000, 1400, 2000, 2600])
def test_a_beep_at_the_end_is_heard(speech: list[int], hertz: int) -> None:
    heard = hear(over_the_wire([*speech, *silence(0.4), *beep(hertz), *silence(1.0)]))
    assert heard.beep


def test_a_short_and_a_soft_beep_are_heard_too() -> None:
    assert hear(over_the_wire([*beep(1000, 0.2), *silence(1.0)])).beep
    assert hear(over_the_wire([*beep(1000, 0.4, level=900), *silence(1.0)])).beep


def test_speech_alone_is_no_beep(speech: list[int]) -> None:
    for end in range(RATE // 2, len(speech), RATE // 10):
        assert not hear(over_the_wire([*speech[:end], *silence(1.0)])).beep, end / RATE


def test_a_beep_in_the_middle_is_not_the_end(speech: list[int]) -> None:
    assert not hear(over_the_wire([*beep(1000), *silence(0.3), *speech, *silence(1.0)])).beep


def test_a_sliding_whistle_is_no_beep() -> None:
    slide = [
        round(8000 * math.sin(2 * math.pi * (800 + 900 * n / RATE) * n / RATE)) for n in range(RATE // 2)
    ]
    assert not hear(slide).beep


def test_what_was_loud_is_measured() -> None:
    heard = hear([*beep(1000, 0.5), *silence(1.0), *beep(500, 0.25)])
    assert heard.loud == pytest.approx(0.75, abs=0.05)
    assert heard.anything
    assert not hear(silence(2.0)).anything
    assert not hear([]).anything
