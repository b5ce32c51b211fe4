"""What the player shows and asks; a terminal or a scenario stands behind it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from calls import TraceStep
from ivr.player.typed import TypedConversation
from values import ANY_KEY, BadInputError, HangupError, Recorded, Sound, TransferEnd, mask_digits

HANG_UP = "h"
KEYS, TRANSFER = "keys", "transfer"
"""What is asked for keys, and how the question begins that asks how a transfer went."""
_MISHAPS = {
    "no_input": "nothing was keyed",
    "no_match": "nothing here has that key",
    "refused": "what was keyed is not taken",
    "timeout": "the action was too slow",
    "error": "the action failed",
    "fallback": "given up",
}
_HIDDEN = "private: what you type now stays hidden; Enter when it is done"
_WHAT_KEYS_ARE = f"type 0-9, * and #; Enter alone is silence, {HANG_UP} hangs up"
Speaker = Callable[[Sequence[Sound]], Awaitable[None]]
"""Makes sounds heard."""


class Console(Protocol):
    """A person at the player, or a scenario."""

    def say(self, text: str) -> None:
        """What the flow says."""
        ...

    def note(self, text: str) -> None:
        """What happens besides."""
        ...

    async def ask(self, question: str, *, private: bool = False) -> str:
        """An answer, typed; raises `EOFError` when there will be no more."""
        ...


class ConsoleConversation(TypedConversation):
    """The caller sits at a console: keys end with Enter; Enter alone is silence, `h` hangs up."""

    def __init__(self, console: Console, *, speaker: Speaker | None = None) -> None:
        self._console = console
        self._speaker = speaker

    async def _hear(self, sounds: Sequence[Sound]) -> None:
        for sound in sounds:
            if sound.text:
                self._console.say(sound.text)
        if self._speaker is not None:
            await self._speaker([sound for sound in sounds if sound.path])

    async def _burst(self, *, private: bool) -> str:
        while True:
            if private:
                self._console.note(_HIDDEN)
            keys = await self._typed(KEYS, private=private)
            if all(key in ANY_KEY for key in keys):
                if private:
                    self._console.note(f"keys {mask_digits(keys)}" if keys else "nothing was typed")
                return keys
            self._console.note(_WHAT_KEYS_ARE)

    async def record(
        self,
        name: str,
        *,
        max_seconds: float,
        silence_seconds: float,
        beep: bool = True,
        stop_keys: str = ANY_KEY,
    ) -> Recorded:
        """Nothing is recorded; Enter goes on."""
        await self._typed("(speak, then Enter)")
        return await super().record(
            name, max_seconds=max_seconds, silence_seconds=silence_seconds, beep=beep, stop_keys=stop_keys
        )

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:  # noqa: ARG002
        """Ask how it went."""
        ends = ", ".join(end.value for end in TransferEnd)
        while True:
            typed = await self._typed(f"{TRANSFER} to {target} went ({ends})") or TransferEnd.TALKED.value
            try:
                return TransferEnd(typed)
            except ValueError:
                self._console.note(f"{typed!r} is none of them")

    async def mark(self, name: str, value: str) -> None:
        """Show it."""
        self._console.note(f"mark {name}={value}")

    async def _typed(self, question: str, *, private: bool = False) -> str:
        try:
            typed = (await self._console.ask(question, private=private)).strip()
        except EOFError:
            raise HangupError from None
        if typed == HANG_UP:
            raise HangupError
        return typed


class ConsoleTrace:
    """Shows each step as it is entered. Satisfies `ivr.runner.TraceSink`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.steps: list[TraceStep] = []

    def entered(self, path: str, kind: str, at: datetime) -> None:  # noqa: ARG002
        """Show it."""
        self._console.note(f"· {path} ({kind})")

    def left(self, step: TraceStep) -> None:
        """Keep it, and say what did not go well."""
        self.steps.append(step)
        if step.how in _MISHAPS:
            self._console.note(f"  {step.path}: {step.how} ({_MISHAPS[step.how]})")


def read_answers(pairs: Sequence[str]) -> dict[str, str]:
    """`name.field=value` options as a mapping. Raises `BadInputError`."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or "." not in name:
            raise BadInputError(f"{pair!r} should be room.action.result=value", field="answer")
        found[name.strip()] = value
    return found
