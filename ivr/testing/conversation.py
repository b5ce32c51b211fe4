"""A caller from a script."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from values import ANY_KEY, Clock, HangupError, Keyed, KeyedEnd, Recorded, Sound, TransferEnd

SILENCE = ""
"""In a script: the caller keys nothing until the line gives up waiting."""


@dataclass(slots=True)
class ScriptedConversation:
    """A caller who follows a script. Satisfies `ivr.ports.Conversation`.

    Each entry of `script` is what is keyed when the flow next listens with nothing keyed ahead: `"1"`,
    `"1234#"`, or `SILENCE`. What is too much for one listening stays for the next, as on a line; a listening
    without sounds goes on with the last keys. When the script is at its end the caller hangs up, or with
    `patient` stays and keys nothing.
    """

    script: Sequence[str] = ()
    patient: bool = False
    hang_up_at: int | None = None
    """The 1st, 2nd, … command to the line finds that the caller has gone."""
    transfers: Sequence[TransferEnd] = (TransferEnd.TALKED,)
    """How transfers go, in turn; the last one repeats."""
    clock: Clock | None = None
    """Waiting takes this clock's time; without one it takes none."""

    said: list[str] = field(default_factory=list)
    """Every text played, in order."""
    heard: list[Sound] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)
    """(first_digit, between_digits) of each listening."""
    commands: int = 0
    gone: bool = False
    answered: bool = False
    hung_up: bool = False
    _next: int = 0
    _transferred: int = 0
    _ahead: str = ""

    async def answer(self) -> None:
        """Pick up."""
        self._command()
        self.answered = True

    async def play(self, sounds: Sequence[Sound], *, keys: str = "") -> str:
        """Hear it out, unless a key pressed ahead is among `keys`."""
        self._command()
        self._hear(sounds)
        return self._take(1) if self._ahead and self._ahead[0] in keys else ""

    async def collect(
        self,
        sounds: Sequence[Sound],
        *,
        max_digits: int,
        first_digit: float,
        between_digits: float,
        terminator: str = "#",
        barge_in: str = ANY_KEY,
        private: bool = False,  # noqa: ARG002  (a script has no secrets)
    ) -> Keyed:
        """Key what the script says."""
        self._command()
        self.waits.append((first_digit, between_digits))
        if sounds and not barge_in:
            self._ahead = ""
        if not self._ahead:
            self._hear(sounds)
            if sounds:
                self._press()
        digits = ""
        while self._ahead and len(digits) < max_digits:
            key = self._take(1)
            if key == terminator:
                return Keyed(digits, KeyedEnd.TERMINATOR)
            digits += key
        if len(digits) == max_digits:
            return Keyed(digits, KeyedEnd.FULL)
        await self._wait(between_digits if digits else first_digit)
        return Keyed(digits, KeyedEnd.TIMEOUT)

    async def flush(self) -> None:
        """Forget what was keyed ahead."""
        self._command()
        self._ahead = ""

    async def record(
        self,
        name: str,
        *,
        max_seconds: float,
        silence_seconds: float,
        beep: bool = True,  # noqa: ARG002
        stop_keys: str = ANY_KEY,  # noqa: ARG002
    ) -> Recorded:
        """Say something for as long as the silence at its end takes."""
        self._command()
        seconds = min(max_seconds, silence_seconds)
        await self._wait(seconds)
        return Recorded(Path(f"{name}.wav"), seconds)

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:  # noqa: ARG002
        """Go the next of `transfers`."""
        self._command()
        end = self.transfers[min(self._transferred, len(self.transfers) - 1)]
        self._transferred += 1
        return end

    async def mark(self, name: str, value: str) -> None:
        """Keep it in `marks`."""
        self._command()
        self.marks[name] = value

    async def set_language(self, language: str) -> None:
        """Keep it in `languages`."""
        self._command()
        self.languages.append(language)

    async def hangup(self) -> None:
        """End the call from our side."""
        self.hung_up = self.gone = True

    def _command(self) -> None:
        self.commands += 1
        if self.gone or (self.hang_up_at is not None and self.commands >= self.hang_up_at):
            self.gone = True
            raise HangupError

    def _hear(self, sounds: Sequence[Sound]) -> None:
        self.heard += sounds
        self.said += [sound.text for sound in sounds if sound.text]

    def _press(self) -> None:
        if self._next < len(self.script):
            self._ahead = self.script[self._next]
            self._next += 1
        elif not self.patient:
            self.gone = True
            raise HangupError

    def _take(self, count: int) -> str:
        taken, self._ahead = self._ahead[:count], self._ahead[count:]
        return taken

    async def _wait(self, seconds: float) -> None:
        if self.clock is not None:
            await self.clock.sleep(seconds)
