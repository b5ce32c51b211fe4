"""A dialler that only notes what it is told."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agents import Reservation
from values import AttemptId


@dataclass
class Told:
    """What the joiner said, in order."""

    notes: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def analysing(self, attempt_id: AttemptId) -> None:
        self._note(("analysing", {}))

    def detected(self, attempt_id: AttemptId, *, amd: str, cause: str, at: datetime) -> None:
        self._note(("detected", {"amd": amd, "cause": cause}))

    def abandoned(self, attempt_id: AttemptId) -> None:
        self._note(("abandoned", {}))

    def joined(self, attempt_id: AttemptId, *, agent: str, at: datetime, recording: str = "") -> None:
        self._note(("joined", {"attempt": attempt_id, "agent": agent, "recording": recording}))

    def released(self, attempt_id: AttemptId, *, at: datetime) -> None:
        self._note(("released", {}))

    def call_finished(self, attempt_id: AttemptId, outcome: str, *, goal: bool = False) -> None:
        self.outcomes[attempt_id] = outcome
        self.over.set()

    def _note(self, note: tuple[str, Mapping[str, object]]) -> None:
        self.notes.append(note)
        self.news.set()

    def of(self, kind: str) -> list[Mapping[str, object]]:
        return [note for name, note in self.notes if name == kind]


class FirmLegs:
    """Agents' legs whose network never falls."""

    async def lost(self, agent: str) -> bool:
        return False

    async def rejoin(self, reservation: Reservation, seconds: float) -> bool:
        return False
