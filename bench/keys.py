"""Keys of a telephone as packets: RFC 4733 events in a capture that SIPp plays into a call. Pure."""

import struct
from collections.abc import Iterator
from typing import Final

KEYS: Final = "0123456789*#"
PAYLOAD: Final = 101
"""Asterisk's number for telephone events."""
_STEP: Final = 160
"""Samples in twenty milliseconds."""
_PACKETS: Final = 5
_ENDS: Final = 3
"""The last packet goes three times, as RFC 4733 advises."""
_VOLUME: Final = 10
_SOURCE: Final = 0x42454E43
_PORT: Final = 4000


def key_capture(key: str, turn: int) -> bytes:
    """A key as a pcap file; a call's first key has turn 0, its second 1: each later than the one before."""
    packets = b"".join(_packet(number, udp) for number, udp in enumerate(_events(key, turn)))
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + packets


def _events(key: str, turn: int) -> Iterator[bytes]:
    stamp, first = 160_000 * (turn + 1), 1000 * (turn + 1)
    for number in range(_PACKETS + _ENDS - 1):
        duration = _STEP * min(number + 1, _PACKETS)
        end = 0x80 if number >= _PACKETS - 1 else 0
        marker = 0x80 if number == 0 else 0
        rtp = struct.pack("!BBHII", 0x80, marker | PAYLOAD, first + number, stamp, _SOURCE)
        yield rtp + struct.pack("!BBH", KEYS.index(key), end | _VOLUME, duration)


def _packet(number: int, payload: bytes) -> bytes:
    """One packet of the capture, twenty milliseconds after the one before; SIPp puts in its own addresses."""
    udp = struct.pack("!HHHH", _PORT, _PORT, 8 + len(payload), 0) + payload
    local = bytes((127, 0, 0, 1))
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, local, local) + udp
    frame = bytes(12) + b"\x08\x00" + ip
    return struct.pack("<IIII", 0, 20_000 * number, len(frame), len(frame)) + frame
