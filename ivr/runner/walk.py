"""A call on its way through a flow: what every step is given to work with."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

import structlog

from calls import RecordingMade
from ivr.actions import ActionContext, Actions
from ivr.ports import Conversation
from ivr.runner.state import SLOW, Frame, RunState, shown
from values import CallId, Clock, Scalar, Sound

if TYPE_CHECKING:
    from ivr.language.basics import Prompt
    from ivr.runner.editions import Edition
    from ivr.runner.ports import TraceSink, Voice
    from ivr.runner.prepared import PreparedFlow

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""How much longer the flow waits for customers marked slow."""


class Leave(NamedTuple):
    """A step is left: why, to which step of the flow now in progress ('' ends it all), and what was keyed."""

    how: str
    to: str = ""
    keys: str = ""


class Step(Protocol):
    """A step, prepared: everything that can be worked out before a call is."""

    @property
    def name(self) -> str:
        """Its name in the flow."""
        ...

    @property
    def kind(self) -> str:
        """The word it is written with."""
        ...

    async def walk(self, walk: "Walk") -> Leave:
        """Do what the step is for. Raises `HangupError` when the caller is gone."""
        ...


@dataclass(frozen=True, slots=True)
class PreparedPrompt:
    """A prompt with the key of its recorded files and the language to fall back to."""

    texts: "Prompt"
    key: str
    fallback: str


@dataclass(frozen=True, slots=True)
class RunStart:
    """How a call comes to its flow."""

    call_id: CallId
    flow: str
    version: str = ""
    """The pinned hash; '' takes what is published."""
    variables: Mapping[str, Scalar] = field(default_factory=dict)
    language: str = ""
    """The caller's; '' or one the flow lacks speaks the flow's first."""
    slow: bool = False
    """Marked for slow speech and long timeouts."""
    caller: str = ""
    """The other party's number, '' when withheld."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What all calls share."""

    voice: "Voice"
    actions: Actions
    clock: Clock
    recorded: Callable[[RecordingMade], None]
    """Told of every recording."""
    recordings_kept_days: int


class Walk:
    """One call, one walk. Steps read and change the state only through it."""

    __slots__ = (
        "ahead",
        "changed",
        "edition",
        "idle",
        "language",
        "line",
        "outcome",
        "reason",
        "start",
        "state",
        "tools",
        "trace",
    )

    def __init__(
        self,
        tools: Tools,
        line: Conversation,
        start: RunStart,
        state: RunState,
        *,
        edition: "Edition",
        trace: "TraceSink",
    ) -> None:
        self.tools = tools
        self.line = line
        self.start = start
        self.state = state
        self.edition = edition
        self.trace = trace
        self.changed: dict[str, Scalar] = {}
        """What this step has set, for its trace."""
        self.ahead = ""
        """Keys pressed before anybody asked."""
        self.reason: PreparedPrompt | None = None
        """Why the last answer was refused, said before asking again."""
        self.idle = 0
        """Steps since the caller last did anything."""
        self.outcome: tuple[str, bool] | None = None
        """The outcome of the whole call and whether it was its goal, once its end is reached."""
        self.language = ""
        self.speak()

    @property
    def frame(self) -> Frame:
        """The flow in progress."""
        return self.state.frames[-1]

    @property
    def flow(self) -> "PreparedFlow":
        """Its prepared steps."""
        flow = self.state.frames[-1].flow
        assert flow is not None  # noqa: S101  (bound before the walk begins)
        return flow

    @property
    def patience(self) -> float:
        """By how much waiting times are stretched."""
        return PATIENCE if self.state.slow else 1.0

    def now(self) -> datetime:
        """The time of day."""
        return self.tools.clock.now()

    # ── speech ──────────────────────────────────────────────────────────────────────────────────────────────
    def speak(self) -> None:
        """Settle which of the flow's languages is spoken: the call's, else the flow's first."""
        flow = self.flow
        self.language = self.state.language if self.state.language in flow.languages else flow.languages[0]

    async def sounds(self, prompt: PreparedPrompt, extra: Mapping[str, Scalar] | None = None) -> list[Sound]:
        """A prompt as sounds, with the values that may be spoken and some `extra` ones."""
        frame = self.state.frames[-1]
        values = shown(frame.variables, frame.private) if frame.private else frame.variables
        if extra:
            values = {**values, **extra}
        language = self.language if self.language in prompt.texts else prompt.fallback
        return await self.tools.voice.sounds(
            prompt.texts, values, language=language, slow=self.state.slow, key=prompt.key
        )

    # ── values ──────────────────────────────────────────────────────────────────────────────────────────────
    def keep(self, name: str, value: Scalar, *, private: bool = False) -> None:
        """Set a variable of the flow in progress."""
        frame = self.state.frames[-1]
        frame.variables[name] = value
        if private:
            frame.private.add(name)
        if name not in frame.private:
            self.changed[name] = value
            if name == SLOW:
                self.state.slow = bool(value)

    def private(self, names: frozenset[str]) -> bool:
        """Whether any of these variables is nobody's business."""
        hidden = self.state.frames[-1].private
        return bool(hidden) and not hidden.isdisjoint(names)

    # ── moving between flows ────────────────────────────────────────────────────────────────────────────────
    def enter(self, step: str, flow: "PreparedFlow") -> None:
        """Begin a sub-flow that `step` runs."""
        prefix = f"{self.frame.prefix}{step}>"
        self.state.frames.append(Frame(flow.name, flow.version, prefix, private=set(flow.private), flow=flow))
        self.speak()

    def leave_flow(self, depth: int) -> None:
        """End sub-flows until so many flows are in progress."""
        if depth < len(self.state.frames):
            del self.state.frames[depth:]
            self.speak()

    # ── keys and deeds ──────────────────────────────────────────────────────────────────────────────────────
    def take_ahead(self) -> str:
        """Keys pressed before anybody asked, once."""
        ahead, self.ahead = self.ahead, ""
        return ahead

    async def act(self, name: str, fields: Mapping[str, Scalar], deadline: float) -> Mapping[str, Scalar]:
        """Have an action done. Raises `TimeoutError` past the deadline, and what the action raises."""
        function = self.tools.actions[name].function
        frame = self.frame
        context = ActionContext(
            call_id=self.start.call_id,
            now=self.now(),
            language=self.language,
            caller=self.start.caller,
            variables=dict(shown(frame.variables, frame.private)),
            step=self.state.path,
            version=frame.version,
        )
        async with asyncio.timeout(deadline):
            return await function(context, **fields)
