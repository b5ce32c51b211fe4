"""Walking a flow at a console."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivr.actions import Actions
from ivr.language.model import Flow
from ivr.player.answers import Telling, ToldActions
from ivr.player.console import Console, ConsoleConversation, ConsoleTrace, Speaker
from ivr.player.samples import sample_variables
from ivr.runner import RunEnd, Runner, RunResult, RunStart, Shelf
from ivr.speech import WordedVoice
from values import CallId, Clock, Scalar

if TYPE_CHECKING:
    from ivr.runner import Voice

CALL = CallId("player")


@dataclass(frozen=True, slots=True)
class Playing:
    """How a flow is played."""

    flow: Flow
    others: Sequence[Flow] = ()
    """Flows it may run."""
    language: str = ""
    slow: bool = False
    caller: str = ""
    variables: Mapping[str, Scalar] = field(default_factory=dict)
    """In place of the inputs' samples."""
    told: Mapping[str, str] = field(default_factory=dict)
    """Action results by `action.result`."""
    faces: Actions | None = None
    """The real actions, for the names of their results."""
    actions: Actions | None = None
    """The real actions, to be done; then nothing is asked or told."""
    voice: "Voice | None" = None
    """One that writes what would be heard, when left out."""
    speaker: Speaker | None = None


async def play(playing: Playing, console: Console, clock: Clock) -> RunResult:
    """Walk the flow with whoever is at the console, and tell how it ended."""
    flows = [playing.flow, *playing.others]
    telling = Telling(playing.told, console.ask, console.note)
    actions = playing.actions or ToldActions(flows, telling, playing.faces)
    runner = Runner(Shelf(flows), actions, playing.voice or WordedVoice(clock), clock)
    start = RunStart(
        CALL,
        playing.flow.flow,
        variables={**sample_variables(playing.flow), **playing.variables},
        language=playing.language,
        slow=playing.slow,
        caller=playing.caller,
    )
    line = ConsoleConversation(console, speaker=playing.speaker)
    result = await runner.run(line, start, ConsoleTrace(console))
    console.note(_ending(result))
    return result


def _ending(result: RunResult) -> str:
    goal = ", the goal" if result.goal else ""
    match result.how:
        case RunEnd.DONE:
            return f"end: {result.outcome}{goal}"
        case RunEnd.HANGUP:
            reached = f" after {result.outcome}{goal}" if result.outcome else ""
            return f"hung up at {result.path}{reached}"
        case RunEnd.LOOP:
            return f"stopped: the flow goes round for ever, here at {result.path}"
    return f"failed at {result.path}"
