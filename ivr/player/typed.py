"""A caller whose keys come in bursts: typed by a person, or taken from a script or a scenario."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from values import ANY_KEY, HangupError, Keyed, KeyedEnd, Recorded, Sound, TransferEnd


class TypedConversation(ABC):
    """Satisfies `ivr.ports.Conversation`.

    Each time the flow listens and nothing is keyed ahead, a burst is asked for: `"1"`, `"1234#"`, or '' for
    silence. What is too much for one listening stays for the next, as on a line; a listening without sounds
    goes on with the last burst.
    """

    _ahead = ""
    waited = 0.0
    """Seconds for which the line has waited for keys in vain."""

    @abstractmethod
    async def _burst(self, *, private: bool) -> str:
        """The next keys. Raises `HangupError` when the caller hangs up instead."""

    @abstractmethod
    async def _hear(self, sounds: Sequence[Sound]) -> None:
        """Something is said."""

    def _gone(self) -> bool:
        """Whether the caller has hung up; asked once before each command."""
        return False

    async def _wait(self, seconds: float) -> None:
        """The line waits, in vain."""
        self.waited += seconds

    def _command(self) -> None:
        if self._gone():
            raise HangupError

    async def answer(self) -> None:
        """Pick up."""
        self._command()

    async def play(self, sounds: Sequence[Sound], *, keys: str = "") -> str:
        """Hear it out, unless a key pressed ahead is among `keys`."""
        self._command()
        await self._hear(sounds)
        return self._take() if self._ahead and self._ahead[0] in keys else ""

    async def collect(
        self,
        sounds: Sequence[Sound],
        *,
        max_digits: int,
        first_digit: float,
        between_digits: float,
        terminator: str = "#",
        barge_in: str = ANY_KEY,
        private: bool = False,
    ) -> Keyed:
        """Hear it out and key the next burst."""
        self._command()
        if sounds and not barge_in:
            self._ahead = ""
        if not self._ahead:
            await self._hear(sounds)
            if sounds:
                self._ahead = await self._burst(private=private)
        digits = ""
        while self._ahead and len(digits) < max_digits:
            key = self._take()
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
        beep: bool = True,  # noqa: ARG002  (nobody hears it)
        stop_keys: str = ANY_KEY,  # noqa: ARG002  (nor presses one)
    ) -> Recorded:
        """Say something for as long as the silence at its end takes."""
        self._command()
        seconds = min(max_seconds, silence_seconds)
        await self._wait(seconds)
        return Recorded(Path(f"{name}.wav"), seconds)

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:  # noqa: ARG002
        """Be talked to."""
        self._command()
        return TransferEnd.TALKED

    async def mark(self, name: str, value: str) -> None:  # noqa: ARG002
        """Nobody reads marks here."""
        self._command()

    async def set_language(self, language: str) -> None:  # noqa: ARG002
        """There is no switch that speaks."""
        self._command()

    async def hangup(self) -> None:
        """End the call from our side."""
        self._ahead = ""

    def _take(self) -> str:
        key, self._ahead = self._ahead[:1], self._ahead[1:]
        return key
