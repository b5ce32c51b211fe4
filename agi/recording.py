"""Recording the caller."""

import math
import re
from pathlib import Path

from agi.commands import command, keys_of, milliseconds, quoted
from agi.connection import Connection
from agi.errors import RecordingError
from agi.replies import FAILED
from values import BadInputError, HangupError, Recorded

RATE = 8000
"""Samples a second of a `wav` recording."""

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")


def place_of(folder: Path, name: str) -> Path:
    """Where a recording goes, without its ending. Raises `BadInputError` for no plain file name."""
    if not _NAME.match(name):
        raise BadInputError(f"{name[:40]!r} is no plain file name", field="name")
    return folder / name


async def record(
    line: Connection,
    place: Path,
    kept: list[Recorded],
    *,
    max_seconds: float,
    silence_seconds: float,
    beep: bool,
    stop_keys: str,
) -> Recorded:
    """Record into `place`.wav, in Asterisk's 16-bit 8 kHz; what was made is also added to `kept`.

    A caller who hangs up after speaking has still left a message: then `kept` has it, and `HangupError` is
    raised. Raises `RecordingError` when the file cannot be written.
    """
    words = ["RECORD", "FILE", quoted(str(place), "name"), "wav", keys_of(stop_keys, "stop_keys")]
    words += [milliseconds(max_seconds), "0"]
    if beep:
        words.append("BEEP")
    if silence_seconds > 0:
        words.append(f"s={math.ceil(silence_seconds)}")
    line.ahead = ""
    reply = await line.ask(command(*words))
    file = place.with_name(f"{place.name}.wav")
    if reply.result == FAILED and reply.note != "hangup":
        await line.command("NOOP")
        raise RecordingError(f"{file} could not be written: {reply.note or 'no reason given'}")
    made = Recorded(file, reply.endpos / RATE, reply.key if reply.note == "dtmf" else "")
    kept.append(made)
    if reply.note == "hangup":
        line.end()
        raise HangupError(recorded=made)
    return made
