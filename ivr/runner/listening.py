"""Hearing keys: which are possible, how long to wait, and what a failure leads to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ivr.language.basics import Prompt
from ivr.language.model import Failure, Flow, Listening
from ivr.runner.state import FAILURES, REFUSED, count_failure
from ivr.runner.walk import Leave, PreparedPrompt, Walk
from values import ANY_KEY, KeyedEnd, Sound

PromptMaker = Callable[[Prompt, str], PreparedPrompt]
"""Prepares a prompt of a step; the text is its slot: `greeting`, `no_input.1`."""

GLOBALS = ("repeat", "back", "top", "operator")


@dataclass(frozen=True, slots=True)
class Ways:
    """What one kind of failure does."""

    says: tuple[PreparedPrompt, ...]
    tries: int
    to: str

    def said(self, failures: int) -> PreparedPrompt | None:
        """What is said after so many failures: one prompt each, the last one again and again."""
        return self.says[min(failures, len(self.says)) - 1] if self.says and failures else None


class Heard(NamedTuple):
    """Keys as they came, and why the waiting ended."""

    keys: str
    ended: KeyedEnd


@dataclass(frozen=True, slots=True)
class Ears:
    """How a menu or a question listens."""

    first_digit: float
    between_digits: float
    barge_in: str
    flush: bool
    failures: tuple[Ways, Ways]
    """no_input, no_match."""

    def fail(self, walk: Walk, step: str, kind: str, keys: str = "", *, how: str = "") -> Leave:
        """Count a failure: try again, or leave by its way out once there have been too many."""
        ways = self.failures[FAILURES.index(kind)]
        counted = walk.frame.failures.get(step, (0, 0))[FAILURES.index(kind)] + 1
        again = counted < ways.tries
        count_failure(walk.frame, step, kind, stays=again)
        walk.ahead = ""
        return Leave(how or kind, step if again else ways.to, keys)

    def reason(self, walk: Walk, step: str) -> PreparedPrompt | None:
        """What to say first when this step has just failed: the check's own reason, else by attempt."""
        last, reason = walk.state.last, walk.reason
        walk.reason = None
        counts = walk.frame.failures.get(step)
        if counts is None or last.path != walk.state.path:
            return None
        if reason is not None:
            return reason
        kind = FAILURES[1] if last.how == REFUSED else last.how
        if kind not in FAILURES:
            return None
        return self.failures[FAILURES.index(kind)].said(counts[FAILURES.index(kind)])

    async def settle(self, walk: Walk) -> None:
        """Before the prompt: forget keys pressed ahead where the flow says so, and after a failure."""
        last = walk.state.last
        if self.flush or (last.how in (FAILURES[1], REFUSED) and last.path == walk.state.path):
            walk.ahead = ""
            await walk.line.flush()


class Keypad:
    """A set of keys to be told apart, waiting between digits only where more could follow."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = frozenset(keys)
        # where no key has it, '#' ends the input: pressed alone it is no choice, after a key it says "done"
        self.terminator = "" if any("#" in key for key in self.keys) else "#"
        self.missing: dict[str, int] = {}
        """How many digits are still needed at least, after each possible beginning."""
        for key in self.keys:
            for length in range(len(key)):
                start, rest = key[:length], len(key) - length
                self.missing[start] = min(rest, self.missing.get(start, rest))

    async def hear(self, walk: Walk, sounds: Iterable[Sound], ears: Ears, *, private: bool = False) -> Heard:
        """Play, and listen until the keys are one of ours beyond doubt, or cannot become one."""
        typed = walk.take_ahead()
        pause, patience = ears.first_digit, walk.patience
        playing = [] if typed else list(sounds)
        ended = KeyedEnd.FULL
        while ended is KeyedEnd.FULL and typed in self.missing:
            keyed = await walk.line.collect(
                playing,
                max_digits=self.missing[typed],
                first_digit=(ears.between_digits if typed else pause) * patience,
                between_digits=ears.between_digits * patience,
                terminator=self.terminator,
                barge_in=ears.barge_in if playing else ANY_KEY,
                private=private,
            )
            typed, ended, playing = typed + keyed.digits, keyed.ended, []
        if typed or ended is KeyedEnd.TERMINATOR:
            walk.idle = 0
        return Heard(typed, ended)


def global_keys(flow: Flow, taken: Iterable[str]) -> dict[str, str]:
    """The flow's global keys that the step leaves free: what each does, by key."""
    used = set(taken)
    found = {key: name for name in GLOBALS if (key := getattr(flow.keys, name))}
    return {key: name for key, name in found.items() if key not in used}


def go_globally(walk: Walk, step: str, what: str, keys: str) -> Leave:
    """Follow a global key. Without a place to go it repeats the step; none of them costs a try."""
    frames = walk.state.frames
    walk.ahead = ""
    if what == "back":
        return Leave(what, _back(walk, step), keys)
    if what == "top":
        depth = next((place for place, frame in enumerate(frames) if frame.menus), None)
        if depth is not None:
            walk.leave_flow(depth + 1)
            return Leave(what, walk.frame.menus[0], keys)
    if what == "operator":
        for place in range(len(frames) - 1, -1, -1):
            flow = frames[place].flow
            if flow is not None and flow.operator:
                walk.leave_flow(place + 1)
                return Leave(what, flow.operator, keys)
    return Leave(what, step, keys)


def _back(walk: Walk, step: str) -> str:
    """The menu before this step: of this flow, else of those that run it."""
    frames = walk.state.frames
    for place in range(len(frames) - 1, -1, -1):
        menus = frames[place].menus
        here = place == len(frames) - 1 and bool(menus) and menus[-1] == step
        earlier = menus[:-1] if here else menus
        if earlier:
            walk.leave_flow(place + 1)
            return earlier[-1]
    return step


def prepare_ears(model: Listening, flow: Flow, prompt: PromptMaker) -> Ears:
    """Read how a step listens."""
    barge = {"any": ANY_KEY, "off": ""}.get(model.barge_in, model.barge_in)
    return Ears(
        first_digit=model.first_digit or flow.timing.first_digit,
        between_digits=model.between_digits or flow.timing.between_digits,
        barge_in=barge,
        flush=model.type_ahead == "flush",
        failures=(
            _ways(model.no_input, flow, prompt, FAILURES[0]),
            _ways(model.no_match, flow, prompt, FAILURES[1]),
        ),
    )


def _ways(failure: Failure, flow: Flow, prompt: PromptMaker, kind: str) -> Ways:
    says = tuple(prompt(texts, f"{kind}.{place}") for place, texts in enumerate(failure.says, 1))
    return Ways(says, failure.tries, failure.to or flow.give_up)
