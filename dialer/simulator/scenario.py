"""The words of a scenario: whom is called, who answers for the house, and under which settings."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from dialer.gate import Formula
from dialer.retry import RetryRules
from dialer.simulator.distributions import (
    Distribution,
    Exponential,
    Gamma,
    Lognormal,
    Mean,
    MeanAndSpread,
    Part,
    Seconds,
)
from dialer.simulator.timeofday import Timed, TimeOfDay, written

Probability = Annotated[float, Field(ge=0, le=1)]
Agents = Annotated[int, Field(ge=0, le=2000)]

ANSWERED_AFTER = Lognormal(lognormal=MeanAndSpread(mean=11, cv=0.5))
MACHINE_AFTER = Lognormal(lognormal=MeanAndSpread(mean=18, cv=0.25))
BUSY_AFTER = Gamma(gamma=MeanAndSpread(mean=2, cv=0.5))
FAILED_AFTER = Gamma(gamma=MeanAndSpread(mean=0.5, cv=0.5))
TALK = Lognormal(lognormal=MeanAndSpread(mean=150, cv=0.8))


class Campaign(Part):
    """What operations can set."""

    mode: Literal["progressive", "ratio", "predictive"] = "predictive"
    max_abandon: Annotated[float, Field(gt=0, le=0.5)] = 0.03
    """The limit the pacer keeps: a share of live answers."""
    max_occupancy: Annotated[float, Field(gt=0, le=1)] | None = None
    """Agents get a rest above this share of talk and wrap-up; none: no limit."""
    ratio: Annotated[float, Field(ge=1, le=20)] = 2.0
    """Calls for each free agent, in ratio mode."""
    lines: Annotated[int, Field(ge=1)] = 5000
    """How many calls at once, those with agents included."""
    calls_per_second: Annotated[float, Field(gt=0, le=1000)] = 50.0
    ring_seconds: Annotated[float, Field(ge=5, le=120)] = 30.0
    """When an unanswered call is given up."""
    answer_within: Annotated[float, Field(gt=0, le=30)] = 2.0
    """Seconds a live answer may wait for an agent; joined or ended later, it is abandoned."""
    drop_after: Annotated[float, Field(gt=0, le=120)] | None = None
    """Seconds after which a waiting customer is hung up; left out: `answer_within`."""
    counts_from: Literal["answered", "detected"] = "detected"
    """Where that clock starts: at the answer, or when machine detection took it for a person."""
    formula: Formula = Formula.LIVE
    """How the law counts abandoned calls."""
    retry: RetryRules = RetryRules()
    """What happens after each outcome, when the list has an end."""


class Shares(NamedTuple):
    """What becomes of a call at one time of day; the rest is not answered."""

    person: float
    machine: float
    busy: float
    failed: float


class Rings(Part):
    """How long the telephone rings, by what comes of it. A call is given up after `ring_seconds`."""

    person: Distribution = ANSWERED_AFTER
    machine: Distribution = MACHINE_AFTER
    busy: Distribution = BUSY_AFTER
    failed: Distribution = FAILED_AFTER


BUSY_OF_UNANSWERED = 0.18
FAILED_OF_UNANSWERED = 0.085


class Population(Part):
    """What becomes of a call: shares of all calls, a number or by time of day. The rest is not answered."""

    person: Timed[Probability]
    machine: Timed[Probability] = Timed[Probability].model_validate(0)
    busy: Timed[Probability] | None = None
    """Left out: 18 % of what neither person nor machine answers."""
    failed: Timed[Probability] | None = None
    """Refused by the network; left out: 8.5 % of what neither person nor machine answers."""
    rings: Rings = Rings()
    patience: Distribution | None = None
    """Seconds after which a person who hears nobody hangs up; left out: they wait."""

    @property
    def times(self) -> list[float]:
        """When a share changes: seconds since midnight, from 0 on."""
        parts = [part for part in (self.person, self.machine, self.busy, self.failed) if part]
        return sorted({0.0, *(time for part in parts for time in part.times)})

    def shares(self, time: float) -> Shares:
        """The shares at a time of day, in seconds since midnight."""
        person, machine = self.person.at(time), self.machine.at(time)
        rest = max(0.0, 1 - person - machine)
        busy = self.busy.at(time) if self.busy else rest * BUSY_OF_UNANSWERED
        failed = self.failed.at(time) if self.failed else rest * FAILED_OF_UNANSWERED
        return Shares(person, machine, busy, failed)

    @model_validator(mode="after")
    def _not_more_than_all(self) -> "Population":
        for time in self.times:
            total = sum(self.shares(time))
            if total > 1 + 1e-9:
                raise ValueError(
                    f"at {written(time)} the shares come to {total:g}; together they may be 1 at most"
                )
        return self


class Detection(Part):
    """Machine detection, between the answer and the agent."""

    seconds: Distribution = Gamma(gamma=MeanAndSpread(mean=1.2, cv=0.4))
    """How long it listens."""
    false_positive: Probability = 0.03
    """The share of persons taken for a machine, and hung up."""
    false_negative: Probability = 0.1
    """The share of machines taken for a person, and put through."""


class Staff(Part):
    """Who talks."""

    agents: Timed[Agents]
    """How many are signed in. Who leaves ends the talk in progress first."""
    talk: Timed[Distribution] = Timed[Distribution].model_validate(TALK)
    wrap_up: Timed[Distribution] = Timed[Distribution].model_validate(25)
    machine: Distribution = 8.0
    """How long an agent is kept by a machine that was put through; no wrap-up follows."""


class Inbound(Part):
    """Callers who ring the same agents. They come before called customers."""

    calls_per_hour: Timed[Annotated[float, Field(ge=0, le=100_000)]]
    talk: Distribution = TALK
    wrap_up: Distribution = 25.0
    patience: Distribution = Exponential(exponential=120.0)
    """Seconds after which a caller gives up."""
    answer_goal: Mean = 20.0
    """Seconds within which an answer is in good time (service level)."""


class Contacts(Part):
    """The list. Left out, it never ends and nobody is called twice."""

    contacts: Annotated[int, Field(ge=1, le=10_000_000)]


class Scenario(Part):
    """One day of one campaign. `docs/reference/simulation.md` explains each word."""

    scenario: Annotated[str, Field(min_length=1)]
    """What it shows, in words."""
    about: str = ""
    hours: Annotated[float, Field(gt=0, le=24)] = 8.0
    starts: TimeOfDay = 9 * 3600.0
    """When the day begins."""
    decides_every: Annotated[Seconds, Field(ge=0.1, le=1)] = 1.0
    """Seconds between two decisions of the pacer."""
    campaign: Campaign = Campaign()
    population: Population
    detection: Detection | None = None
    """Machine detection; left out, machines are put through as persons are."""
    staff: Staff
    inbound: Inbound | None = None
    list: Contacts | None = None

    @property
    def seconds(self) -> float:
        """How long the day is."""
        return self.hours * 3600
