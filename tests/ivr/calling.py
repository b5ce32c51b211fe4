"""One call through a flow written in the test, on virtual time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from ivr.language.model import Flow
from ivr.player import TextVoice
from ivr.runner import Runner, RunResult, RunStart, RunState, Shelf
from ivr.testing import MemoryTrace, SampleActions, ScriptedConversation
from values import CallId, Scalar
from values.testing import VirtualClock, virtual_time

HEAD = {"flow": "try.it", "title": "A try", "languages": ["en"], "start": "first", "give_up": "gave_up"}


def flow_of(steps: str, **head: Any) -> Flow:
    """A flow out of its steps; `gave_up`, `served` and `missed` are ends that are always there."""
    ends = {name: {"end": name} for name in ("gave_up", "served", "missed")}
    return Flow.model_validate({**HEAD, **head, "steps": {**ends, **yaml.safe_load(steps)}})


@dataclass
class Call:
    result: RunResult
    line: ScriptedConversation
    trace: MemoryTrace
    actions: SampleActions
    seconds: float

    @property
    def said(self) -> list[str]:
        return self.line.said

    @property
    def walked(self) -> list[tuple[str, str]]:
        return self.trace.walked


def call(
    flow: Flow,
    *script: str,
    flows: Sequence[Flow] = (),
    variables: Mapping[str, Scalar] | None = None,
    answers: Mapping[str, Any] | None = None,
    actions: SampleActions | None = None,
    line: ScriptedConversation | None = None,
    voice: Any = None,
    clock: VirtualClock | None = None,
    state: RunState | None = None,
    at_step: str = "",
    **start: Any,
) -> Call:
    """Call, follow the script, then stay silent until the flow is over."""
    clock = clock or VirtualClock()
    line = line or ScriptedConversation(script, patient=True, clock=clock)
    actions = actions or SampleActions([flow, *flows], answers)
    trace = MemoryTrace()
    runner = Runner(Shelf([flow, *flows]), actions, voice or TextVoice(), clock)

    async def main() -> tuple[RunResult, float]:
        begun = RunStart(CallId("c1"), flow.flow, variables=variables or {}, **start)
        began = clock.monotonic()
        result = await runner.run(line, begun, trace, state=state, at_step=at_step)
        return result, clock.monotonic() - began

    result, seconds = virtual_time(main())
    return Call(result, line, trace, actions, seconds)
