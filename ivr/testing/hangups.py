"""Hanging up at every step of a flow, to see that nothing is lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from calls import TraceStep
from ivr.actions import Actions
from ivr.language.model import AskStep, Flow, MenuStep, RateStep
from ivr.player.samples import sample_digits, sample_variables
from ivr.player.trace import MemoryTrace
from ivr.player.voice import TextVoice
from ivr.runner import RunEnd, Runner, RunStart, Shelf, resume
from ivr.testing.conversation import SILENCE, ScriptedConversation
from ivr.testing.sample_actions import SampleActions
from values import CallId, Clock, Scalar

if TYPE_CHECKING:
    from ivr.runner import Voice

WRONG = "99"


@dataclass(frozen=True, slots=True)
class HangupWalk:
    """One hang-up: in which step, at which command to the line, and what was written."""

    step: str
    command: int
    records: tuple[TraceStep, ...]


async def walk_hangups(
    flow: Flow,
    *,
    clock: Clock,
    flows: Iterable[Flow] = (),
    actions: Actions | None = None,
    voice: "Voice | None" = None,
    variables: Mapping[str, Scalar] | None = None,
    language: str = "",
) -> list[HangupWalk]:
    """Begin at each step, answer it each way, and hang up at its first, second, … command.

    `flows` are those it runs; `actions`, `voice` and `variables` are samples unless given. Raises
    `AssertionError`, naming step and command, where the records are not whole or the call cannot go on.
    """
    everything = [flow, *flows]
    runner = Runner(Shelf(everything), actions or SampleActions(everything), voice or TextVoice(), clock)
    values = {**sample_variables(flow), **(variables or {})}
    walks = []
    for step in flow.steps:
        for script in _scripts(flow, step):
            for command in count(1):
                line = ScriptedConversation(script=script, patient=True, hang_up_at=command)
                trace = MemoryTrace()
                start = RunStart(
                    CallId(f"hangup-{step}-{command}"), flow.flow, variables=values, language=language
                )
                result = await runner.run(line, start, trace, at_step=step)
                if result.how is not RunEnd.HANGUP or trace.came[-1][0].split(">")[0] != step:
                    break
                _prove(flow, step, command, trace)
                walks.append(HangupWalk(step, command, tuple(trace.steps)))
    return walks


def _scripts(flow: Flow, name: str) -> Sequence[Sequence[str]]:
    """Ways to answer a step."""
    step = flow.steps[name]
    if isinstance(step, MenuStep):
        keys = [*step.menu.choices, *_globals(flow)]
        return [[key] for key in keys] + [[WRONG], [SILENCE]]
    if isinstance(step, RateStep):
        marks = [str(mark) for mark in step.rate.marks]
        return [[mark] for mark in marks] + [[f"{marks[0]}#"], ["*"], [SILENCE]]
    if isinstance(step, AskStep):
        digits = sample_digits(step.ask) + step.ask.terminator
        return [
            [digits, "2", digits, "1"],
            [digits, SILENCE],
            [WRONG * 20],
            [SILENCE],
            *([key] for key in _globals(flow)),
        ]
    return [["2", "1"]]


def _globals(flow: Flow) -> list[str]:
    keys = (flow.keys.repeat, flow.keys.back, flow.keys.top, flow.keys.operator)
    return [key for key in keys if key]


def _prove(flow: Flow, step: str, command: int, trace: MemoryTrace) -> None:
    where = f"{flow.flow}: hang-up in step {step!r} at command {command}"
    steps = trace.steps
    if [record.seq for record in steps] != list(range(len(steps))):
        raise AssertionError(f"{where}: the records are not numbered in order")
    if [record.path for record in steps[1:]] != [path for path, _ in trace.came]:
        raise AssertionError(f"{where}: a step was entered and not written, or written twice")
    if steps[-1].how != RunEnd.HANGUP:
        raise AssertionError(f"{where}: the last record says {steps[-1].how!r}")
    if resume(steps).path != steps[-1].path:
        raise AssertionError(f"{where}: the call could not be taken up where it stood")
