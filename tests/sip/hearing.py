"""What a phone has heard: sound in windows of 50 ms, and keys."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tests.sip.dtmf import Event
from tests.sip.g711 import RATE, Codec
from tests.sip.tones import IS_SOUND, IS_TONE, WINDOW, loudness, tone_share

_PAUSE = 0.1
"""Seconds without a packet after which what comes next is heard as a new sound."""


class NotHeardError(AssertionError):
    """What was waited for did not come in time."""


@dataclass(frozen=True, slots=True)
class Window:
    """50 ms of sound."""

    at: float
    """When it was complete, by the loop's clock."""
    samples: list[int]

    @property
    def loud(self) -> bool:
        """Whether there is anything to hear."""
        return loudness(self.samples) >= IS_SOUND


class Ear:
    """Gathers what comes in; tests wait for what they want to hear.

    Each wait begins where the last one ended, so nothing is missed in between and nothing is heard twice.
    """

    def __init__(self) -> None:
        self.digits = ""
        """All keys received."""
        self.packets = 0
        self._windows: list[Window] = []
        self._open: list[int] = []
        self._last = 0.0
        self._cursor = 0
        self._event = -1
        self._news = asyncio.Event()

    def sound(self, payload: bytes, codec: Codec) -> None:
        """Take a packet of voice in."""
        now = asyncio.get_running_loop().time()
        if now - self._last > _PAUSE:
            del self._open[:]
        self._last = now
        self.packets += 1
        self._open.extend(codec.decode(payload))
        while len(self._open) >= WINDOW:
            self._windows.append(Window(now, self._open[:WINDOW]))
            del self._open[:WINDOW]
        self._news.set()

    def key(self, event: Event, timestamp: int) -> None:
        """Take a packet of a key in; its repetitions count once."""
        if event.end and timestamp != self._event:
            self._event = timestamp
            self.digits += event.key
            self._news.set()

    def forget(self) -> None:
        """Wait for new sounds only."""
        self._cursor = len(self._windows)

    async def tone(self, hertz: float, *, lasts: float, within: float) -> None:
        """Wait for a tone of that frequency, at least `lasts` seconds long."""

        def fits(window: Window) -> bool:
            return window.loud and tone_share(window.samples, hertz) >= IS_TONE

        await self._run(fits, lasts, within, f"a tone of {hertz:g} Hz", unbroken=True)

    async def anything(self, *, lasts: float, within: float) -> None:
        """Wait for any sound; `lasts` seconds of it together, pauses between words not counted."""
        await self._run(lambda window: window.loud, lasts, within, "a sound", unbroken=False)

    async def silence(self, *, lasts: float, within: float) -> None:
        """Wait until nothing was to be heard for `lasts` seconds."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            loud = next((window.at for window in reversed(self._windows) if window.loud), began)
            quiet = loop.time() - max(loud, began)
            if quiet >= lasts:
                self.forget()
                return
            if loop.time() - began > within:
                raise NotHeardError(f"no silence of {lasts:g} s within {within:g} s")
            await asyncio.sleep(min(0.05, lasts - quiet))

    async def keys(self, digits: str, *, within: float) -> None:
        """Wait until the keys received end with `digits`."""
        try:
            async with asyncio.timeout(within):
                while not self.digits.endswith(digits):
                    await self._wait()
        except TimeoutError:
            raise NotHeardError(f"the keys {digits!r} did not come, but {self.digits!r}") from None

    async def _run(
        self, fits: Callable[[Window], bool], lasts: float, within: float, what: str, *, unbroken: bool
    ) -> None:
        needed, found = max(1, round(lasts * RATE / WINDOW)), 0
        began = self._cursor
        try:
            async with asyncio.timeout(within):
                while True:
                    while self._cursor < len(self._windows):
                        good = fits(self._windows[self._cursor])
                        self._cursor += 1
                        found = found + 1 if good else 0 if unbroken else found
                        if found >= needed:
                            return
                    await self._wait()
        except TimeoutError:
            heard = self._windows[began:]
            loud = sum(window.loud for window in heard)
            came = f"{len(heard) / 20:g} s of voice, {loud / 20:g} s of it loud"
            raise NotHeardError(f"{what} was not heard within {within:g} s, but {came}") from None

    async def _wait(self) -> None:
        self._news.clear()
        await self._news.wait()
