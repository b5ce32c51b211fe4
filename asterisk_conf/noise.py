"""Comfort noise: what a line sounds like on which somebody is there and says nothing for a moment."""

from pathlib import Path
from random import Random

from asterisk_conf.music import to_alaw

_RATE = 8000
_SECONDS = 8
_LOUDNESS = 110.0  # root mean square, of 32767: some 50 dB below full scale, as telephones make it themselves
_SOFTENED = 0.6
"""How much of each sample the next one keeps: less hiss than white noise, nearer to a room."""


def write_noise(folder: Path) -> Path:
    """Write `noise.alaw` into a folder, unless it is there, and give its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "noise.alaw"
    if not path.exists():
        path.write_bytes(bytes(to_alaw(sample) for sample in _noise()))
    return path


def _noise() -> list[int]:
    chance, level = Random(7), 0.0  # the same on every machine
    fresh = (1 - _SOFTENED**2) ** 0.5 * _LOUDNESS
    samples = []
    for _ in range(_RATE * _SECONDS):
        level = _SOFTENED * level + fresh * chance.gauss(0, 1)
        samples.append(round(level))
    return samples
