"""A prompt as one sound, for people to listen to."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from ivr.speech.mastering import AudioSegment, splice
from ivr.speech.pieces import Slot, cut
from values import Money, Scalar, Sound


def joined(sounds: Sequence[Sound]) -> AudioSegment:
    """The sounds in turn, as a caller hears them; Asterisk's own ones (relative names) are left out."""
    files = [Path(f"{sound.path}.wav") for sound in sounds if sound.path.startswith("/")]
    found = []
    for file in files:
        with file.open("rb") as opened:  # pydub would leave it open
            found.append(AudioSegment.from_wav(opened))
    return splice(found)


def samples(texts: Mapping[str, str], today: date) -> dict[str, Scalar]:
    """A plausible value for every placeholder of a prompt; one without a kind is said by its name."""
    plausible: dict[str, Scalar] = {
        "money": Money(7250), "date": today, "time": "14:30", "number": 12, "digits": "3290000017",
    }  # fmt: skip
    slots = [piece for text in texts.values() for piece in cut(text) if isinstance(piece, Slot)]
    return {slot.name: plausible.get(slot.kind, slot.name.replace("_", " ")) for slot in slots}
