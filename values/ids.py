"""Identifiers: short, sortable by time, safe in file names, channel variables and URLs."""

import os
import time
from typing import NewType

CallId = NewType("CallId", str)
"""A call: equal to Asterisk's UNIQUEID of its first channel, and to the attempt's id when we placed it."""

AttemptId = NewType("AttemptId", str)
"""One placed call; handed to Asterisk as the channel's id, so that it can never exist twice at once."""

CustomerId = NewType("CustomerId", str)
EventId = NewType("EventId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, in lower case


def new_id(prefix: str = "") -> str:
    """Make a fresh identifier: the prefix, ten characters of time (ms), ten of chance (50 bits).

    Two made in the same millisecond collide once in 10^15; later ones sort after earlier ones.
    """
    value = (time.time_ns() // 1_000_000) << 50 | int.from_bytes(os.urandom(7)) >> 6
    out = []
    for _ in range(20):
        value, digit = divmod(value, 32)
        out.append(_ALPHABET[digit])
    return prefix + "".join(reversed(out))
