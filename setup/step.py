"""What a step is, how it tells of itself, and how it fails."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_TAIL = 15


class StepError(Exception):
    """A step could not do its work: why, and what a person can do about it."""

    def __init__(self, why: str, advice: str) -> None:
        super().__init__(why)
        self.why = why
        self.advice = advice


@dataclass(frozen=True)
class Context:
    """What all steps know."""

    checkout: Path
    cache: Path
    tests: bool
    """Whether what the tests need is wanted too."""
    root: bool


@dataclass(frozen=True)
class Step:
    """One thing to get done: its name for people, and the work, which gives a word on what it found."""

    name: str
    work: Callable[[Context], str]


@dataclass
class Progress:
    """Lines for the person who waits: one when something takes long, one when it is done."""

    name: str
    began: float = field(default_factory=time.monotonic)
    told: bool = False

    def doing(self, what: str) -> None:
        """Say what is being done, before it takes long."""
        self.told = True
        _say(f"  {self.name}: {what} …")

    def done(self, what: str) -> None:
        """Say what came of it, with the time it took; nothing when there was nothing to do."""
        if self.told:
            _say(f"  {self.name}: {what} ({time.monotonic() - self.began:.0f} s)")


def run_program(command: Sequence[str], *, advice: str, log: Path | None = None) -> str:
    """Run a program and give what it said; `log` keeps all of it.

    Raises `StepError` with the end of its words when it fails.
    """
    try:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, text=True, errors="replace", check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as problem:
        raise StepError(f"{command[0]} cannot be run: {problem.strerror}", advice) from problem
    if log is not None:
        with suppress(OSError), log.open("a", encoding="utf-8") as file:
            file.write(f"$ {' '.join(command)}\n{ended.stdout}\n")
    if ended.returncode != 0:
        tail = "\n".join(f"    {line}" for line in ended.stdout.splitlines()[-_TAIL:])
        raise StepError(f"{Path(command[0]).name} ended with {ended.returncode} and said:\n{tail}", advice)
    return ended.stdout


def run_steps(steps: Sequence[Step], context: Context) -> int:
    """Do all steps in turn; give 0, or 1 as soon as one fails, having said which, why and what to do."""
    for step in steps:
        try:
            step.work(context)
        except StepError as problem:
            _say(f"\nset-up stopped at: {step.name}\n  why: {problem.why}\n  what to do: {problem.advice}")
            return 1
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
