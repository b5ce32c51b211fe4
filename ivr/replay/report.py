"""What a replay shows: where the ways part, and where each leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls import TraceStep
from ivr.replay.book import Book
from ivr.runner import RunEnd, RunResult
from ivr.runner.quiet import OUTCOME


@dataclass(frozen=True, slots=True)
class Walked:
    """A step and how it was left."""

    path: str
    how: str
    keys: str
    next_path: str

    @property
    def way(self) -> tuple[str, str]:
        """From where to where; how does not matter when it leads to the same."""
        return self.path, self.next_path

    def __str__(self) -> str:
        keyed = f" {self.keys}" if self.keys else ""
        return f"{self.path} ({self.how}{keyed})"


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """A past call beside what would have become of it."""

    past: tuple[Walked, ...]
    now: tuple[Walked, ...]
    parted: int | None
    """The first step (counted from 0) that differs or leads elsewhere; None when nothing does."""
    outcome_then: str
    """'' when the caller hung up before an end."""
    outcome_now: str
    unknown: str
    """Why the replay could not go on: what the past call cannot tell. '' when it went to its end."""
    guessed: tuple[str, ...]
    """Actions the past call did not do there; they were taken to answer nothing."""

    @property
    def same(self) -> bool:
        """Whether the call would have gone the same way."""
        return self.parted is None and self.outcome_then == self.outcome_now

    def lines(self) -> list[str]:
        """The report as text."""
        if self.same:
            return [f"the same way: {len(self.past)} steps, {_ending(self.outcome_then)}"]
        lines = [f"  {step}" for step in self.past[: self.parted]]
        if self.parted is not None:
            lines += [f"- {step}" for step in self.past[self.parted :]]
            lines += [f"+ {step}" for step in self.now[self.parted :]]
        if self.unknown:
            lines.append(f"nobody knows {self.unknown}")
        lines += [f"not done then, taken to answer nothing: {action}" for action in self.guessed]
        now = "open" if self.unknown else _ending(self.outcome_now)
        lines.append(f"then: {_ending(self.outcome_then)}; now: {now}")
        return lines


def report(book: Book, now: Sequence[TraceStep], result: RunResult) -> ReplayReport:
    """Lay the two ways side by side."""
    past, walked = _walked(book.steps), _walked(now)
    if result.how is RunEnd.HANGUP and book.unknown and walked:
        walked[-1] = Walked(walked[-1].path, "?", walked[-1].keys, "")
    parted = next(
        (at for at, (old, new) in enumerate(zip(past, walked, strict=False)) if old.way != new.way),
        None if len(past) == len(walked) else min(len(past), len(walked)),
    )
    return ReplayReport(
        past=tuple(past),
        now=tuple(walked),
        parted=parted,
        outcome_then=_outcome_of(book.steps),
        outcome_now=result.outcome,
        unknown=book.unknown,
        guessed=tuple(book.guessed),
    )


def _walked(records: Sequence[TraceStep]) -> list[Walked]:
    return [Walked(record.path, record.how, record.keys, record.next_path) for record in records]


def _outcome_of(records: Sequence[TraceStep]) -> str:
    if not records or records[-1].kind != "end" or records[-1].next_path:
        return ""
    return str(records[-1].values.get(OUTCOME, ""))


def _ending(outcome: str) -> str:
    return outcome or "hung up"
