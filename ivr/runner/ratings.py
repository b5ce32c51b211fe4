"""Questions answered on a scale: whoever does not answer goes on to the next."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.runner.listening import Ears, Heard, Keypad, go_globally
from ivr.runner.state import FAILURES
from ivr.runner.walk import Leave, PreparedPrompt, Walk
from values import KeyedEnd, Sound

STRAY = 2
"""How often it listens: a `#` alone is left from the answer before, after a key that needed none."""


@dataclass(frozen=True, slots=True)
class RateStep:
    """Ask for a mark. Where the scale has `10`, `1` waits whether it is meant; `#` ends the waiting."""

    name: str
    next: str
    question: PreparedPrompt
    again: PreparedPrompt
    into: str
    marks: Mapping[str, int]
    """By keys."""
    globals: dict[str, str]
    keypad: Keypad
    ears: Ears
    kind: str = "rate"

    async def walk(self, walk: Walk) -> Leave:
        """One attempt; the next one, if any, is a step of the walk by itself."""
        last, frame = walk.state.last, walk.frame
        await self.ears.settle(walk)
        reason = self.ears.reason(walk, self.name)
        frame.heard[self.name] = frame.heard.get(self.name, 0) + 1
        retry = last.path == walk.state.path and last.how != "repeat"
        sounds = await walk.sounds(self.again if retry else self.question)
        if reason is not None:
            sounds = [*await walk.sounds(reason), *sounds]
        keys, ended = await self._hear(walk, sounds)
        mark = self.marks.get(keys)
        if mark is not None:
            frame.failures.pop(self.name, None)
            walk.keep(self.into, mark)
            return Leave("done", self.next, keys)
        if keys in self.globals:
            return go_globally(walk, self.name, self.globals[keys], keys)
        silent = not keys and ended is not KeyedEnd.TERMINATOR
        left = self.ears.fail(walk, self.name, FAILURES[0] if silent else FAILURES[1], keys)
        if left.to != self.name:
            walk.keep(self.into, None)
        return left

    async def _hear(self, walk: Walk, sounds: list[Sound]) -> Heard:
        for _ in range(STRAY):
            heard = await self.keypad.hear(walk, sounds, self.ears)
            if heard.keys or heard.ended is not KeyedEnd.TERMINATOR:
                break
        return heard
