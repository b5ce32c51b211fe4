"""Hearing a machine out, to learn whether it beeps or waits for an answer.

Asterisk records until the far end has been silent for a second; what it recorded is judged and thrown away. A
beep at the end is an answering machine that records now. Somebody who has spoken and then waits in silence is
taken for a telephone's assistant that screens calls ("please say your name and why you are calling").

What this cannot tell: a machine whose beep comes more than two seconds after its greeting, or that has none,
looks like an assistant and is told who calls; an assistant that beeps looks like a machine, and is hung up on
or left the message.
"""

import asyncio
from enum import StrEnum
from pathlib import Path

from centralino.core.joining.hearing import Heard, decoded, hear
from centralino.core.joining.ports import Line
from values import CallId, Clock

SILENCE = 1.0
"""Seconds of silence that end a recording: Asterisk counts whole ones."""
PATIENCE = 2.0
"""Silence after which no beep is expected any more."""
LONGEST = 40.0
"""The longest greeting that is heard out."""
REPLY_SECONDS = 20.0
"""How long an assistant may take to fetch somebody."""
SHORT_SECONDS = 1.6
"""Who says no more than this ("hello?", "yes, who is it?") is a person; assistants say more."""
_WAVE_HEADING = 44


class Ended(StrEnum):
    """How it ended."""

    BEEP = "beep"
    WAITS = "waits"
    ENDLESS = "endless"
    """It went on for longer than any greeting."""


async def hear_out(line: Line, clock: Clock, *, longest: float = LONGEST) -> Ended:
    """Listen until it beeps or waits.

    Raises `HangupError`, and `agi.RecordingError` when nothing can be heard.
    """
    until, spoke, quiet = clock.monotonic() + longest, False, 0.0
    while (left := until - clock.monotonic()) > SILENCE:
        heard = await _listen(line, left)
        if heard.beep:
            return Ended.BEEP
        spoke = spoke or heard.anything
        quiet = SILENCE if heard.anything else quiet + SILENCE
        if quiet >= PATIENCE:
            return Ended.WAITS
    return Ended.ENDLESS if spoke else Ended.WAITS


async def somebody_comes(line: Line, clock: Clock, *, within: float = REPLY_SECONDS) -> bool:
    """Whether a person speaks: briefly, and then waits. Raises as `hear_out` does."""
    until = clock.monotonic() + within
    while (left := until - clock.monotonic()) > SILENCE:
        heard = await _listen(line, left)
        if heard.beep:
            return False
        if heard.anything and heard.loud <= SHORT_SECONDS:
            return True
    return False


def heard_in(call_id: CallId) -> str:
    """The name of what is recorded, without ending; for removing what a hang-up left."""
    return f"listen-{call_id}"


async def _listen(line: Line, longest: float) -> Heard:
    made = await line.record(
        heard_in(line.call_id), max_seconds=longest, silence_seconds=SILENCE, beep=False, stop_keys=""
    )
    return await asyncio.to_thread(_judge, made.path)


def _judge(path: Path) -> Heard:
    try:
        return hear(decoded(path.read_bytes()[_WAVE_HEADING:]))
    finally:
        path.unlink(missing_ok=True)
