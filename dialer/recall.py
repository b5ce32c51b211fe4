"""Calls taken back: those that ring for agents who have all gone in the meantime."""

from collections.abc import Iterable

import structlog

from agents import AgentState, Desk
from dialer.crew import Crew
from dialer.flights import Flight, Stage
from dialer.models import Mode

log = structlog.get_logger(__name__)

LEAST_RING = 15.0
"""Seconds that a telephone is let ring at least, where the law does not say: whoever reaches for it shall
have the time, and a shorter ring is a nuisance that regulators count as abandoned."""


class Recall:
    """Hangs up on telephones that ring for nobody, once they have rung for as long as the law wants.

    Better a missed call than one that is answered by an apology. Answered calls are another's matter.
    """

    def __init__(self, crew: Crew, desk: Desk) -> None:
        self._crew = crew
        self._desk = desk

    async def look(self) -> None:
        """Take back what rings for nobody now."""
        ringing = [each for each in self._crew.flights if _rings_for_agents(each)]
        skills = {each.placement.skill for each in ringing}
        unserved = {skill for skill in skills if not self._anybody(skill)}
        for flight in self._long_enough(each for each in ringing if each.placement.skill in unserved):
            log.info("dialer.recalled", attempt=flight.placement.attempt_id)
            await self._crew.lines.hang_up(flight.placement.attempt_id)

    def _anybody(self, skill: str) -> bool:
        return any(
            seat.state not in {AgentState.OFFLINE, AgentState.PAUSED}
            and not seat.leaving
            and (not skill or skill in seat.skills)
            for seat in self._desk
        )

    def _long_enough(self, flights: Iterable[Flight]) -> Iterable[Flight]:
        now = self._crew.clock.now()
        for flight in flights:
            rule = self._crew.gate.profile(flight.placement.profile).ring
            least = rule.seconds if rule else LEAST_RING
            placed = flight.marks.get("placed")
            if placed is not None and (now - placed).total_seconds() >= least:
                yield flight


def _rings_for_agents(flight: Flight) -> bool:
    return flight.placement.mode is not Mode.AGENTLESS and flight.stage is Stage.DIALLING
