"""Recording talks with agents: both voices apart, in the customer's own call.

Asterisk's MixMonitor writes customer and agent as left and right into one raw file (its option `D`, Asterisk
22), and only while they are joined (`b`). `compacting` makes of it what is kept. A file is named after its
call, never after a number.
"""

import re
from pathlib import Path

import structlog

from centralino.core.joining.ports import Line
from values import CallId

log = structlog.get_logger(__name__)

RAW = ".raw"
COMPACT = ".opus"
PLAIN = ".wav"
"""What is kept where there is no ffmpeg."""

_NAME = re.compile(r"^talk-([A-Za-z0-9._-]{1,80})$")


class Recorder:
    """Starts recordings in a folder that Asterisk can write to."""

    def __init__(self, folder: Path, *, ending: str = COMPACT) -> None:
        self._folder = folder
        self._ending = ending

    async def start(self, line: Line) -> str:
        """Record what customer and agent say from now on; gives the name of what will be kept.

        '' when Asterisk cannot. Raises `HangupError`.
        """
        name = name_of(line.call_id)
        if await line.execute("MixMonitor", str(self._folder / f"{name}{RAW}"), "bD") != "0":
            log.error("recording.not_started", call=line.call_id)
            return ""
        return name + self._ending


def name_of(call_id: CallId) -> str:
    """The name of a call's recording, without ending."""
    return f"talk-{call_id}"


def call_of(name: str) -> CallId | None:
    """Whose recording a name without ending is; None for no recording of a talk."""
    found = _NAME.match(name)
    return CallId(found[1]) if found else None
