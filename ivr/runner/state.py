"""Where a call stands in its flow, and coming back to it: the state is folded from the trace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from calls import TraceStep
from values import Scalar

if TYPE_CHECKING:
    from ivr.runner.prepared import PreparedFlow

SEPARATOR = ">"
START = "start"
"""The kind of a trace's first record: what the call began with. Its path is ''."""

EDITION = "$edition"
SLOW = "slow"
LANGUAGE = "language"
FAILURES = ("no_input", "no_match")
AGAIN = "again"
"""An answer that passed, but was not what the caller meant."""
REFUSED = "refused"
"""How a private answer that did not fit is written; it counts as a `no_match`."""


@dataclass(slots=True)
class Frame:
    """A flow in progress. The last one is where the caller is; those before it wait for it to end."""

    flow_name: str
    version: str
    prefix: str = ""
    """`identify>` for the flow that the step `identify` runs; '' for the first."""
    variables: dict[str, Scalar] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    """Names of variables that go nowhere but to actions."""
    menus: list[str] = field(default_factory=list)
    """Menus on the way here, the latest last."""
    heard: dict[str, int] = field(default_factory=dict)
    """How often each menu's and question's prompt was said."""
    failures: dict[str, list[int]] = field(default_factory=dict)
    """[no_input, no_match] since the last success, by step."""
    flow: "PreparedFlow | None" = None
    """Bound when the call goes on."""

    def enter_menu(self, step: str) -> None:
        """Remember the way; returning to an earlier menu forgets what came after it."""
        if step in self.menus:
            del self.menus[self.menus.index(step) + 1 :]
        else:
            self.menus.append(step)


class Last(NamedTuple):
    """The step just left."""

    path: str = ""
    how: str = ""


_NOWHERE = Last()


@dataclass(slots=True)
class RunState:
    """All a call needs to go on. Kept in memory it is whole; folded from a trace it lacks private values."""

    frames: list[Frame]
    step: str
    """The step to go on with, in the last frame."""
    edition: int | None = None
    language: str = ""
    slow: bool = False
    seq: int = 0
    last: Last = _NOWHERE

    @property
    def path(self) -> str:
        """Where the call stands: `identify>ask_number`."""
        return self.frames[-1].prefix + self.step


def resume(records: Iterable[TraceStep]) -> RunState:
    """Fold a call's trace into the state it left. Raises `ValueError` for a trace without its beginning.

    Records come in any order. Each one's `next_path` tells where the call went on, and its `values` belong
    to the flow it went on in. A step that a hang-up cut short is begun again.
    """
    ordered = sorted(records, key=lambda record: record.seq)
    if not ordered or ordered[0].kind != START:
        raise ValueError("this trace does not begin with its start record; begin the flow anew")
    first = ordered[0]
    state = RunState([Frame(first.flow, first.version)], first.next_path)
    for record in ordered:
        _fold(state, record)
    return state


def _fold(state: RunState, record: TraceStep) -> None:
    if (
        record.path and record.path != state.path
    ):  # the call was taken elsewhere: it came back at a named step
        _move(state, record.path)
    left = state.frames[-1]
    name = record.path.rpartition(SEPARATOR)[2]
    if record.kind == "menu":
        left.enter_menu(name)
    if record.kind in ("menu", "ask", "rate"):
        left.heard[name] = left.heard.get(name, 0) + 1
        count_failure(left, name, record.how, stays=record.next_path in ("", record.path))
    if record.next_path:
        left.flow_name, left.version = record.flow, record.version
        _move(state, record.next_path)
    if record.kind != "end" or record.next_path:  # the outcome of the whole call is no variable
        keep(state, record.values)
    if record.kind in (START, "language"):
        change_language(state, str(record.values.get(LANGUAGE, state.language)))
    state.seq = record.seq + 1
    state.last = Last(record.path, record.how)


def count_failure(frame: Frame, step: str, how: str, *, stays: bool) -> None:
    """Count a failure at a step that keeps the caller; success, or leading on, starts the counting anew."""
    how = FAILURES[1] if how == REFUSED else how
    if stays and how in FAILURES:
        frame.failures.setdefault(step, [0, 0])[FAILURES.index(how)] += 1
    elif not stays or how == AGAIN:
        frame.failures.pop(step, None)


def change_language(state: RunState, language: str) -> None:
    """Speak another language from here on; what was said in the old one counts as not heard."""
    if language != state.language:
        for frame in state.frames:
            frame.heard.clear()
    state.language = language


def keep(state: RunState, values: Mapping[str, Scalar]) -> None:
    """Take over recorded values into the flow in progress."""
    frame = state.frames[-1]
    for name, value in values.items():
        if name == EDITION:
            state.edition = value if isinstance(value, int) else None
            continue
        frame.variables[name] = value
        if name == SLOW:
            state.slow = bool(value)


def _move(state: RunState, path: str) -> None:
    *outer, state.step = path.split(SEPARATOR)
    depth = len(outer) + 1
    del state.frames[depth:]
    while len(state.frames) < depth:
        above = state.frames[-1]
        state.frames.append(Frame("", "", above.prefix + outer[len(state.frames) - 1] + SEPARATOR))


def shown(variables: Mapping[str, Scalar], private: Iterable[str]) -> Mapping[str, Scalar]:
    """The variables that may be seen."""
    hidden = [name for name in private if name in variables]
    return {name: value for name, value in variables.items() if name not in hidden} if hidden else variables
