"""Music for those who wait: a soft arpeggio, written in the wire's codec so that nothing is transcoded."""

import math
from pathlib import Path

_RATE = 8000
_LOUDNESS = 2600  # of 32767: below speech, so that a prompt after it is not a shock
_NOTE_SECONDS = 0.6
_CHORDS = (
    (220.00, 261.63, 329.63, 440.00),
    (174.61, 220.00, 261.63, 349.23),
    (261.63, 329.63, 392.00, 523.25),
    (196.00, 246.94, 293.66, 392.00),
)
_SEGMENT_STEP = 4
_CLIP = 0x7FFF


def write_music(folder: Path) -> Path:
    """Write `soft.alaw` into a folder, unless it is there, and give its path."""
    path = folder / "soft.alaw"
    if not path.exists():
        path.write_bytes(bytes(to_alaw(sample) for sample in _tune()))
    return path


def to_alaw(sample: int) -> int:
    """One 16-bit sample as G.711 A-law (ITU-T G.711, table 1a, even bits inverted)."""
    sign = 0x80 if sample >= 0 else 0
    magnitude = min(sample if sample >= 0 else ~sample, _CLIP) >> 3
    exponent = max(magnitude.bit_length() - 5, 0)
    mantissa = (magnitude >> max(exponent, 1)) & 0x0F
    return (sign | (exponent << _SEGMENT_STEP) | mantissa) ^ 0x55


def _tune() -> list[int]:
    length = int(_RATE * _NOTE_SECONDS)
    samples = []
    for chord in _CHORDS:
        for pitch in (*chord, *reversed(chord)):
            for at in range(length):
                swell = math.sin(math.pi * at / length) ** 2
                angle = 2 * math.pi * pitch * at / _RATE
                samples.append(int(_LOUDNESS * swell * (math.sin(angle) + 0.3 * math.sin(2 * angle))))
    return samples
