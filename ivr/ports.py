"""What the flow engine needs from a telephone line."""

from collections.abc import Sequence
from typing import Protocol

from values import ANY_KEY, Keyed, Recorded, Sound, TransferEnd


class Conversation(Protocol):
    """One caller on one line, spoken to and listened to, one command at a time.

    Every method raises `values.HangupError` as soon as the caller is gone, at any moment of its work.
    `agi.Session` satisfies it on a real line, `ivr.player` in a terminal, `ivr.testing` from a script.
    """

    async def answer(self) -> None:
        """Pick up. Nothing happens when the line is already up."""
        ...

    async def play(self, sounds: Sequence[Sound], *, keys: str = "") -> str:
        """Play in turn; a key out of `keys` stops the playing and is given back, otherwise ''."""
        ...

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
        """Play, then wait for keys.

        `first_digit` seconds for the first (counted from the end of the sounds), `between_digits` for each
        further one. Keys in `barge_in` stop the sounds and count as the first; '' plays them to the end and
        drops what was pressed meanwhile. With `private` no trace of the keys is left anywhere on the way.
        """
        ...

    async def flush(self) -> None:
        """Forget keys pressed ahead."""
        ...

    async def record(
        self,
        name: str,
        *,
        max_seconds: float,
        silence_seconds: float,
        beep: bool = True,
        stop_keys: str = ANY_KEY,
    ) -> Recorded:
        """Record the caller until silence, a key or the limit; `name` becomes the file's name."""
        ...

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:
        """Ring a named target (an agent's or operator's endpoint) and stay until the talk is over."""
        ...

    async def mark(self, name: str, value: str) -> None:
        """Write a value on the line itself, where Asterisk's own call record and dialplan see it."""
        ...

    async def set_language(self, language: str) -> None:
        """Tell the line its language (`it`, `en`, `ru`), for sounds the switch makes by itself."""
        ...

    async def hangup(self) -> None:
        """End the call."""
        ...
