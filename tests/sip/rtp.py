"""The voice of one call: packets of 20 ms out, whatever comes in to an ear."""

import asyncio
import secrets
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from typing import cast

from tests.sip.dtmf import Event, press, read_event
from tests.sip.g711 import BY_TYPE, FRAME, PCMA, Codec
from tests.sip.hearing import Ear
from tests.sip.sdp import Media

_HEAD = struct.Struct("!BBHII")
_TICK = FRAME / 8000
_LATE = 0.2
"""Behind by so many seconds, the sender gives up catching up."""


class Voice(asyncio.DatagramProtocol):
    """One end of an RTP stream. It sends silence whenever it has nothing to say, as telephones do."""

    def __init__(self) -> None:
        self.ear = Ear()
        self.media = Media("", 0)
        """Where this end is."""
        self.sent = 0
        self.muted = False
        """While set, nothing is sent, as from a phone that has lost its network."""
        self._transport: asyncio.DatagramTransport | None = None
        self._remote: Media | None = None
        self._codec: Codec = PCMA
        self._next = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._sequence = secrets.randbelow(30000)
        self._stamp = secrets.randbelow(1 << 30)
        self._source = secrets.randbits(32)
        self._frames: deque[bytes] = deque()
        self._keys: deque[tuple[str, float, float]] = deque()
        self._pressing: Iterator[Event] | None = None
        self._pressed_at = 0
        self._first = False
        self._gap = 0
        self._said = asyncio.Event()
        self._said.set()

    @classmethod
    async def open(cls, host: str, codecs: tuple[Codec, ...]) -> "Voice":
        """Take a free port."""
        loop = asyncio.get_running_loop()
        transport, voice = await loop.create_datagram_endpoint(cls, (host, 0))
        voice._transport = transport
        voice.media = Media(host, transport.get_extra_info("sockname")[1], codecs)
        return voice

    def connect(self, remote: Media) -> None:
        """Send there from now on, in the first codec both know."""
        common = [codec for codec in remote.codecs if codec in self.media.codecs]
        if not common:
            raise ValueError("no codec in common")
        self._remote, self._codec = remote, common[0]
        if self._timer is None:
            self._next = asyncio.get_running_loop().time()
            self._tick()

    def say(self, samples: Sequence[int]) -> None:
        """Queue sound."""
        padded = [*samples, *([0] * (-len(samples) % FRAME))]
        payload = self._codec.encode(padded)
        self._frames.extend(payload[place : place + FRAME] for place in range(0, len(payload), FRAME))
        self._said.clear()

    def press(self, keys: str, held: float, gap: float) -> None:
        """Queue keys, each held for so long and with so long a gap after it, in seconds."""
        self._keys.extend((key, held, gap) for key in keys)
        self._said.clear()

    async def said(self) -> None:
        """Wait until all that was queued is out."""
        await self._said.wait()

    def close(self) -> None:
        """Stop, and free the port."""
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.close()
        self._said.set()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Sort what came: voice, keys, or neither."""
        if len(data) < _HEAD.size:
            return
        first, kind, _, stamp, _ = _HEAD.unpack_from(data)
        payload = data[_HEAD.size + 4 * (first & 0x0F) :]
        kind &= 0x7F
        if kind == self.media.event_type:
            event = read_event(payload)
            if event is not None:
                self.ear.key(event, stamp)
        elif kind in BY_TYPE:
            self.ear.sound(payload, BY_TYPE[kind])

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        if not self.muted:
            self._send()
        self._stamp = self._stamp + FRAME & 0xFFFFFFFF
        self._next += _TICK
        if loop.time() - self._next > _LATE:
            self._next = loop.time()
        self._timer = loop.call_at(self._next, self._tick)

    def _send(self) -> None:
        if self._pressing is None and self._keys and not self._gap:
            key, held, gap = self._keys.popleft()
            self._pressing, self._pressed_at, self._first = press(key, held), self._stamp, True
            self._gap = max(1, round(gap / _TICK))
        if self._pressing is not None:
            event = next(self._pressing, None)
            if event is not None:
                kind = cast("Media", self._remote).event_type
                if kind is not None:
                    self._packet(event.packed(), kind, self._pressed_at, marker=self._first)
                self._first = False
                return
            self._pressing = None
        self._gap = max(0, self._gap - 1)
        payload = self._frames.popleft() if self._frames else self._codec.silence
        self._packet(payload, self._codec.payload_type, self._stamp, marker=False)
        if not (self._frames or self._keys or self._gap):
            self._said.set()

    def _packet(self, payload: bytes, kind: int, stamp: int, *, marker: bool) -> None:
        if self._transport is None or self._remote is None or self._transport.is_closing():
            return
        self._sequence = self._sequence + 1 & 0xFFFF
        head = _HEAD.pack(0x80, 0x80 * marker | kind, self._sequence, stamp, self._source)
        self._transport.sendto(head + payload, (self._remote.host, self._remote.port))
        self.sent += 1
