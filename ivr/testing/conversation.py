"""A caller from a script."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ivr.player.typed import TypedConversation
from values import Clock, HangupError, Keyed, Sound, TransferEnd

SILENCE = ""
"""In a script: the caller keys nothing until the line gives up waiting."""


@dataclass
class ScriptedConversation(TypedConversation):
    """A caller who follows a script. Satisfies `ivr.ports.Conversation`.

    Each entry of `script` is what is keyed when the flow next listens with nothing keyed ahead: `"1"`,
    `"1234#"`, or `SILENCE`. When the script is at its end the caller hangs up, or with
    `patient` stays and keys nothing. See `TypedConversation` for keys that are left over.
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

    async def answer(self) -> None:
        """Pick up."""
        await super().answer()
        self.answered = True

    async def collect(self, sounds: Sequence[Sound], **how: Any) -> Keyed:
        """Key what the script says."""
        keyed = await super().collect(sounds, **how)
        self.waits.append((how["first_digit"], how["between_digits"]))
        return keyed

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:
        """Go the next of `transfers`."""
        await super().transfer(target, ring_seconds=ring_seconds)
        end = self.transfers[min(self._transferred, len(self.transfers) - 1)]
        self._transferred += 1
        return end

    async def mark(self, name: str, value: str) -> None:
        """Keep it in `marks`."""
        await super().mark(name, value)
        self.marks[name] = value

    async def set_language(self, language: str) -> None:
        """Keep it in `languages`."""
        await super().set_language(language)
        self.languages.append(language)

    async def hangup(self) -> None:
        """End the call from our side."""
        await super().hangup()
        self.hung_up = self.gone = True

    def _gone(self) -> bool:
        self.commands += 1
        self.gone = self.gone or (self.hang_up_at is not None and self.commands >= self.hang_up_at)
        return self.gone

    async def _hear(self, sounds: Sequence[Sound]) -> None:
        self.heard += sounds
        self.said += [sound.text for sound in sounds if sound.text]

    async def _burst(self, *, private: bool) -> str:  # noqa: ARG002  (a script has no secrets)
        if self._next < len(self.script):
            self._next += 1
            return self.script[self._next - 1]
        if not self.patient:
            self.gone = True
            raise HangupError
        return ""

    async def _wait(self, seconds: float) -> None:
        await super()._wait(seconds)
        if self.clock is not None:
            await self.clock.sleep(seconds)
