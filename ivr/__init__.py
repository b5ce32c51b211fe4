"""What is said and asked: call flows, their checker and runner, prompts and speech. Floor 3.

`Runner` walks calls through flows, `FlowLibrary` hands out the published ones, `FlowStore` publishes and
rolls back, `Actions` is what the business offers to flows. The language is in `ivr.language`, the voice in
`ivr.speech`, the text player in `ivr.player`, scenarios in `ivr.scenarios`, doubles in `ivr.testing`.
"""

from ivr.actions import Action, ActionContext, Actions, UnknownActionError
from ivr.ports import Conversation
from ivr.runner import (
    Edition,
    Library,
    NoTrace,
    PreparedFlow,
    RunEnd,
    Runner,
    RunResult,
    RunStart,
    RunState,
    Shelf,
    TraceSink,
    UnknownFlowError,
    UnknownStepError,
    Voice,
    prepare,
    resume,
)
from ivr.versions import FlowDifference, FlowLibrary, FlowStore, Publication, Published, difference

__all__ = [
    "Action",
    "ActionContext",
    "Actions",
    "Conversation",
    "Edition",
    "FlowDifference",
    "FlowLibrary",
    "FlowStore",
    "Library",
    "NoTrace",
    "PreparedFlow",
    "Publication",
    "Published",
    "RunEnd",
    "RunResult",
    "RunStart",
    "RunState",
    "Runner",
    "Shelf",
    "TraceSink",
    "UnknownActionError",
    "UnknownFlowError",
    "UnknownStepError",
    "Voice",
    "difference",
    "prepare",
    "resume",
]
