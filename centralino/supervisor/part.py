"""What can be started: a command, where it serves, and how one knows that it does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """Where a part stands."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    FELL = "fell, restarting"
    STOPPING = "stopping"
    STOPPED = "stopped"
    ELSEWHERE = "elsewhere"


Ready = Callable[[int], Awaitable[bool]]
"""Given the process id: whether it serves."""


@dataclass(frozen=True, slots=True)
class Part:
    """One program of the telco."""

    name: str
    where: str
    """For people: its addresses."""
    command: tuple[str, ...]
    ready: Ready
    stop_seconds: float = 5.0
    """How long it may take to end in good order."""
    ready_seconds: float = 30.0
    """How long it may take to come up."""
    folder: Path | None = None
    """Where it runs; unset: where we do."""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Status:
    """What the table shows of a part."""

    name: str
    where: str
    state: State = State.WAITING
    pid: int = 0
    restarts: int = 0
    note: str = ""
    """Why it is not ready, if it should be."""
