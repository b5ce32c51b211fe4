"""A voice for tests: each saying is a tone of its own, so that a test caller hears which one is played."""

import hashlib
import math
import struct
import wave
from pathlib import Path

_DTMF = (697, 770, 852, 941, 1209, 1336, 1477, 1633)
_SIGNALS = (425, 1000, 1100, 2100)  # ring-back, Asterisk's beep, fax machines
_CLEARANCE = 40
_PITCHES = tuple(
    pitch
    for pitch in range(320, 3320, 20)
    if all(abs(pitch - taken) >= _CLEARANCE for taken in (*_DTMF, *_SIGNALS))
)
_RATE = 8000
_LOUDNESS = 12_000


def tone_of(text: str) -> int:
    """The pitch in Hz that stands for a text, whatever its punctuation: a multiple of 20, clear of the keys.

    Windows of 50 ms tell any two of them apart. Two texts in a hundred share a pitch by chance; `pitches` of
    a test's prompts shows whether they do.
    """
    words = "".join(character for character in text.casefold() if character.isalnum())
    return _PITCHES[int.from_bytes(hashlib.sha256(words.encode()).digest()[:8]) % len(_PITCHES)]


def pitches(*texts: str) -> dict[int, list[str]]:
    """The texts by their pitch: more than one at a pitch cannot be told apart by ear."""
    found: dict[int, list[str]] = {}
    for text in texts:
        found.setdefault(tone_of(text), []).append(text)
    return found


class Tones:
    """An engine that whistles: `tone_of(words)` for 0.4 seconds."""

    def __init__(self, seconds: float = 0.4) -> None:
        self.identity = f"tones {seconds}"
        self._seconds = seconds
        self.said: list[tuple[str, str, bool]] = []
        """What was asked of it: words, language, slow."""

    async def speak(self, words: str, language: str, *, slow: bool, wav: Path) -> None:
        """Write the tone as a WAV file."""
        self.said.append((words, language, slow))
        write_tone(wav, tone_of(words), self._seconds)


def write_tone(wav: Path, pitch: float, seconds: float) -> None:
    """Write a pure tone, mono, 16 bits, 8 kHz."""
    step = 2 * math.pi * pitch / _RATE
    samples = [int(_LOUDNESS * math.sin(step * at)) for at in range(int(_RATE * seconds))]
    with wave.open(str(wav), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
