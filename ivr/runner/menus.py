"""Menus: choices by key."""

from dataclasses import dataclass

from ivr.runner.listening import Ears, Keypad, go_globally
from ivr.runner.literals import Literal
from ivr.runner.state import FAILURES
from ivr.runner.walk import Leave, PreparedPrompt, Walk
from values import KeyedEnd


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where a key leads and what is kept with it."""

    to: str
    kept: tuple[tuple[str, Literal], ...] = ()


@dataclass(frozen=True, slots=True)
class MenuStep:
    """Say the choices and follow a key."""

    name: str
    greeting: PreparedPrompt
    short: PreparedPrompt
    choices: dict[str, Chosen]
    globals: dict[str, str]
    keypad: Keypad
    ears: Ears
    kind: str = "menu"

    async def walk(self, walk: Walk) -> Leave:
        """Long greeting at first and at the first repeat, the short one afterwards."""
        frame = walk.frame
        frame.enter_menu(self.name)
        await self.ears.settle(walk)
        reason = self.ears.reason(walk, self.name)
        said = frame.heard.get(self.name, 0)
        frame.heard[self.name] = said + 1
        long = said == 0 or (said == 1 and walk.state.last == (walk.state.path, "repeat"))
        sounds = await walk.sounds(self.greeting if long else self.short)
        if reason is not None:
            sounds = [*await walk.sounds(reason), *sounds]
        keys, ended = await self.keypad.hear(walk, sounds, self.ears)
        chosen = self.choices.get(keys)
        if chosen is not None:
            frame.failures.pop(self.name, None)
            for name, value in chosen.kept:
                walk.keep(name, value.resolve(frame.variables), private=walk.private(value.names))
            return Leave("key", chosen.to, keys)
        if keys in self.globals:
            return go_globally(walk, self.name, self.globals[keys], keys)
        silent = not keys and ended is not KeyedEnd.TERMINATOR
        return self.ears.fail(walk, self.name, FAILURES[0] if silent else FAILURES[1], keys)
