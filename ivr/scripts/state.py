"""Where an agent stands in a script: plain data, so that a reload or a crash loses nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from values import BadInputError, Scalar, from_json, to_json

SEPARATOR = ">"
MOST_STOPS = 100
"""So many pages can be gone back."""


@dataclass(slots=True)
class Frame:
    """A script in progress; the last one is where the agent is, those before it wait for it to end."""

    flow: str
    version: str
    step: str
    """The step it stands at."""
    variables: dict[str, Scalar] = field(default_factory=dict)

    def copy(self) -> "Frame":
        """The same, to be changed apart."""
        return Frame(self.flow, self.version, self.step, dict(self.variables))


@dataclass(slots=True)
class Stop:
    """How things stood when a page was opened."""

    frames: list[Frame]
    kept: dict[str, Scalar]

    @property
    def path(self) -> str:
        """The page: `objections>price`."""
        return path_of(self.frames)


@dataclass(slots=True)
class ScriptState:
    """All that a run needs to go on."""

    edition: int
    """What was published when it began; sub-scripts come from it too."""
    frames: list[Frame]
    language: str
    """What the customer speaks."""
    turn: int = 0
    """Goes up with each page left, so that a stale page is told from the present one."""
    kept: dict[str, Scalar] = field(default_factory=dict)
    """All that was filled in and set, by name; of a sub-script behind the step that runs it."""
    stops: list[Stop] = field(default_factory=list)
    """The pages on the way here, the latest last."""
    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was typed, as it was typed, by page."""
    chosen: dict[str, str] = field(default_factory=dict)
    """The answer last given, by page; '' for going on."""
    outcome: str = ""
    goal: bool = False

    @property
    def path(self) -> str:
        """The step it stands at."""
        return path_of(self.frames)

    @property
    def prefix(self) -> str:
        """What names of the script in progress begin with in `kept`."""
        return "".join(frame.step + SEPARATOR for frame in self.frames[:-1])

    def stop(self) -> Stop:
        """How things stand, to be come back to."""
        return Stop([frame.copy() for frame in self.frames], dict(self.kept))

    def remember(self, stop: Stop) -> None:
        """Add a page to the way."""
        self.stops = [*self.stops, stop][-MOST_STOPS:]

    def go_back_to(self, stop: Stop) -> None:
        """Let things stand as they stood."""
        self.frames = [frame.copy() for frame in stop.frames]
        self.kept = dict(stop.kept)


def path_of(frames: Sequence[Frame]) -> str:
    """A place in scripts that run each other: `objections>price`."""
    return SEPARATOR.join(frame.step for frame in frames)


def state_to_json(state: ScriptState) -> dict[str, Any]:
    """As JSON can hold it."""
    return {
        "edition": state.edition,
        "frames": [_frame_to_json(frame) for frame in state.frames],
        "language": state.language,
        "turn": state.turn,
        "kept": _values_to_json(state.kept),
        "stops": [
            {"frames": [_frame_to_json(frame) for frame in stop.frames], "kept": _values_to_json(stop.kept)}
            for stop in state.stops
        ],
        "typed": state.typed,
        "chosen": state.chosen,
        "outcome": state.outcome,
        "goal": state.goal,
    }


def state_from_json(plain: Mapping[str, Any]) -> ScriptState:
    """Read back what `state_to_json` wrote. Raises `BadInputError` for anything else."""
    try:
        return ScriptState(
            edition=plain["edition"],
            frames=[_frame(frame) for frame in plain["frames"]],
            language=plain["language"],
            turn=plain["turn"],
            kept=_values(plain["kept"]),
            stops=[
                Stop([_frame(frame) for frame in stop["frames"]], _values(stop["kept"]))
                for stop in plain["stops"]
            ],
            typed={page: dict(typed) for page, typed in plain["typed"].items()},
            chosen=dict(plain["chosen"]),
            outcome=plain["outcome"],
            goal=plain["goal"],
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise BadInputError(f"this is no state of a script: {problem!r}") from None


def _frame_to_json(frame: Frame) -> dict[str, Any]:
    return {
        "flow": frame.flow,
        "version": frame.version,
        "step": frame.step,
        "variables": _values_to_json(frame.variables),
    }


def _frame(plain: Mapping[str, Any]) -> Frame:
    return Frame(plain["flow"], plain["version"], plain["step"], _values(plain["variables"]))


def _values_to_json(values: Mapping[str, Scalar]) -> dict[str, object]:
    return {name: to_json(value) for name, value in values.items()}


def _values(plain: Mapping[str, object]) -> dict[str, Scalar]:
    return {name: from_json(value) for name, value in plain.items()}
