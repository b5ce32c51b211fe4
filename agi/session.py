"""One caller on a real line: what a call flow can have Asterisk do."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from agi import listening, people, recording, sayings
from agi.commands import application, command, quoted, variable_name
from agi.connection import Connection
from agi.headers import Heading, known
from values import ANY_KEY, BadInputError, CallId, HangupError, Keyed, Money, Recorded, Sound, TransferEnd

TIME_LAYOUT = "HM"
"""A time of day as 24-hour hours and minutes, in the letters of Asterisk's SayUnixTime."""


class Session:
    """A call inside its FastAGI connection; satisfies `ivr.ports.Conversation`.

    Every method but `hangup` raises `values.HangupError` from the moment the caller is gone, has been
    redirected, or the connection is lost. Commands go one at a time; one that was given up (cancelled) is
    waited for by the next.
    """

    def __init__(self, line: Connection, heading: Heading, recordings: Path) -> None:
        """`recordings` is the folder new recordings go to."""
        env = heading.env
        self.env: Mapping[str, str] = env
        """Asterisk's heading by name (`agi_channel`, …), without the secret."""
        self.route = heading.route
        """What the dialplan asked for: `inbound`, `outbound`, `rejoin`, …"""
        self.query: Mapping[str, str] = heading.query
        self.call_id = CallId(env.get("agi_uniqueid", ""))
        self.channel = env.get("agi_channel", "")
        self.caller_id = known(env.get("agi_callerid", ""))
        """The caller's number as the network gave it; '' when withheld."""
        self.dialled = known(env.get("agi_dnid", "")) or env.get("agi_extension", "")
        """The number that was called."""
        self.language = env.get("agi_language", "")
        self.recordings: list[Recorded] = []
        """All that was recorded in this session, also what a hang-up cut short."""
        self._line = line
        self._folder = recordings
        self._answered = False

    # The line.

    @property
    def over(self) -> bool:
        """Whether the caller is gone."""
        return self._line.over

    async def answer(self) -> None:
        """Pick up. Nothing happens when the line is already up."""
        if not self._answered or self._line.over:
            await self._line.command("ANSWER")
            self._answered = True

    async def hangup(self) -> None:
        """End the call. Nothing happens when it is over already."""
        if self._line.over:
            return
        with contextlib.suppress(HangupError):
            await self._line.command("HANGUP")
        self._line.end()

    async def gone(self) -> None:
        """Wait until the caller is gone."""
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def tell() -> None:
            if not told.done():
                told.set_result(None)

        self._line.on_end(tell)
        try:
            await told
        finally:
            self._line.forget(tell)

    async def pressed(self, keys: str) -> str:
        """Wait for one of these keys while nothing else is asked of the line; others are dropped.

        Music that plays goes on. Raises `HangupError`; given up, it leaves the line as it was.
        """
        line, told = self._line, asyncio.get_running_loop().create_future()

        def heard() -> None:
            found, line.ahead = next((key for key in line.ahead if key in keys), ""), ""
            if found and not told.done():
                told.set_result(found)

        def ended() -> None:
            if not told.done():
                told.set_exception(HangupError())

        line.check()
        line.ahead = ""
        line.on_key(heard)
        line.on_end(ended)
        try:
            line.listen()
            return str(await told)
        finally:
            line.on_key(None)
            line.forget(ended)

    # Speaking and listening.

    async def play(self, sounds: Sequence[Sound], *, keys: str = "") -> str:
        """Play in turn; a key out of `keys` stops the playing and is given back, otherwise ''."""
        return await listening.play(self._line, sounds, keys)

    async def collect(
        self,
        sounds: Sequence[Sound],
        *,
        max_digits: int,
        first_digit: float,
        between_digits: float,
        terminator: str = "#",
        barge_in: str = ANY_KEY,
        private: bool = False,  # noqa: ARG002  (nothing here writes keys down, so all reading is private)
    ) -> Keyed:
        """Play, then wait for up to `max_digits` keys; see `ivr.ports.Conversation.collect`."""
        entry = listening.Entry(max_digits, first_digit, between_digits, terminator)
        return await listening.collect(self._line, sounds, entry, barge_in)

    async def flush(self) -> None:
        """Forget keys pressed ahead."""
        await self._line.hush()
        self._line.check()
        self._line.ahead = ""

    async def record(
        self,
        name: str,
        *,
        max_seconds: float,
        silence_seconds: float,
        beep: bool = True,
        stop_keys: str = ANY_KEY,
    ) -> Recorded:
        """Record the caller until silence, a key or the limit, into `name`.wav.

        Raises `agi.RecordingError` when the file cannot be written. What a hang-up cuts short stays in
        `recordings`.
        """
        return await recording.record(
            self._line,
            recording.place_of(self._folder, name),
            self.recordings,
            max_seconds=max_seconds,
            silence_seconds=silence_seconds,
            beep=beep,
            stop_keys=stop_keys,
        )

    # In Asterisk's own words; each gives the key out of `keys` that stopped it, or ''.

    async def say_number(self, value: int, *, keys: str = "") -> str:
        """Say a whole number."""
        return await sayings.number(self._line, value, keys)

    async def say_digits(self, value: str, *, keys: str = "") -> str:
        """Say one digit after the other."""
        return await sayings.digits(self._line, value, keys)

    async def say_date(self, value: date, *, keys: str = "") -> str:
        """Say a date."""
        return await sayings.day(self._line, value, keys)

    async def say_time(self, value: datetime, *, zone: str = "UTC", keys: str = "") -> str:
        """Say the time of day of an instant, in a zone."""
        return await sayings.moment(self._line, value, TIME_LAYOUT, zone, keys)

    async def say_money(self, value: Money, *, unit: str = "", cents: str = "", keys: str = "") -> str:
        """Say an amount; `unit` and `cents` are sounds of the currency's names (Asterisk has none)."""
        return await sayings.money(self._line, value, unit, cents, keys)

    # The channel.

    async def get_variable(self, name: str) -> str:
        """A channel variable or dialplan function; '' when it is not set."""
        return (await self._line.command(command("GET", "VARIABLE", variable_name(name)))).note

    async def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable or write to a dialplan function (`TIMEOUT(digit)`, `CHANNEL(language)`)."""
        await self._line.command(command("SET", "VARIABLE", variable_name(name), quoted(value, name)))

    async def mark(self, name: str, value: str) -> None:
        """Write a value on the line itself, where Asterisk's own call record and dialplan see it."""
        await self.set_variable(name, value)

    async def set_language(self, language: str) -> None:
        """Tell the line which language it speaks (`it`, `en`, `ru`), for sounds the switch makes itself."""
        if not (language.isascii() and language.isalpha()):
            raise BadInputError(f"{language[:20]!r} is not a language code", field="language")
        if language == self.language:
            return
        await self.set_variable("CHANNEL(language)", language)
        self.language = language

    async def execute(self, app: str, *args: str) -> str:
        """Run a dialplan application and give its result code; `-2` when there is none of that name."""
        return (await self._line.command(application(app, args))).result

    # Other people.

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:
        """Ring one of our endpoints by its name and stay until the talk is over."""
        return await people.dial(self._line, target, ring_seconds)

    async def bridge(self, channel: str, *, park: str = "agent-park^s^park") -> bool:
        """Join a channel that waits in its park and stay until the talk is over; the channel goes back there.

        False when it could not be joined. Join only a channel known to be parked: one that talks would be
        torn from its talk.
        """
        return await people.bridge(self._line, channel, park)

    def listen(self, before: float) -> None:
        """Begin to gather keys pressed ahead, if nothing was asked since `before` (monotonic time)."""
        if self._answered and 0 < self._line.used < before:
            self._line.listen()
