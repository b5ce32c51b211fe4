"""A trace kept in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from calls import TraceStep


@dataclass
class MemoryTrace:
    """Satisfies `ivr.runner.TraceSink`."""

    came: list[tuple[str, str]] = field(default_factory=list)
    """(path, kind) of every step entered."""
    steps: list[TraceStep] = field(default_factory=list)
    """Every record, the start first."""

    def entered(self, path: str, kind: str, at: datetime) -> None:  # noqa: ARG002
        """Keep it."""
        self.came.append((path, kind))

    def left(self, step: TraceStep) -> None:
        """Keep it."""
        self.steps.append(step)

    @property
    def walked(self) -> list[tuple[str, str]]:
        """(path, why it was left) of every step."""
        return [(step.path, step.how) for step in self.steps[1:]]
