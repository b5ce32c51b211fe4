"""How much a FastAGI peer may ask of us, and what was counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep one peer from hurting the calls of others."""

    sessions: int = 2000
    """How many at once; the next is closed, and its call takes the dialplan's fallback."""
    header_bytes: int = 16_384
    header_lines: int = 100
    header_seconds: float = 5.0
    """How long the heading may take from connecting."""
    session_seconds: float = 4 * 3600.0
    """How long a session may last; then its connection is closed."""
    reply_bytes: int = 65_536
    """How long one answer may be; the text of a usage message counts as one."""


class Refusal(StrEnum):
    """Why a connection did not become a session."""

    FULL = "full"
    STOPPING = "stopping"
    SECRET = "secret"  # noqa: S105  (a reason, not a secret)
    HEADER_SIZE = "header_size"
    HEADER_LINES = "header_lines"
    HEADER_TIMEOUT = "header_timeout"
    GARBAGE = "garbage"
    CLOSED_EARLY = "closed_early"


@dataclass(slots=True)
class Counters:
    """What the server has seen, for the metrics page."""

    now: int = 0
    """Sessions open now."""
    total: int = 0
    """Sessions begun since the start."""
    failed: int = 0
    """Sessions whose handler raised something other than a hang-up."""
    garbled: int = 0
    """Sessions closed because the peer stopped speaking AGI."""
    expired: int = 0
    """Sessions closed at the session limit."""
    refused: Counter[Refusal] = field(default_factory=Counter)


INSTANT = frozenset({"NOOP", "SET VARIABLE", "GET VARIABLE", "GET FULL VARIABLE"})
"""Commands that wait for nobody: their times are the connection's own."""

Observer = Callable[[str, float], None]
"""Told the verb and the round-trip time in seconds of every instant command."""
