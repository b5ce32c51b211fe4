"""Walking calls through flows: one `Runner` for all calls, a `RunState` for each."""

from ivr.runner.editions import Edition, Shelf, UnknownFlowError
from ivr.runner.entry import UnknownStepError
from ivr.runner.ports import Library, NoTrace, TraceSink, Voice
from ivr.runner.prepared import PreparedFlow, prepare
from ivr.runner.runner import RunEnd, Runner, RunResult
from ivr.runner.state import RunState, resume
from ivr.runner.walk import RunStart

__all__ = [
    "Edition",
    "Library",
    "NoTrace",
    "PreparedFlow",
    "RunEnd",
    "RunResult",
    "RunStart",
    "RunState",
    "Runner",
    "Shelf",
    "TraceSink",
    "UnknownFlowError",
    "UnknownStepError",
    "Voice",
    "prepare",
    "resume",
]
