"""How each campaign stands at this moment, as the dial loop sees it: for people who watch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dialer.crew import Crew
from dialer.flights import Flight, Stage
from dialer.gate import Reason
from dialer.pacing.estimates import Estimates
from dialer.program import Program
from dialer.standing import Standing


@dataclass(frozen=True, slots=True)
class Pulse:
    """One campaign's calls and what its pacer believes."""

    campaign: str
    open: bool = False
    """Whether it may call somebody now by the clock: it runs, and a zone of its people is open."""
    refused: Reason | None = None
    """Why the gate lets it call nobody; `ABANDONMENT`: only people for whom an agent is kept free."""
    lines: int = 0
    """Calls in the air."""
    ringing: int = 0
    analysing: int = 0
    """Answered, person or machine not yet known."""
    waiting: int = 0
    """Persons who have no agent yet; in a campaign without agents nobody waits."""
    placed: int = 0
    """Calls placed since this process began."""
    believes: Estimates | None = None
    """None for a campaign without a pacer, or one that has not called yet."""


def pulses(crew: Crew, program: Program, standing: Standing) -> dict[str, Pulse]:
    """All campaigns that may call now or have a call in the air, by name."""
    flights: dict[str, list[Flight]] = {}
    for flight in crew.flights:
        flights.setdefault(flight.placement.campaign, []).append(flight)
    names = {each.name for each in program.campaigns} | set(flights)
    return {name: _pulse(name, flights.get(name, ()), crew, program, standing.refused) for name in names}


def _pulse(
    name: str, flights: Iterable[Flight], crew: Crew, program: Program, refused: Mapping[str, Reason]
) -> Pulse:
    flights = list(flights)
    cadence = crew.rhythm.known(name)
    return Pulse(
        campaign=name,
        open=bool(program.zones(name)),
        refused=refused.get(name),
        lines=len(flights),
        ringing=cadence.ringing if cadence else sum(each.stage is Stage.DIALLING for each in flights),
        analysing=cadence.analysing if cadence else 0,
        waiting=cadence.waiting if cadence else 0,
        placed=crew.placed[name],
        believes=crew.rhythm.believes(name),
    )
