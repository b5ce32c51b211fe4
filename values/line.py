"""What comes back from a telephone line: keys, recordings, and the end of the call."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from values.errors import CentralinoError

ANY_KEY = "0123456789*#"
"""Every key of a telephone."""


class HangupError(CentralinoError):
    """The call is over, or has been taken elsewhere; nothing more can be said or asked in this session."""

    error_id = "hangup"

    def __init__(self, *words: str, recorded: "Recorded | None" = None) -> None:
        super().__init__(*words)
        self.recorded = recorded
        """What they had said into a recording that the hang-up ended."""


class KeyedEnd(StrEnum):
    """Why the line stopped waiting for keys."""

    FULL = "full"
    TERMINATOR = "terminator"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys pressed, without the terminator, and why the waiting ended. `digits` is empty when none came."""

    digits: str
    ended: KeyedEnd


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording made on the line: where it lies, how long it is, and the key that ended it, if one did."""

    path: Path
    seconds: float
    key: str = ""


class TransferEnd(StrEnum):
    """How handing the caller to somebody else went."""

    TALKED = "talked"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
