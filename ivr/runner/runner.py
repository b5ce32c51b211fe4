"""Walking a call through its flow, step by step, to its end or the caller's hang-up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog

from calls import RecordingMade, TraceStep
from ivr.runner.entry import begin, bind, go_to
from ivr.runner.gone import take_leave
from ivr.runner.mishaps import told
from ivr.runner.reached import count_reached
from ivr.runner.state import EDITION, LANGUAGE, SLOW, START, Frame, Last, RunState, shown
from ivr.runner.walk import Leave, RunStart, Tools, Walk
from values import Clock, HangupError, Scalar

if TYPE_CHECKING:
    from ivr.actions import Actions
    from ivr.ports import Conversation
    from ivr.runner.ports import Library, TraceSink, Voice

log = structlog.get_logger(__name__)

IDLE_STEPS = 100
"""So many steps without a key, a word or a talk, and the flow is taken to go round for ever."""

RECORDINGS_KEPT_DAYS = 90


class RunEnd(StrEnum):
    """Why the walk is over."""

    DONE = "done"
    """The flow reached its end."""
    HANGUP = "hangup"
    """The caller hung up, or the call was taken elsewhere and may come back."""
    LOOP = "loop"
    """The flow went round without the caller doing anything."""
    ERROR = "error"
    """A step failed in a way no flow can help: no voice, no sub-flow. Somebody else should take the call."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a call fared in its flow."""

    how: RunEnd
    outcome: str
    """The `end` that was reached, '' when none was. Last words that are not listened to do not undo it."""
    goal: bool
    variables: Mapping[str, Scalar]
    """Of the call's own flow, without private ones."""
    path: str
    """The last step."""
    state: RunState
    """Where it stands; hand it to `run` again when the call comes back."""


class Runner:
    """Runs calls through flows. One for all calls of a process; it keeps nothing about any of them."""

    def __init__(
        self,
        library: "Library",
        actions: "Actions",
        voice: "Voice",
        clock: Clock,
        *,
        recorded: Callable[[RecordingMade], None] = lambda _: None,
        recordings_kept_days: int = RECORDINGS_KEPT_DAYS,
    ) -> None:
        """`recorded` is told of every recording, at once and without waiting; `calls.Journal` can be."""
        self._library = library
        self._tools = Tools(voice, actions, clock, recorded, recordings_kept_days)

    async def run(
        self,
        conversation: "Conversation",
        start: RunStart,
        trace: "TraceSink",
        *,
        state: RunState | None = None,
        at_step: str = "",
        first_seq: int = 0,
    ) -> RunResult:
        """Walk a call from the beginning, or from `state`, to the end; never hangs up by itself.

        `at_step` begins elsewhere: a step of the flow in progress or of one that runs it. A call that is
        continued keeps its version and edition; variables of `start` fill in what its trace could not hold.
        A call that has been through one flow and begins another goes on numbering its steps at `first_seq`.
        Raises `UnknownFlowError` or `UnknownStepError` before anything is said; a hang-up is a result.
        """
        if state is None:
            edition = self._library.edition()
            state = begin(start, edition)
            state.seq = first_seq
            fresh = True
        else:
            edition = self._library.edition(state.edition)
            bind(state, edition, start)
            fresh = False
        if at_step:
            go_to(state, at_step)
        walk = Walk(self._tools, conversation, start, state, edition=edition, trace=trace)
        if fresh:
            self._write_start(walk)
        return await self._walk(walk)

    def _write_start(self, walk: Walk) -> None:
        frame, now = walk.frame, walk.now()
        frame.variables[LANGUAGE] = walk.language
        if walk.state.slow:
            frame.variables[SLOW] = True
        walk.changed = {**shown(frame.variables, frame.private), EDITION: walk.edition.number}
        self._write(walk, frame, ("", START), (now, now), Leave(START, walk.state.step))

    async def _walk(self, walk: Walk) -> RunResult:
        state, now = walk.state, self._tools.clock.now
        left, ready = now(), False
        while True:
            frame = state.frames[-1]
            step = walk.flow.steps[state.step]
            path, entered = frame.prefix + step.name, left
            walk.changed = {}
            walk.idle += 1
            walk.trace.entered(path, step.kind, entered)
            end = RunEnd.DONE
            try:
                if not ready:
                    await walk.line.answer()
                    await walk.line.set_language(walk.language)
                    ready = True
                leave = await step.walk(walk)
            except HangupError:
                leave, end = Leave(RunEnd.HANGUP.value), RunEnd.HANGUP
                count_reached(walk)
            except Exception as problem:  # noqa: BLE001  (the caller must not hear silence: another takes the call)
                words = told(problem, private=bool(frame.private))
                log.error(  # noqa: TRY400  (not with the error itself, see `told`)
                    "flow.step_failed", call=walk.start.call_id, flow=frame.flow_name, step=path, **words
                )
                leave, end = Leave(RunEnd.ERROR.value), RunEnd.ERROR
            if walk.idle > IDLE_STEPS and leave.to:
                log.error("flow.loop", call=walk.start.call_id, flow=frame.flow_name, step=path)
                leave, end = Leave(RunEnd.LOOP.value, "", leave.keys), RunEnd.LOOP
            left = now()
            self._write(walk, frame, (path, step.kind), (entered, left), leave)
            if end is RunEnd.HANGUP:
                await take_leave(walk)
            if not leave.to:
                return _result(walk, end, path)
            state.step = leave.to

    @staticmethod
    def _write(
        walk: Walk, frame: Frame, place: tuple[str, str], times: tuple[datetime, datetime], leave: Leave
    ) -> None:
        state, (path, kind) = walk.state, place
        walk.trace.left(
            TraceStep(
                call_id=walk.start.call_id,
                seq=state.seq,
                path=path,
                flow=frame.flow_name,
                version=frame.version,
                kind=kind,
                entered=times[0],
                left=times[1],
                how=leave.how,
                keys=leave.keys,
                next_path=state.frames[-1].prefix + leave.to if leave.to else "",
                values=walk.changed,
            )
        )
        state.seq += 1
        state.last = Last(path, leave.how)


def _result(walk: Walk, end: RunEnd, path: str) -> RunResult:
    first = walk.state.frames[0]
    outcome, goal = walk.outcome or ("", False)
    return RunResult(end, outcome, goal, dict(shown(first.variables, first.private)), path, walk.state)
