"""Scenarios without a telephone: at the text player, and in the engine with the shipped double."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from calls import TraceStep
from ivr.actions import ActionContext, ActionFunction, Actions
from ivr.language.model import Flow
from ivr.player import (
    FAILS,
    KEYS,
    LATE,
    TRANSFER,
    ConsoleConversation,
    MemoryTrace,
    actions_used,
    sample_variables,
)
from ivr.ports import Conversation
from ivr.runner import Runner, RunResult, RunStart, Shelf
from ivr.scenarios.driving import AstrayError, Ended, is_step
from ivr.scenarios.model import Answers, Scenario, values_of
from ivr.speech import WordedVoice
from ivr.testing import ScriptedConversation
from values import CallId, HangupError, Scalar, TransferEnd
from values.testing import FixedClock

CALL = CallId("scenario")


class Caller:
    """Gives the keys of a scenario to the call when it listens."""

    def __init__(self) -> None:
        self.listening = asyncio.Event()
        self._bursts: asyncio.Queue[str | None] = asyncio.Queue()

    async def burst(self) -> str:
        """The next keys, once the scenario says so. Raises `HangupError` when it hangs up."""
        self.listening.set()
        burst = await self._bursts.get()
        if burst is None:
            raise HangupError
        return burst

    def act(self, burst: str | None) -> None:
        """Press keys, '' to be silent, None to hang up."""
        self.listening.clear()
        self._bursts.put_nowait(burst)


class EngineLine(ScriptedConversation):
    """The shipped double, led by a scenario."""

    def __init__(self, caller: Caller, transfers: Sequence[TransferEnd]) -> None:
        super().__init__(transfers=transfers)
        self._caller = caller

    async def _burst(self, *, private: bool) -> str:  # noqa: ARG002
        return await self._caller.burst()


class Transcript:
    """A console that a scenario types at; what it shows is kept as text, with its notes or without them."""

    def __init__(self, caller: Caller, transfers: Sequence[TransferEnd], *, notes: bool = True) -> None:
        self.lines: list[str] = []
        self.said: list[str] = []
        self._caller = caller
        self._transfers = list(transfers)
        self._notes = notes

    def say(self, text: str) -> None:
        """Keep it."""
        self.said.append(text)
        self.lines.append(f"« {text}")

    def note(self, text: str) -> None:
        """Keep it, where notes are wanted."""
        if self._notes:
            self.lines.append(f"  {text}")

    async def ask(self, question: str, *, private: bool = False) -> str:
        """Keys come from the scenario, and how transfers go; nothing else is asked."""
        if question.startswith(TRANSFER):
            end = self._transfers.pop(0) if len(self._transfers) > 1 else self._transfers[0]
            self.lines.append(f"» ({question.partition(' went')[0]}: {end.value})")
            return end.value
        if question != KEYS:
            self.lines.append("» (speaks)")
            return ""
        try:
            keys = await self._caller.burst()
        except HangupError:
            self.lines.append("» (hangs up)")
            raise EOFError from None
        self.lines.append(f"» {'•' * len(keys) if private else keys or '(silence)'}")
        return keys


class ShownTrace(MemoryTrace):
    """Kept, and shown as the player shows it."""

    def __init__(self, console: Transcript) -> None:
        super().__init__()
        self._console = console

    def entered(self, path: str, kind: str, at: datetime) -> None:
        """Keep and show it."""
        super().entered(path, kind, at)
        self._console.note(f"· {path} ({kind})")


class ScenarioActions(Actions):
    """The actions of some flows, answering what a scenario tells."""

    def __init__(self, flows: Iterable[Flow], answers: Answers) -> None:
        super().__init__()
        self.answers: Answers = dict(answers)
        for name, fields in actions_used(flows).items():
            self.register(name, self._function(name), fields=frozenset(fields))

    def _function(self, name: str) -> ActionFunction:
        async def answer(ctx: ActionContext, **fields: Scalar) -> Mapping[str, Scalar]:  # noqa: ARG001
            told = self.answers.get(name, {})
            if told == FAILS:
                raise RuntimeError(f"{name} fails in this scenario")
            if told == LATE:
                raise TimeoutError
            assert isinstance(told, dict)  # noqa: S101  (the two words are dealt with)
            return {"ok": True, **values_of(told, ctx.language)}

        return answer


class LocalDriver(ABC):
    """Drives a call through the engine. `EngineDriver` and `TextDriver` differ in the line."""

    def __init__(self, flows: Iterable[Flow], *, actions: Actions | None = None) -> None:
        """`flows` hold the scenario's flow and those it runs; `actions` are real ones, told answers else."""
        self._flows = list(flows)
        self._actions = actions
        self._caller = Caller()
        self._trace = MemoryTrace()
        self._told: ScenarioActions | None = None
        self._run: asyncio.Task[RunResult] | None = None
        self._seen = 0
        self._heard = 0

    @abstractmethod
    def _line(self, scenario: Scenario) -> Conversation:
        """The line on which the scenario is led."""

    @abstractmethod
    def _said(self) -> Sequence[str]:
        """What the caller has heard so far."""

    @property
    def walked(self) -> Sequence[str]:
        """The path of every step that was entered, in order."""
        return [path for path, _ in self._trace.came]

    @property
    def trace(self) -> Sequence[TraceStep]:
        """What was recorded of every step that was left."""
        return self._trace.steps[1:]

    async def begin(self, scenario: Scenario) -> None:
        """Call."""
        flow = next((flow for flow in self._flows if flow.flow == scenario.flow), None)
        if flow is None:
            raise AstrayError(f"there is no flow {scenario.flow}")
        self._told = ScenarioActions(self._flows, scenario.answers)
        clock = FixedClock(scenario.at)
        runner = Runner(Shelf(self._flows), self._actions or self._told, WordedVoice(clock), clock)
        start = RunStart(
            CALL,
            scenario.flow,
            variables={**sample_variables(flow), **values_of(scenario.variables)},
            language=scenario.language or "",
            slow=scenario.slow,
            caller=scenario.caller,
        )
        self._run = asyncio.ensure_future(runner.run(self._line(scenario), start, self._trace))

    async def reach(self, step: str, says: str | None) -> None:
        """See whether the call has come there since the caller last did something."""
        await self._settle()
        came = self.walked
        place = next((at for at in range(self._seen, len(came)) if is_step(came[at], step)), None)
        if place is None:
            raise AstrayError(f"expected the step {step!r}, but {self._stand()}")
        self._seen = place + 1
        said = self._said()[self._heard :]
        if says is not None and not any(says in text for text in said):
            raise AstrayError(f"nothing like {says!r} was said, but: {' / '.join(said) or 'nothing'}")

    async def press(self, keys: str) -> None:
        """Press keys where the flow listens."""
        await self._act(keys)

    async def silence(self) -> None:
        """Let the flow give up waiting."""
        await self._act("")

    async def hang_up(self) -> None:
        """Hang up where the flow listens."""
        await self._act(None)

    def answer(self, answers: Answers) -> None:
        """Change what actions answer."""
        if self._told is not None:
            self._told.answers.update(answers)

    async def end(self, *, wanted: bool) -> Ended:
        """The result; hangs up where the flow still listens, unless it should have ended by itself."""
        done = await self._settle()
        if not done and wanted:
            raise AstrayError(f"the flow should have ended, but {self._stand()}")
        if not done:
            self._caller.act(None)
        assert self._run is not None  # noqa: S101  (begun)
        result = await self._run
        return Ended(result.outcome, result.goal, result.path, result.variables)

    async def _act(self, burst: str | None) -> None:
        if await self._settle():
            raise AstrayError(f"the call is over: {self._stand()}")
        self._seen = len(self._trace.came)
        self._heard = len(self._said())
        self._caller.act(burst)

    async def _settle(self) -> bool:
        """Wait until the flow listens or has ended; True when it has ended."""
        assert self._run is not None  # noqa: S101  (begun)
        listening = asyncio.ensure_future(self._caller.listening.wait())
        await asyncio.wait({self._run, listening}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        return self._run.done()

    def _stand(self) -> str:
        came = self.walked
        way = " → ".join(came[max(0, self._seen - 1) :][-6:])
        if self._run is not None and self._run.done():
            return f"it ended ({way})"
        return f"it waits at {came[-1] if came else 'nothing'} ({way})"


class EngineDriver(LocalDriver):
    """Runs a scenario in the engine, on `ivr.testing.ScriptedConversation`."""

    def _line(self, scenario: Scenario) -> Conversation:
        self.line = EngineLine(self._caller, scenario.transfers)
        return self.line

    def _said(self) -> Sequence[str]:
        return self.line.said


class TextDriver(LocalDriver):
    """Runs a scenario at the text player; `transcript` then holds what a person would have seen."""

    def __init__(self, flows: Iterable[Flow], *, actions: Actions | None = None, notes: bool = True) -> None:
        """`notes` tell of the steps and what happens besides the words and keys."""
        super().__init__(flows, actions=actions)
        self._notes = notes

    def _line(self, scenario: Scenario) -> Conversation:
        self._console = Transcript(self._caller, scenario.transfers, notes=self._notes)
        self._trace = ShownTrace(self._console)
        return ConsoleConversation(self._console)

    def _said(self) -> Sequence[str]:
        return self._console.said

    @property
    def transcript(self) -> str:
        """The conversation as text."""
        return "\n".join(self._console.lines)
