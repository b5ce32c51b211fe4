"""Steps that ask nothing: saying, choosing, setting, languages, hours, marks, sub-flows and the end."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.language.expressions import Expression
from ivr.runner.hours import OpeningHours
from ivr.runner.literals import Literal
from ivr.runner.state import LANGUAGE, change_language
from ivr.runner.walk import Leave, PreparedPrompt, Walk
from values import HangupError, Scalar

DONE = "done"
OUTCOME = "outcome"
"""A sub-flow's outcome, which `into` may bring back under this name."""


@dataclass(frozen=True, slots=True)
class SayStep:
    """Say something. A key that interrupts counts for the next menu or question."""

    name: str
    next: str
    prompt: PreparedPrompt
    barge_in: str
    kind: str = "say"

    async def walk(self, walk: Walk) -> Leave:
        """Play it."""
        key = await walk.line.play(await walk.sounds(self.prompt), keys=self.barge_in)
        if key:
            walk.ahead += key
            walk.idle = 0
        return Leave("key" if key else DONE, self.next)


@dataclass(frozen=True, slots=True)
class ChooseStep:
    """Take the first branch whose condition holds."""

    name: str
    cases: tuple[tuple[Expression, str], ...]
    otherwise: str
    kind: str = "choose"

    async def walk(self, walk: Walk) -> Leave:
        """Decide."""
        variables = walk.frame.variables
        for condition, to in self.cases:
            if condition.evaluate(variables):
                return Leave(DONE, to)
        return Leave("otherwise", self.otherwise)


@dataclass(frozen=True, slots=True)
class SetStep:
    """Keep values."""

    name: str
    next: str
    kept: tuple[tuple[str, Literal], ...]
    kind: str = "set"

    async def walk(self, walk: Walk) -> Leave:
        """All are worked out before any is set."""
        variables = walk.frame.variables
        found = [
            (name, literal.resolve(variables), walk.private(literal.names)) for name, literal in self.kept
        ]
        for name, value, private in found:
            walk.keep(name, value, private=private)
        return Leave(DONE, self.next)


@dataclass(frozen=True, slots=True)
class LanguageStep:
    """Speak another language."""

    name: str
    next: str
    language: Literal
    kind: str = "language"

    async def walk(self, walk: Walk) -> Leave:
        """Change over, also for sounds of the switch; a language the flow lacks becomes its first."""
        wanted = self.language.resolve(walk.frame.variables)
        languages = walk.flow.languages
        spoken = wanted if isinstance(wanted, str) and wanted in languages else languages[0]
        walk.keep(LANGUAGE, spoken)
        change_language(walk.state, spoken)
        walk.speak()
        await walk.line.set_language(spoken)
        return Leave(DONE if spoken == wanted else "fallback", self.next)


@dataclass(frozen=True, slots=True)
class HoursStep:
    """Branch on opening hours."""

    name: str
    hours: OpeningHours
    opened: str
    closed: str
    kind: str = "hours"

    async def walk(self, walk: Walk) -> Leave:
        """Look at the clock."""
        is_open = self.hours.open_at(walk.now())
        return Leave("open" if is_open else "closed", self.opened if is_open else self.closed)


@dataclass(frozen=True, slots=True)
class MarkStep:
    """Write values on the line."""

    name: str
    next: str
    marks: tuple[tuple[str, Literal], ...]
    kind: str = "mark"

    async def walk(self, walk: Walk) -> Leave:
        """Write them; a private value is left out, since marks end in Asterisk's files."""
        variables = walk.frame.variables
        for name, literal in self.marks:
            if not walk.private(literal.names):
                value = literal.resolve(variables)
                await walk.line.mark(name, "" if value is None else str(value))
        return Leave(DONE, self.next)


@dataclass(frozen=True, slots=True)
class RunStep:
    """Run another flow. This step is left when the other flow is entered; its end comes back to `next`."""

    name: str
    next: str
    run: str
    given: tuple[tuple[str, Literal], ...]
    into: Mapping[str, str]
    kind: str = "run"

    async def walk(self, walk: Walk) -> Leave:
        """Begin the sub-flow, out of the edition the call began with."""
        flow = walk.edition.flow(self.run)
        above = walk.frame
        handed: list[tuple[str, Scalar, bool]] = [
            (name, literal.resolve(above.variables), walk.private(literal.names))
            for name, literal in self.given
        ]
        walk.enter(self.name, flow)
        for name, value, private in handed:
            walk.keep(name, value, private=private)
        return Leave("run", flow.start)


@dataclass(frozen=True, slots=True)
class EndStep:
    """The end of a flow: of the call, or back to the flow that ran this one."""

    name: str
    outcome: str
    say: PreparedPrompt | None
    goal: bool
    kind: str = "end"

    async def walk(self, walk: Walk) -> Leave:
        """Say the last words. The outcome counts from here on, also when they are not listened to."""
        frames = walk.state.frames
        if len(frames) == 1:
            walk.outcome = (self.outcome, self.goal)
        if self.say is not None:
            try:
                await walk.line.play(await walk.sounds(self.say))
            except HangupError:
                walk.changed = {OUTCOME: self.outcome} if len(frames) == 1 else {}
                raise
        if len(frames) == 1:
            walk.changed = {OUTCOME: self.outcome}
            return Leave(DONE)
        return self._return(walk)

    def _return(self, walk: Walk) -> Leave:
        below = walk.frame
        above = walk.state.frames[-2]
        step = above.flow.steps[below.prefix.split(">")[-2]] if above.flow is not None else None
        assert isinstance(step, RunStep)  # noqa: S101  (only such a step begins a flow)
        brought = [
            (ours, self.outcome if its == OUTCOME else below.variables.get(its), its in below.private)
            for its, ours in step.into.items()
        ]
        walk.leave_flow(len(walk.state.frames) - 1)
        for name, value, private in brought:
            walk.keep(name, value, private=private)
        return Leave(DONE, step.next)
