"""What can be wrong with a flow, told to its author: where, what, and what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from values import CentralinoError, nearest


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """The flow is refused."""
    WARNING = "warning"
    """Callers will probably suffer from it."""
    NOTE = "note"
    """Worth knowing; may well be meant."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at one place."""

    file: str
    line: int
    """From 1."""
    column: int
    """From 1."""
    step: str
    """The step it is in; '' outside the steps."""
    field: str
    """The place inside the step (or the flow): `menu.choices.1`."""
    severity: Severity
    code: str
    """Stable: `F201`. `ivr.language.catalogue` explains each."""
    message: str

    def __str__(self) -> str:
        where = f"step {self.step}: " if self.step else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity} {self.code}: {where}{self.message}"


class FlowError(CentralinoError):
    """The flow has errors."""

    error_id = "flow-problems"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Take all problems; the message lists them, a line each."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def worst_first(problems: Iterable[Problem]) -> list[Problem]:
    """Without repetition, errors first, each kind in the order of the file."""
    ranks = list(Severity)
    return sorted(
        set(problems),
        key=lambda one: (ranks.index(one.severity), one.line, one.column, one.code, one.message),
    )


def is_sound(problems: Iterable[Problem]) -> bool:
    """Whether a flow with these problems may be published: none of them is an error."""
    return all(problem.severity is not Severity.ERROR for problem in problems)


def did_you_mean(word: str, among: Iterable[str]) -> str:
    """`; did you mean 'greeting'?` where something similar exists, else ''."""
    found = closest(word, among)
    return f"; did you mean {found!r}?" if found else ""


def closest(word: str, among: Iterable[str]) -> str:
    """What resembles a word most, or '' when nothing does."""
    return next(iter(nearest(word, among)), "")


def listing(words: Iterable[str], *, at_most: int = 12) -> str:
    """Words in a row for a sentence: `a, b, c`, cut where it gets long; `none` when there are none."""
    found = sorted(words)
    more = f" and {len(found) - at_most} more" if len(found) > at_most else ""
    return ", ".join(found[:at_most]) + more if found else "none"
