"""What the runner needs besides the line: a voice, somewhere to write, and the flows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from calls import TraceStep
from ivr.runner.editions import Edition
from values import Scalar, Sound

Prompt = Mapping[str, str]
"""A prompt by language, as `ivr.language.basics.Prompt`."""


class Voice(Protocol):
    """Turns a prompt into sounds. `ivr.speech` speaks, `ivr.player.TextVoice` only writes."""

    async def sounds(
        self, prompt: Prompt, values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        """The prompt in a language it has, with values filled in.

        `key` (`flow.step.slot`) names the recorded files that win over speech. No value is private.
        """
        ...


class TraceSink(Protocol):
    """Where the runner writes what happens. Nothing here waits or raises."""

    def entered(self, path: str, kind: str, at: datetime) -> None:
        """The caller has come to a step."""
        ...

    def left(self, step: TraceStep) -> None:
        """The caller has left it."""
        ...


class Library(Protocol):
    """The flows, at hand without waiting: `ivr.versions.FlowLibrary` (the database's) or a `Shelf`."""

    def edition(self, number: int | None = None) -> Edition:
        """What is published now, or what was when that edition was the newest."""
        ...


class NoTrace:
    """Writes nothing."""

    def entered(self, path: str, kind: str, at: datetime) -> None:
        """Forget it."""

    def left(self, step: TraceStep) -> None:
        """Forget it."""
