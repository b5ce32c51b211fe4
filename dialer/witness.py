"""What the line tells of answered calls: who answered, who talks to them, how it ended."""

from datetime import datetime

from dialer import marks
from dialer.crew import Crew
from dialer.flights import Ending, Flight
from dialer.rhythm import ABANDONED
from values import AttemptId

MACHINE = "MACHINE"
"""The switch's word for an answering machine."""


class Witness:
    """Told by whoever has the call in hand; writes it down and lets the cadence know.

    Each is told once, in this order, as far as it happens; of a call not in the air here only the end counts.
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew

    def analysing(self, attempt_id: AttemptId) -> None:
        """Somebody or something answered, and the switch listens which."""
        if flight := self._crew.flights.get(attempt_id):
            self._crew.rhythm.answered(flight.placement, analysing=True)

    def detected(self, attempt_id: AttemptId, *, amd: str, cause: str, at: datetime) -> None:
        """It is known. `amd` is the switch's word: `HUMAN`, `MACHINE`, `NOTSURE`."""
        if flight := self._mark(attempt_id, marks.detected(at, amd, cause)):
            listened = (at - flight.answered).total_seconds() if flight.answered else 0.0
            self._crew.rhythm.detected(flight.placement, machine=amd == MACHINE, seconds=listened)

    def abandoned(self, attempt_id: AttemptId) -> None:
        """A person waited for an agent as long as the law allows; what they hear now is the law's message."""
        if flight := self._crew.flights.get(attempt_id):
            self._crew.rhythm.ended(flight.placement, ABANDONED)

    def joined(self, attempt_id: AttemptId, *, agent: str, at: datetime, recording: str = "") -> None:
        """Customer and agent can hear each other."""
        if flight := self._mark(attempt_id, marks.joined(at, agent, recording)):
            self._crew.rhythm.joined(flight.placement)

    def released(self, attempt_id: AttemptId, *, at: datetime) -> None:
        """Their talk is over; the call may not be."""
        self._mark(attempt_id, marks.released(at))

    def call_finished(self, attempt_id: AttemptId, outcome: str, *, goal: bool = False) -> None:
        """An answered call ended with an outcome ('' when its flow did not reach its end).

        May come before the loop knows of the answer, and twice. It is written down within moments.
        """
        self._crew.flights.end(attempt_id, Ending(outcome, goal))

    def _mark(self, attempt_id: AttemptId, columns: marks.Columns) -> Flight | None:
        flight = self._crew.flights.get(attempt_id)
        if flight:
            self._crew.mark(flight, columns)
        return flight
