"""The people who are called: what becomes of each call, drawn when it is placed."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from random import Random

from dialer.simulator.distributions import Sampler, sampler
from dialer.simulator.scenario import Scenario


class Kind(StrEnum):
    """Who or what a call comes to."""

    PERSON = "person"
    MACHINE = "machine"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Fate:
    """What will become of one call. Times are seconds."""

    kind: Kind
    rings: float
    """From the placing to the answer, or to the end without one."""
    listens: float | None
    """How long machine detection listens; None without it."""
    taken_for_machine: bool
    """What it finds."""
    patience: float | None
    """How long this person bears silence; None: as long as they are let."""


class Population:
    """Draws fates. The same seed gives the same people in the same order, whoever calls them and how fast."""

    def __init__(self, scenario: Scenario, random: Random) -> None:
        self._random = random
        self._give_up = scenario.campaign.ring_seconds
        population = scenario.population
        self._bounds = _bounds(scenario)
        rings = population.rings
        self._rings: dict[Kind, Sampler] = {
            Kind.PERSON: sampler(rings.person),
            Kind.MACHINE: sampler(rings.machine),
            Kind.BUSY: sampler(rings.busy),
            Kind.FAILED: sampler(rings.failed),
        }
        self._patience = sampler(population.patience) if population.patience is not None else None
        self._detection = scenario.detection
        self._listens = sampler(scenario.detection.seconds) if scenario.detection else None

    def draw(self, now: float) -> Fate:
        """The next one, called at `now` (seconds since the day began)."""
        random = Random(
            self._random.getrandbits(64)
        )  # a call's own, so that no call shifts the next one's fate
        at = random.random()
        kind = next((kind for bound, kind in self._bounds(now) if at < bound), Kind.NO_ANSWER)
        ring = self._rings.get(kind)
        rings = min(ring(random), self._give_up) if ring else self._give_up
        answered = kind in {Kind.PERSON, Kind.MACHINE}
        listens = self._listens(random) if self._listens and answered else None
        return Fate(
            kind=kind,
            rings=rings,
            listens=listens,
            taken_for_machine=self._verdict(kind, random),
            patience=self._patience(random) if self._patience and kind is Kind.PERSON else None,
        )

    def _verdict(self, kind: Kind, random: Random) -> bool:
        if self._detection is None:
            return False
        at = random.random()
        if kind is Kind.PERSON:
            return at < self._detection.false_positive
        return at >= self._detection.false_negative


def _bounds(scenario: Scenario) -> Callable[[float], list[tuple[float, Kind]]]:
    """The cumulative shares in force, by seconds since the day began."""
    population, starts = scenario.population, scenario.starts
    kinds = (Kind.PERSON, Kind.MACHINE, Kind.BUSY, Kind.FAILED)
    times = population.times
    tables = [list(zip(accumulate(population.shares(time)), kinds, strict=True)) for time in times]

    def bounds(now: float) -> list[tuple[float, Kind]]:
        clock = starts + now
        place = len(times) - 1
        while place and times[place] > clock:
            place -= 1
        return tables[place]

    return bounds
