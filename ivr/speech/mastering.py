"""From an engine's or a studio's WAV to what the line plays: even loudness, clean ends, the wire's codecs.

pydub holds the sound; the arithmetic runs in audioop (in Python to 3.12, `audioop-lts` after), so a sentence
takes a few milliseconds and a piece spliced to another neither clicks nor jumps in level.
"""

import math
import os
import tempfile
import warnings
from functools import lru_cache
from pathlib import Path

with warnings.catch_warnings():
    # pydub looks for ffmpeg when imported (WAV needs none); up to 3.12 Python says that audioop will go
    warnings.simplefilter("ignore")
    import audioop

    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

from ivr.speech.engines import SpeechError

RATE = 8000
"""Samples a second on the wire."""

REVISION = "1"
"""Part of every cached sound's key: raise it when mastering changes what is heard."""

__all__ = ["FORMATS", "RATE", "REVISION", "AudioSegment", "loudness_of", "master", "pause", "splice", "write"]

FORMATS = ("wav", "ulaw", "alaw")
"""Endings written for each sound, the one looked for last. WAV serves every other codec, and people."""

_LOUDNESS = -20.0  # dBFS over the voiced parts: speech at the level telephone networks are planned for
_PEAK = -1.5  # dBFS: head room, so that no codec clips
_VOICED = 25.0  # dB below the loudest chunk; quieter ones are pauses and do not count as loudness
_SILENCE = 32.0  # dB below the whole: what is trimmed at both ends
_FLOOR = -60.0  # dBFS: a file that never rises above this is empty
_CHUNK = 20  # ms
_FADE_IN, _FADE_OUT = 5, 12  # ms
_BAND = 3500  # Hz
_TAPS = 41


def master(source: Path, *, before: int = 0, after: int = 0) -> AudioSegment:
    """Read a WAV and make it fit to be heard: mono, 8 kHz, trimmed, loud enough, faded, with pauses in ms.

    Raises `SpeechError` when the file cannot be read or has nothing to hear.
    """
    try:
        with source.open("rb") as file:  # pydub would leave it open
            sound = AudioSegment.from_wav(file).set_channels(1).set_sample_width(2)
    except Exception as problem:
        raise SpeechError(f"{source.name} is no WAV file that can be read: {problem}") from problem
    if not len(sound) or sound.max_dBFS < _FLOOR:
        raise SpeechError(f"{source.name} is silent")
    sound = levelled(resampled(trimmed(sound)))
    sound = sound.fade_in(min(_FADE_IN, len(sound))).fade_out(min(_FADE_OUT, len(sound)))
    return pause(before) + sound + pause(after)


def pause(milliseconds: int) -> AudioSegment:
    """Silence."""
    return AudioSegment.silent(duration=milliseconds, frame_rate=RATE)


def splice(sounds: list[AudioSegment], gap: int = 0) -> AudioSegment:
    """One sound out of several, with a gap in ms between each two."""
    joined = AudioSegment.silent(duration=0, frame_rate=RATE)
    for number, sound in enumerate(sounds):
        joined += (pause(gap) + sound) if number and gap else sound
    return joined


def trimmed(sound: AudioSegment) -> AudioSegment:
    """Without the silence at both ends."""
    threshold = max(sound.dBFS - _SILENCE, _FLOOR)
    start = detect_leading_silence(sound, threshold, chunk_size=5)
    end = detect_leading_silence(sound.reverse(), threshold, chunk_size=5)
    return sound[start : len(sound) - end]


def levelled(sound: AudioSegment) -> AudioSegment:
    """At the target loudness, as far as its peaks allow."""
    loudness = loudness_of(sound)
    return sound.apply_gain(min(_LOUDNESS - loudness, _PEAK - sound.max_dBFS))


def loudness_of(sound: AudioSegment) -> float:
    """Mean level in dBFS over the voiced chunks: long pauses do not make a prompt louder."""
    size = max(2, int(sound.frame_rate * _CHUNK / 1000) * 2)
    raw = sound.raw_data
    levels = [audioop.rms(raw[at : at + size], 2) for at in range(0, len(raw), size)]
    gate = max(levels) * 10 ** (-_VOICED / 20)
    voiced = [level * level for level in levels if level >= gate] or [1]
    return 10 * math.log10(max(sum(voiced) / len(voiced), 1) / 32768**2)


def resampled(sound: AudioSegment) -> AudioSegment:
    """At 8 kHz, with what lies above the telephone's band taken away first so that it does not fold back."""
    if sound.frame_rate == RATE:
        return sound
    if sound.frame_rate > RATE:
        sound = sound._spawn(_low_pass(sound.raw_data, sound.frame_rate))  # noqa: SLF001  (pydub's way to new data)
    return sound.set_frame_rate(RATE)


def _low_pass(raw: bytes, rate: int) -> bytes:
    # A filter is a sum of shifted copies; audioop adds whole copies in C. In 32 bits, so that rounding stays
    # inaudible, and a little quieter, so that the sum cannot overflow.
    taps = _filter(rate)
    wide = audioop.mul(audioop.lin2lin(raw, 2, 4), 4, 0.5)
    delay = len(taps) // 2
    padded = bytes(4 * delay) + wide + bytes(4 * delay)
    total = bytes(len(wide))
    for shift, tap in enumerate(taps):
        total = audioop.add(total, audioop.mul(padded[4 * shift : 4 * shift + len(wide)], 4, tap), 4)
    return audioop.lin2lin(audioop.mul(total, 4, 2.0), 4, 2)


@lru_cache(maxsize=16)
def _filter(rate: int) -> tuple[float, ...]:
    # windowed sinc (Hamming), cut at the telephone's band, with unit gain for slow changes
    middle = _TAPS // 2
    cut = 2 * _BAND / rate
    taps = []
    for at in range(_TAPS):
        x = at - middle
        sinc = cut if x == 0 else math.sin(math.pi * cut * x) / (math.pi * x)
        taps.append(sinc * (0.54 - 0.46 * math.cos(2 * math.pi * at / (_TAPS - 1))))
    total = sum(taps)
    return tuple(tap / total for tap in taps)


def write(sound: AudioSegment, base: Path) -> None:
    """Write a sound in all formats of the line beside each other: `base.alaw`, `base.ulaw`, `base.wav`.

    Each appears whole or not at all, the native one of the wire last.
    """
    base.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    raw = sound.raw_data
    with tempfile.TemporaryDirectory(prefix="writing-", dir=base.parent) as folder:
        for ending in FORMATS:
            made = Path(folder) / f"sound.{ending}"
            if ending == "wav":
                sound.export(str(made), format="wav").close()
            else:
                made.write_bytes(audioop.lin2alaw(raw, 2) if ending == "alaw" else audioop.lin2ulaw(raw, 2))
            made.chmod(0o640)
            os.replace(made, base.with_name(f"{base.name}.{ending}"))  # noqa: PTH105  (atomic on every system)
