"""A call that was through one flow goes on with another: one trace, and a way back into the second."""

import pytest

from ivr.player import TextVoice
from ivr.runner import RunEnd, Runner, RunResult, RunStart, RunState, Shelf, resume
from ivr.testing import MemoryTrace, SampleActions, ScriptedConversation
from tests.ivr.calling import flow_of
from values import CallId
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit

FIRST = flow_of('first: {menu: {greeting: {en: Go on.}, choices: {"1": served}}}')
SECOND = flow_of(
    """
first: {say: {en: "For {plan}."}, next: main}
main: {menu: {greeting: {en: Long.}, short: {en: Short.}, choices: {"2": served}}}
""",
    flow="try.second",
    inputs={"plan": {}},
)
CALL = CallId("c1")


def run(
    line: ScriptedConversation,
    start: RunStart,
    trace: MemoryTrace,
    state: RunState | None = None,
    seq: int = 0,
) -> RunResult:
    runner = Runner(Shelf([FIRST, SECOND]), SampleActions([FIRST, SECOND]), TextVoice(), VirtualClock())
    return virtual_time(runner.run(line, start, trace, state=state, first_seq=seq))


def test_the_second_flow_goes_on_numbering_and_is_found_again_by_the_trace() -> None:
    trace = MemoryTrace()
    begun = RunStart(CALL, "try.it", variables={})
    first = run(ScriptedConversation(["1"]), begun, trace)
    own = RunStart(CALL, "try.second", variables={"plan": "fibre"})
    second = run(ScriptedConversation([]), own, trace, seq=first.state.seq)
    assert second.how is RunEnd.HANGUP
    assert [step.seq for step in trace.steps] == list(range(len(trace.steps)))
    state = resume(trace.steps)
    assert (state.path, state.frames[0].flow_name, len(state.frames)) == ("main", "try.second", 1)
    assert state.frames[0].variables["plan"] == "fibre"
    line = ScriptedConversation(["2"])
    after = run(line, begun, MemoryTrace(), state=state)
    assert (after.outcome, line.said) == ("served", ["Short."])
