"""Keys as RFC 4733 telephone events."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

KEYS = "0123456789*#ABCD"
PAYLOAD_TYPE = 101
_STEP = 160
_ENDS = 3


@dataclass(frozen=True, slots=True)
class Event:
    """One packet of a key that is held, or was let go."""

    key: str
    end: bool
    duration: int
    """Samples since the key went down."""

    def packed(self) -> bytes:
        """As payload."""
        return struct.pack("!BBH", KEYS.index(self.key), 0x80 * self.end | 10, self.duration)


def read_event(payload: bytes) -> Event | None:
    """The event in a payload; None when it is no key."""
    if len(payload) < 4:
        return None
    code, flags, duration = struct.unpack_from("!BBH", payload)
    return Event(KEYS[code], bool(flags & 0x80), duration) if code < len(KEYS) else None


def press(key: str, held: float) -> Iterator[Event]:
    """The packets of a key held for so many seconds, one every 20 ms; the end is sent three times."""
    steps = max(1, round(held * 50))
    for step in range(1, steps):
        yield Event(key, end=False, duration=step * _STEP)
    for _ in range(_ENDS):
        yield Event(key, end=True, duration=steps * _STEP)
