"""What was heard on a line, told from its samples: how much was loud, and whether it ended in a beep. Pure.

A beep is a lone sine. A sine obeys x[n] + x[n-2] = 2·cos(w)·x[n-1] exactly, so the best such factor is
sought by least squares, and what it leaves unexplained is compared with the loudness. Speech leaves much
more, and its pitch moves while a beep's stays.
"""

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RATE = 8000
WINDOW = 400
"""50 ms."""
LOUD = 256.0
"""Root mean square from which there is something to hear; the same as AMD's `silence_threshold`."""
BEEP_SECONDS = 0.15
"""The shortest beep."""
_UNEXPLAINED = 0.02
"""How much of a beep's power the sine may leave over: companding alone leaves a tenth of that."""
_STEADY = 0.04
"""How far a beep's pitch may move from window to window, as a share."""
_LOWEST, _HIGHEST = 350.0, 3000.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One stretch of sound."""

    loud: float
    """Seconds in which there was something to hear."""
    beep: bool
    """Whether the last of it was a beep."""

    @property
    def anything(self) -> bool:
        """Whether there was more than a click."""
        return self.loud >= 2 * WINDOW / RATE


def hear(samples: Sequence[int]) -> Heard:
    """Judge a stretch of 16-bit samples at 8 kHz."""
    windows = [samples[place : place + WINDOW] for place in range(0, len(samples) - WINDOW + 1, WINDOW)]
    loud = [_loudness(window) >= LOUD for window in windows]
    last = max((place for place, is_loud in enumerate(loud) if is_loud), default=-1)
    return Heard(sum(loud) * WINDOW / RATE, _ends_in_tone(windows[: last + 1], loud))


def decoded(data: bytes) -> Sequence[int]:
    """Little-endian 16-bit samples as numbers."""
    samples = array("h")
    samples.frombytes(data[: len(data) - len(data) % 2])
    return samples


def pitch(window: Sequence[int]) -> float | None:
    """The frequency of a sine in hertz; None for anything else."""
    both = [before + after for before, after in zip(window, window[2:], strict=False)]
    middle = window[1:-1]
    power = sum(sample * sample for sample in middle)
    if not power:
        return None
    factor = sum(left * right for left, right in zip(both, middle, strict=True)) / power
    left_over = sum((left - factor * right) ** 2 for left, right in zip(both, middle, strict=True)) / power
    if abs(factor) >= 2 or left_over > _UNEXPLAINED:  # noqa: PLR2004  (twice a cosine)
        return None
    hertz = math.acos(factor / 2) * RATE / (2 * math.pi)
    return hertz if _LOWEST <= hertz <= _HIGHEST else None


def _ends_in_tone(windows: Sequence[Sequence[int]], loud: Sequence[bool]) -> bool:
    """Whether the last loud windows hold one pitch; the very last may be cut by the beep's end."""
    for skipped in (0, 1):
        if _steady(_backwards(windows[: len(windows) - skipped], loud)) >= BEEP_SECONDS:
            return True
    return False


def _backwards(windows: Sequence[Sequence[int]], loud: Sequence[bool]) -> Iterable[float | None]:
    for place in range(len(windows) - 1, -1, -1):
        yield pitch(windows[place]) if loud[place] else None


def _steady(pitches: Iterable[float | None]) -> float:
    """Seconds of one pitch at the beginning of a row."""
    count, first = 0, 0.0
    for each in pitches:
        if each is None or (first and abs(each - first) > _STEADY * first):
            break
        first, count = first or each, count + 1
    return count * WINDOW / RATE


def _loudness(window: Sequence[int]) -> float:
    return math.sqrt(sum(sample * sample for sample in window) / len(window)) if window else 0.0
