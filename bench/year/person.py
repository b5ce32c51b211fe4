"""Somebody who has answered: listens for a while, presses keys or does not, and may hang up at any moment."""

from collections.abc import Mapping, Sequence
from random import Random

from bench.year.seconds import until_tick
from ivr.player.typed import TypedConversation
from values import Clock, HangupError, Sound

Choices = Mapping[str, float]
"""Keys by how probable they are; what is missing to 1 is silence."""
HANGS_UP = 0.02
"""How probable it is at each question that they just hang up."""
LETTERS_A_SECOND = 15.0


class Person(TypedConversation):
    """Satisfies `ivr.ports.Conversation`. `answers`: choices at each question, the last repeats."""

    def __init__(self, clock: Clock, chance: Random, answers: Sequence[Choices], *, machine: bool) -> None:
        self._clock = clock
        self._chance = chance
        self._answers = answers
        self._machine = machine
        self._asked = 0
        self._heard = 0.0
        self.keyed = ""
        """All that was pressed."""

    async def _hear(self, sounds: Sequence[Sound]) -> None:
        self._heard += sum(len(sound.text) for sound in sounds) / LETTERS_A_SECOND

    async def _burst(self, *, private: bool) -> str:  # noqa: ARG002  (nobody listens in)
        """Hear a part of what is said, or all of it, and answer."""
        if self._machine or self._chance.random() < HANGS_UP:
            await self._listen(self._chance.uniform(0.2, 1.0))
            raise HangupError
        await self._listen(self._chance.uniform(0.5, 1.0))
        choices = self._answers[min(self._asked, len(self._answers) - 1)]
        self._asked += 1
        said = self._chance.random()
        for keys, share in choices.items():
            said -= share
            if said < 0:
                self.keyed += keys
                return keys
        return ""

    async def hear_out(self) -> None:
        """Listen to the last words."""
        await self._listen(1.0)

    async def _wait(self, seconds: float) -> None:
        await self._clock.sleep(until_tick(self._clock, seconds))

    async def _listen(self, share: float) -> None:
        seconds, self._heard = self._heard * share, 0.0
        await self._clock.sleep(until_tick(self._clock, seconds))
