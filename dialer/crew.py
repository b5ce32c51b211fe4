"""What the dial loop's parts share: database, switch, gate, clock, trunks, the calls in the air."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from dialer.facts import Consents
from dialer.flights import Flight, Flights, Stage
from dialer.gate import Gate
from dialer.ledger import Ledger
from dialer.marks import Columns
from dialer.placement import Placement
from dialer.ports import Lines, Order
from dialer.rhythm import Rhythm
from dialer.trunks import Trunks
from store import Database
from values import Clock

log = structlog.get_logger(__name__)

Variables = Callable[[Placement], Mapping[str, str]]


def call_variables(placement: Placement) -> Mapping[str, str]:
    """The channel variables of an answered call, as the dialplan and the wiring read them."""
    return {
        "CENTRALINO_ATTEMPT": placement.attempt_id,
        "CENTRALINO_CAMPAIGN": placement.campaign,
        "CENTRALINO_FLOW": placement.flow,
    }


def log_death(task: asyncio.Task[None]) -> None:
    """For tasks nobody awaits: one that ends by an error says so."""
    if not task.cancelled() and (problem := task.exception()):
        log.error("dialer.task_died", task=repr(task.get_coro()), exc_info=problem)


@dataclass(slots=True)
class Crew:
    """Everything a call needs on its way, made once a loop."""

    db: Database
    lines: Lines
    gate: Gate
    clock: Clock
    node: str
    trunks: Trunks
    ledger: Ledger
    consents: Consents
    records: Path | None
    rhythm: Rhythm
    variables: Variables = call_variables
    flights: Flights = field(default_factory=Flights)
    placed: Counter[str] = field(default_factory=Counter)
    """Calls placed since the process began, by campaign."""
    committing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held from before an attempt is committed until its flight is known, so that no look at the database in
    between takes it for somebody else's."""
    nudged: asyncio.Event = field(default_factory=asyncio.Event)
    paused: bool = False
    waiting: bool = True
    """Whether somebody was to be called at the last look: only then a call's end makes room for them."""

    def landed(self) -> None:
        """A line has become free."""
        if self.waiting:
            self.nudged.set()

    def mark(self, flight: Flight, columns: Columns) -> None:
        """Something more is known of a call in the air: it is written down, and kept for its end."""
        flight.marks.update(columns)
        self.ledger.mark(flight.placement.attempt_id, columns)

    def take_off(self, placement: Placement) -> Flight:
        """An attempt has been committed and is placed now."""
        self.rhythm.placed(placement)
        self.placed[placement.campaign] += 1
        return self.flights.add(placement, Stage.DIALLING)

    def order(self, placement: Placement) -> Order:
        """What the switch is asked for."""
        return Order(
            attempt_id=placement.attempt_id,
            number=placement.number,
            trunk=placement.trunk,
            caller_id=placement.caller_id,
            ring_seconds=placement.ring_seconds,
            variables=self.variables(placement),
            account=placement.contact_id,
        )
