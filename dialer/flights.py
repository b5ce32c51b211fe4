"""The calls this process has in the air."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from dialer.placement import AttemptResult, Placement
from values import AttemptId

EARLY = 1_000
"""How many ends of calls are remembered that came before anybody asked for them."""


class Stage(StrEnum):
    """Where a call in the air is."""

    DIALLING = "dialling"
    """`Lines.dial` is at work and will tell."""
    TALKING = "talking"
    """Answered: its flow will tell."""
    UNSURE = "unsure"
    """The switch was lost, or the call was there before us: its flow may tell, else the call records do."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answered call's flow ended."""

    outcome: str
    goal: bool


@dataclass(slots=True)
class Flight:
    """One attempt in the air."""

    placement: Placement
    stage: Stage
    answered: datetime | None = None
    missing: int = 0
    """In how many looks in a row the switch did not know it."""
    marks: dict[str, Any] = field(default_factory=dict)
    """What has been written down about it so far (`dialer.marks`)."""
    ended: asyncio.Future[Ending | AttemptResult] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """The flow's ending; or, for a call that vanished, the whole result as far as it could be found out."""

    def end(self, how: Ending | AttemptResult) -> None:
        """It is over. The first word counts."""
        if not self.ended.done():
            self.ended.set_result(how)


class Flights:
    """All calls in the air, by attempt; and ends that came early (a flow can be over before `dial` is)."""

    def __init__(self) -> None:
        self._flights: dict[AttemptId, Flight] = {}
        self._by_campaign: Counter[str] = Counter()
        self._early: OrderedDict[AttemptId, Ending] = OrderedDict()

    def add(self, placement: Placement, stage: Stage) -> Flight:
        """A call took off."""
        flight = Flight(placement, stage)
        self._flights[placement.attempt_id] = flight
        self._by_campaign[placement.campaign] += 1
        if ending := self._early.pop(placement.attempt_id, None):
            flight.end(ending)
        return flight

    def remove(self, attempt_id: AttemptId) -> None:
        """A call is down."""
        if flight := self._flights.pop(attempt_id, None):
            self._by_campaign[flight.placement.campaign] -= 1

    def end(self, attempt_id: AttemptId, ending: Ending) -> None:
        """A call's flow ended. Said twice, or of an unknown call, it does no harm."""
        if flight := self._flights.get(attempt_id):
            flight.end(ending)
            return
        self._early[attempt_id] = ending
        while len(self._early) > EARLY:
            self._early.popitem(last=False)

    def knows_end(self, attempt_id: AttemptId) -> bool:
        """Whether a call's end came before the call was known here."""
        return attempt_id in self._early

    def of(self, campaign: str) -> int:
        """How many calls a campaign has in the air."""
        return self._by_campaign[campaign]

    def get(self, attempt_id: AttemptId) -> Flight | None:
        """One of them."""
        return self._flights.get(attempt_id)

    def __iter__(self) -> Iterator[Flight]:
        return iter(list(self._flights.values()))

    def __len__(self) -> int:
        return len(self._flights)

    def __contains__(self, attempt_id: object) -> bool:
        return attempt_id in self._flights
