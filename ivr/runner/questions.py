"""Questions answered with digits."""

from dataclasses import dataclass
from typing import Protocol

import structlog

from ivr.runner.listening import Ears, Heard, Keypad, go_globally
from ivr.runner.mishaps import told
from ivr.runner.state import AGAIN, FAILURES, REFUSED, count_failure
from ivr.runner.walk import Leave, PreparedPrompt, Walk
from values import ANY_KEY, KeyedEnd, Scalar, Sound, mask_digits

log = structlog.get_logger(__name__)

PASSED = "passed"
"""How a private answer that was taken is written."""

RIGHT, WRONG = "1", "2"
SILENCE = "-"
"""Written among the keys of a step that listens more than once, where none came."""


class Verdict(Protocol):
    """A check of an answer, prepared."""

    @property
    def reason(self) -> PreparedPrompt | None:
        """Why an answer is refused, in words."""
        ...

    async def test(self, walk: Walk, value: Scalar) -> tuple[bool, Scalar]:
        """Whether the answer passes, and the value as it goes on (a date, a number in E.164)."""
        ...


@dataclass(frozen=True, slots=True)
class AskStep:
    """Ask for digits, check them, have them confirmed."""

    name: str
    next: str
    give_up: str
    prompt: PreparedPrompt
    again: PreparedPrompt
    confirm: PreparedPrompt | None
    into: str
    digits: tuple[int, int]
    terminator: str
    private: bool
    checks: tuple[Verdict, ...]
    globals: dict[str, str]
    shortcuts: Keypad
    """Global keys that no answer begins with: they work at once."""
    confirming: Keypad
    ears: Ears
    kind: str = "ask"

    async def walk(self, walk: Walk) -> Leave:
        """One attempt; the next one, if any, is a step of the walk by itself."""
        last = walk.state.last
        await self.ears.settle(walk)
        reason = self.ears.reason(walk, self.name)
        walk.frame.heard[self.name] = walk.frame.heard.get(self.name, 0) + 1
        retry = last.path == walk.state.path and last.how != "repeat"
        sounds = await walk.sounds(self.again if retry else self.prompt)
        if reason is not None:
            sounds = [*await walk.sounds(reason), *sounds]
        keys, ended = await self._hear(walk, sounds)
        if keys or ended is KeyedEnd.TERMINATOR:
            walk.idle = 0
        pressed = keys or (self.terminator if ended is KeyedEnd.TERMINATOR else "")
        if pressed in self.globals:
            return go_globally(walk, self.name, self.globals[pressed], pressed)
        if not pressed:
            return self.ears.fail(walk, self.name, FAILURES[0])
        return await self._judge(walk, keys)

    async def _hear(self, walk: Walk, sounds: list[Sound]) -> Heard:
        typed, ended = walk.take_ahead(), KeyedEnd.FULL
        playing = [] if typed else sounds
        most, patience = self.digits[1], walk.patience
        while ended is KeyedEnd.FULL and len(typed) < most and typed not in self.shortcuts.keys:
            keyed = await walk.line.collect(
                playing,
                max_digits=self.shortcuts.missing.get(typed, most - len(typed)),
                first_digit=(self.ears.between_digits if typed else self.ears.first_digit) * patience,
                between_digits=self.ears.between_digits * patience,
                terminator=self.terminator,
                barge_in=self.ears.barge_in if playing else ANY_KEY,
                private=self.private,
            )
            typed, ended, playing = typed + keyed.digits, keyed.ended, []
        return Heard(typed, ended)

    async def _judge(self, walk: Walk, keys: str) -> Leave:
        shown = mask_digits(keys) if self.private else keys
        if not (keys.isdecimal() and self.digits[0] <= len(keys) <= self.digits[1]):
            return self._refuse(walk, shown)
        value: Scalar = keys
        for check in self.checks:
            try:
                passed, value = await check.test(walk, value)
            except Exception as problem:  # noqa: BLE001  (whatever a check's action does, the call goes on)
                log.error(  # noqa: TRY400  (not with the error itself, see `told`)
                    "flow.check_failed",
                    call=walk.start.call_id,
                    step=walk.state.path,
                    **told(problem, private=True),
                )
                return Leave("error", self.give_up, shown)
            if not passed:
                walk.reason = check.reason
                return self._refuse(walk, shown)
        if self.confirm is not None:
            return await self._have_confirmed(walk, value, shown)
        return self._accept(walk, value, shown)

    def _refuse(self, walk: Walk, shown: str) -> Leave:
        how = REFUSED if self.private else FAILURES[1]
        return self.ears.fail(walk, self.name, FAILURES[1], shown, how=how)

    def _accept(self, walk: Walk, value: Scalar, shown: str) -> Leave:
        walk.frame.failures.pop(self.name, None)
        walk.keep(self.into, value, private=self.private)
        return Leave(PASSED if self.private else "done", self.next, shown)

    async def _have_confirmed(self, walk: Walk, value: Scalar, shown: str) -> Leave:
        assert self.confirm is not None  # noqa: S101  (asked only where there is one)
        missed = [0, 0]
        spoken = {} if self.private else {self.into: value}
        while True:
            sounds = await walk.sounds(self.confirm, spoken)
            keys, ended = await self.confirming.hear(walk, sounds, self.ears, private=self.private)
            secret = self.private and keys not in self.confirming.keys  # the answer once more, perhaps
            shown = f"{shown} {(mask_digits(keys) if secret else keys) or SILENCE}"
            if keys == RIGHT:
                return self._accept(walk, value, shown)
            if keys == WRONG:
                count_failure(walk.frame, self.name, AGAIN, stays=True)
                return Leave(AGAIN, self.name, shown)
            if keys in self.globals and self.globals[keys] != "repeat":
                return go_globally(walk, self.name, self.globals[keys], shown)
            if keys in self.globals:
                continue
            kind = 0 if not keys and ended is not KeyedEnd.TERMINATOR else 1
            missed[kind] += 1
            if missed[kind] >= self.ears.failures[kind].tries:
                walk.frame.failures.pop(self.name, None)
                return Leave(FAILURES[kind], self.ears.failures[kind].to, shown)
