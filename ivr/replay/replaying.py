"""Taking a past call through a changed flow, to see what would have happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from calls import TraceStep
from ivr.actions import ActionContext, ActionFunction, Actions
from ivr.language.model import DoStep, Flow
from ivr.player import MemoryTrace, TextVoice, TypedConversation, actions_used
from ivr.replay.book import HANG_UP, Book, results_of
from ivr.replay.report import ReplayReport, report
from ivr.runner import Edition, PreparedFlow, Runner, RunStart, prepare
from ivr.runner.checks import ActionCheck
from ivr.runner.questions import AskStep, Verdict
from ivr.runner.walk import PreparedPrompt, Step, Walk
from values import CallId, CentralinoError, HangupError, Keyed, Scalar, Sound, TransferEnd


async def replay(
    records: Iterable[TraceStep], flow: Flow, flows: Iterable[Flow] = (), *, was: Iterable[Flow] = ()
) -> ReplayReport:
    """Walk a past call's keys and action results through a flow; `flows` are those it may run.

    `was` are the flows as they were, to know under which names the actions gave their results; without them
    the names of today are taken.

    Nothing is done to anybody: actions answer as they did. Keys are used at the step where they were pressed;
    where the past call never was the replay ends, since nobody knows what the caller would have done.
    Raises `ValueError` for a trace that does not begin with its start record.
    """
    book = Book(list(records))
    everything = [flow, *flows]
    edition = Edition(0, {one.flow: _told_verdicts(one, book) for one in everything})
    trace = ReplayTrace(book)
    runner = Runner(
        Unchanging(edition),
        PastActions(everything, list(was) or everything, book),
        TextVoice(),
        PastClock(book),
    )
    start = RunStart(
        CallId(book.start.call_id),
        flow.flow,
        variables=book.variables,
        language=book.language,
        slow=book.slow,
    )
    result = await runner.run(PastLine(book), start, trace)
    return report(book, trace.steps[1:], result)


@dataclass(frozen=True, slots=True)
class Unchanging:
    """A library of one edition."""

    only: Edition

    def edition(self, number: int | None = None) -> Edition:  # noqa: ARG002
        """The edition."""
        return self.only


@dataclass(frozen=True, slots=True)
class PastClock:
    """The time of the past call; waiting takes none."""

    book: Book

    def now(self) -> datetime:
        """When the past call was at this step."""
        return self.book.now()

    def monotonic(self) -> float:
        """The same, in seconds."""
        return self.book.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        """Not at all."""


class ReplayTrace(MemoryTrace):
    """Tells the book where the replay stands."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book

    def entered(self, path: str, kind: str, at: datetime) -> None:
        """Keep it and tell."""
        super().entered(path, kind, at)
        self._book.enter(path)


class PastLine(TypedConversation):
    """The caller of the past call."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def _gone(self) -> bool:
        return self._book.gone()

    async def _hear(self, sounds: Sequence[Sound]) -> None:
        """Said to nobody."""

    async def _burst(self, *, private: bool) -> str:  # noqa: ARG002
        keys = self._book.keys()
        if keys is HANG_UP:
            raise HangupError
        return keys

    async def collect(
        self,
        sounds: Sequence[Sound],
        *,
        max_digits: int,
        first_digit: float,
        between_digits: float,
        terminator: str = "#",
        barge_in: str = "",
        private: bool = False,
    ) -> Keyed:
        """Listen as at a telephone; keys were written where they were used, so none is left over."""
        if sounds:
            self._ahead = ""
        return await super().collect(
            sounds,
            max_digits=max_digits,
            first_digit=first_digit,
            between_digits=between_digits,
            terminator=terminator,
            barge_in=barge_in,
            private=private,
        )

    async def transfer(self, target: str, *, ring_seconds: float) -> TransferEnd:  # noqa: ARG002
        """Go as it went."""
        past = self._book.deed()
        if past is None:
            self._book.unknown = f"how a transfer to {target} would go at {self._book.path}"
        if past is None or past.how not in list(TransferEnd):
            raise HangupError
        return TransferEnd(past.how)


class FailedThenError(CentralinoError):
    """The action failed in the past call."""

    error_id = "failed-then"


class PastActions(Actions):
    """Actions that answer what they answered then, at the same step."""

    def __init__(self, flows: Sequence[Flow], was: Sequence[Flow], book: Book) -> None:
        super().__init__()
        self._book = book
        self._into = {
            (flow.flow, name): step.into
            for flow in was
            for name, step in flow.steps.items()
            if isinstance(step, DoStep)
        }
        for name, fields in actions_used(flows).items():
            self.register(name, self._function(name), fields=frozenset(fields))

    def _function(self, action: str) -> ActionFunction:
        async def answer(ctx: ActionContext, **fields: Scalar) -> Mapping[str, Scalar]:  # noqa: ARG001
            past = self._book.deed()
            if past is None:
                self._book.guessed.append(f"{action} at {self._book.path}")
                return {}
            if past.how == "timeout":
                raise TimeoutError
            if past.how == "error":
                raise FailedThenError
            step = past.path.rpartition(">")[2]
            return results_of(past, self._into.get((past.flow, step), {}))

        return answer


@dataclass(frozen=True, slots=True)
class PastVerdict:
    """A check that says what the past call's checks came to."""

    book: Book
    reason: PreparedPrompt | None

    async def test(self, walk: Walk, value: Scalar) -> tuple[bool, Scalar]:  # noqa: ARG002
        """As it was; an answer never judged is taken."""
        return self.book.verdict() is not False, value


def _told_verdicts(flow: Flow, book: Book) -> PreparedFlow:
    """A flow whose private questions, and those an action judges, are judged as they were."""
    prepared = prepare(flow)
    return replace(
        prepared, gone=None, steps={name: _told(step, book) for name, step in prepared.steps.items()}
    )


def _told(step: Step, book: Book) -> Step:
    if not isinstance(step, AskStep):
        return step
    if step.private:
        reasons = [check.reason for check in step.checks]
        return replace(step, checks=(PastVerdict(book, next(iter(reasons), None)),))
    checks: tuple[Verdict, ...] = tuple(
        PastVerdict(book, check.reason) if isinstance(check, ActionCheck) else check for check in step.checks
    )
    return replace(step, checks=checks)
