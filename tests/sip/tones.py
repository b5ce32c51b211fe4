"""Making tones, and telling them from speech."""

import math
from collections.abc import Sequence

from tests.sip.g711 import RATE

WINDOW = RATE // 20
"""50 ms of samples."""
IS_TONE = 0.8
"""Share of a window's power at one frequency that makes it a tone: tones have 1.00, speech ≤ 0.38."""
IS_SOUND = 300.0
"""Root mean square, of 32,767, from which something is to be heard."""


def tone(hertz: float, seconds: float, level: float = 0.4) -> list[int]:
    """A sine."""
    turn, peak = 2 * math.pi * hertz / RATE, 32767 * level
    return [round(peak * math.sin(turn * place)) for place in range(round(seconds * RATE))]


def loudness(window: Sequence[int]) -> float:
    """Root mean square of the samples."""
    return math.sqrt(sum(sample * sample for sample in window) / len(window)) if window else 0.0


def tone_share(window: Sequence[int], hertz: float) -> float:
    """Which part of a window's power lies at a frequency (Goertzel); 0 for silence."""
    power = sum(sample * sample for sample in window)
    if not power:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * hertz / RATE)
    before = last = 0.0
    for sample in window:
        before, last = last, sample + factor * last - before
    return 2 * (before * before + last * last - factor * before * last) / (len(window) * power)
