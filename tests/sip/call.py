"""One call of a phone: what a person can do on it, and what can be waited for."""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from tests.sip.g711 import Codec
from tests.sip.hearing import NotHeardError
from tests.sip.rtp import Voice
from tests.sip.sdp import read_sdp

if TYPE_CHECKING:
    from tests.sip.dialog import Dialog
    from tests.sip.message import Message

SHORTEST_KEY = 0.08
SHORTEST_GAP = 0.06
_CAUSE = re.compile(r"cause=(\d+)")


class CallState(Enum):
    """Where a call stands."""

    DIALLING = "dialling"
    RINGING = "ringing"
    UP = "up"
    OVER = "over"


class RefusedError(AssertionError):
    """The call was not answered."""


class Call:
    """A call, incoming or outgoing. All waits raise an `AssertionError` with what happened instead."""

    def __init__(self, dialog: "Dialog", voice: Voice, *, incoming: bool) -> None:
        """Made by `SipPhone`."""
        self.dialog = dialog
        self.voice = voice
        self.incoming = incoming
        self.state = CallState.DIALLING
        self.status = 0
        """The final SIP status of the INVITE."""
        self.cause = 0
        """The Q.850 cause the other side gave at its end; 0 for none."""
        self.theirs_to_end = False
        """Whether the other side ended it."""
        self._moved = asyncio.Event()

    @property
    def caller(self) -> str:
        """The number of who calls."""
        return self.dialog.invite.address("From").removeprefix("sip:").partition("@")[0]

    @property
    def dialled(self) -> str:
        """The number that was called."""
        return self.dialog.invite.uri.removeprefix("sip:").partition("@")[0]

    @property
    def digits(self) -> str:
        """The keys the other side pressed."""
        return self.voice.ear.digits

    # Waiting.

    async def ringing(self, *, within: float = 20.0) -> None:
        """Wait until it rings there (or is answered without)."""
        await self._until(CallState.RINGING, CallState.UP, within=within)

    async def answered(self, *, within: float = 20.0) -> "Call":
        """Wait until it is up."""
        await self._until(CallState.UP, within=within)
        return self

    async def refused(self, *, within: float = 20.0) -> int:
        """Wait until it is over without an answer; give the SIP status."""
        await self._until(CallState.OVER, within=within)
        return self.status

    async def hung_up(self, *, within: float = 20.0) -> None:
        """Wait until the other side hangs up."""
        await self._until(CallState.OVER, within=within)
        if not self.theirs_to_end:
            raise RefusedError(f"it was not the other side that hung up (status {self.status})")

    async def hears(self, hertz: float | None = None, *, lasts: float = 0.15, within: float = 20.0) -> None:
        """Wait for a tone, or for any sound; what came since the last wait or key press counts."""
        if hertz is None:
            await self.voice.ear.anything(lasts=lasts, within=within)
        else:
            await self.voice.ear.tone(hertz, lasts=lasts, within=within)

    async def silence(self, lasts: float = 1.0, *, within: float = 20.0) -> None:
        """Wait until nothing was heard for so long."""
        await self.voice.ear.silence(lasts=lasts, within=within)

    async def receives(self, digits: str, *, within: float = 20.0) -> None:
        """Wait until the other side has pressed these keys."""
        await self.voice.ear.keys(digits, within=within)

    # Doing.

    async def press(self, keys: str, *, held: float = 0.1, gap: float = 0.08, wait: bool = True) -> None:
        """Press keys one after the other; what is heard from before that is forgotten."""
        self._talking()
        self.voice.ear.forget()
        self.voice.press(keys, max(held, SHORTEST_KEY), max(gap, SHORTEST_GAP))
        if wait:
            await self.voice.said()

    async def say(self, samples: Sequence[int], *, wait: bool = True) -> None:
        """Send sound, 16-bit at 8 kHz."""
        self._talking()
        self.voice.say(samples)
        if wait:
            await self.voice.said()

    async def ring(self) -> None:
        """Let an incoming call ring."""
        self.dialog.respond(180)
        self._move(CallState.RINGING)

    async def answer(self) -> None:
        """Take an incoming call. Returns when the other side knows."""
        offer = read_sdp(self.dialog.invite.body)
        self.voice.media = replace(self.voice.media, event_type=offer.event_type)
        self.dialog.respond(200, body=replace(self.voice.media, codecs=self._common(offer.codecs)).text())
        self.status = 200
        self.voice.connect(offer)
        self._move(CallState.UP)
        await self.dialog.confirmed()

    def refuse(self, status: int = 486) -> None:
        """Turn an incoming call away."""
        self.dialog.respond(status)
        self._end(status, theirs=False)

    def hangup(self) -> None:
        """End it, in whatever state it is. The phone sees it through."""
        if self.state is CallState.OVER:
            return
        if self.state is CallState.UP:
            self.dialog.bye()
        elif self.incoming:
            self.dialog.respond(603)
        else:
            self.dialog.cancel()
        self._end(self.status, theirs=False)

    # What the phone tells.

    def rings_there(self) -> None:
        """The other side rings."""
        if self.state is CallState.DIALLING:
            self._move(CallState.RINGING)

    def taken(self, response: "Message") -> None:
        """The other side answered."""
        self.status = response.status
        if self.state is CallState.OVER:
            self.dialog.bye()  # it was taken in the moment we gave up
            return
        self.voice.connect(read_sdp(response.body))
        self._move(CallState.UP)

    def moved(self, request: "Message") -> None:
        """The other side wants its voice elsewhere."""
        if request.body:
            self.voice.connect(read_sdp(request.body))

    def ended(self, message: "Message") -> None:
        """The other side hung up, gave up or refused."""
        found = _CAUSE.search(message["Reason"])
        self.cause = int(found[1]) if found else 0
        self._end(message.status or self.status, theirs=True)

    def lost(self) -> None:
        """The other side does not answer any more."""
        self._end(408, theirs=False)

    def _common(self, theirs: Sequence[Codec]) -> tuple[Codec, ...]:
        return tuple(codec for codec in theirs if codec in self.voice.media.codecs)

    def _talking(self) -> None:
        if self.state is not CallState.UP:
            raise RefusedError(f"the call is {self.state.value}, status {self.status}")

    def _move(self, state: CallState) -> None:
        self.state = state
        self._moved.set()

    def _end(self, status: int, *, theirs: bool) -> None:
        if self.state is CallState.OVER:
            return
        self.status, self.theirs_to_end = status, theirs
        self.voice.close()
        self._move(CallState.OVER)

    async def _until(self, *states: CallState, within: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.state not in states and self.state is not CallState.OVER:
                    self._moved.clear()
                    await self._moved.wait()
        if self.state in states:
            return
        if self.state is CallState.OVER:
            raise RefusedError(f"the call is over, status {self.status}, cause {self.cause}")
        wanted = " or ".join(state.value for state in states)
        raise NotHeardError(f"the call is {self.state.value}, not {wanted}, after {within:g} s")
