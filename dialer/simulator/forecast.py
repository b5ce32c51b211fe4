"""What if: what a setting would do to a campaign that runs now, before anybody changes it."""

from collections.abc import Mapping
from random import Random
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from dialer.gate import Formula
from dialer.pacing import Pacer
from dialer.pacing.estimates import Estimates as Believed
from dialer.simulator.abandonment import share
from dialer.simulator.day import Day
from dialer.simulator.distributions import Mean, Part, Spread, sampler
from dialer.simulator.ours import own_pacer
from dialer.simulator.outlook import Forecast, Past, reckon
from dialer.simulator.population import Kind, Population
from dialer.simulator.results import DayResult
from dialer.simulator.scenario import Agents, Probability, Scenario
from values import BadInputError, Clock, SystemClock

_TAUGHT = 300
"""Calls of the past that the pacer is told of before it begins."""
_TAUGHT_SECONDS = 1200.0
"""How long ago the first of them was placed."""
_SHORTEST, _LONGEST = 1500.0, 3900.0
"""Seconds a run may simulate; the first slice, in which everybody is still idle, is not counted."""
_FEW = 50
"""Agents of whom one run says little."""
_AGENT_SECONDS = 120_000.0
"""Agents times seconds of a run, which sets how long it takes."""


class Estimates(Part):
    """What a campaign knows of itself at present. Times are seconds."""

    answered: Probability
    """Share of calls that a person answers."""
    handling_mean: Mean
    """Talk and wrap-up together."""
    handling_cv: Spread = 0.8
    """Standard deviation of the handling time / its mean."""
    ring_mean: Mean = 11.0
    """From placing to an answer."""
    machine: Probability = 0.0
    """Share of calls that are put through to an agent although a machine answers."""
    ring_seconds: Annotated[float, Field(ge=5, le=120)] = 30.0
    """When an unanswered call is given up."""
    unanswered_mean: Annotated[float, Field(ge=0, le=120)] = 22.0
    """How long a call without an answer lasts: rung out, busy and failed together."""
    live: Annotated[int, Field(ge=0)] = 0
    """Live answers so far in the law's window."""
    abandoned: Annotated[int, Field(ge=0)] = 0
    """Of those, abandoned: the budget used so far."""
    attempts_per_contact: Annotated[float, Field(ge=0, le=100)] = 1.0
    """Calls that each contact left will still need on average."""

    @classmethod
    def of(cls, believed: Believed, **more: Any) -> Self:
        """What the running pacer believes, and `more` of what it does not know."""
        known = {
            "answered": believed.answer_probability,
            "ring_mean": believed.ring_mean,
            "handling_mean": believed.handling_mean,
            "handling_cv": believed.handling_cv,
        }
        return cls.model_validate(known | more)

    @model_validator(mode="after")
    def _possible(self) -> "Estimates":
        if self.answered + self.machine > 1:
            raise ValueError("answered and machine together may be 1 at most")
        if self.abandoned > self.live:
            raise ValueError("abandoned may not be more than live")
        return self


class Settings(Part):
    """What operations may change; what is impossible is refused by name when it is made."""

    mode: Literal["progressive", "ratio", "predictive"] = "predictive"
    max_abandon: Annotated[float, Field(gt=0, le=0.5)] = 0.03
    max_occupancy: Annotated[float, Field(gt=0, le=1)] | None = None
    ratio: Annotated[float, Field(ge=1, le=20)] = 2.0
    lines: Annotated[int, Field(ge=1)] = 5000
    agents: Agents | None = None
    """Signed in; None: as many as are now."""
    formula: Formula = Formula.LIVE
    answer_within: Annotated[float, Field(gt=0, le=30)] = 2.0


def forecast(
    estimates: Estimates,
    staff: int,
    settings: Settings,
    *,
    hours: float = 4.0,
    contacts_left: int | None = None,
    seeds: int = 5,
    max_seconds: float = 1.0,
    learned: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
) -> Forecast:
    """Simulate the hours to come by the dialler's own code, from what is known now.

    `staff`: agents signed in. `learned`: what the running pacer's `learned()` gives; without it one is told
    of a past that was as the estimates say. Runs as many of the `seeds` as begin within `max_seconds`, at
    least two with few agents and one with many; a run covers up to an hour, from which the rest is reckoned.
    It computes all that time: call it in a thread or a process where others wait.

    Raises `BadInputError` for hours that cannot be, and for a `learned` that is none.
    """
    if hours <= 0:
        raise BadInputError("must be more than nothing", field="hours")
    scenario = _scenario(estimates, staff, settings)
    past = Past(estimates.live, estimates.abandoned)
    watch = (clock or SystemClock()).monotonic
    least = 2 if scenario.staff.agents.at(0) <= _FEW else 1
    until = watch() + max_seconds
    runs: list[DayResult] = []
    for seed in range(1, max(1, seeds) + 1):
        if len(runs) >= least and watch() >= until:
            break
        pacer = own_pacer(scenario)
        if learned is None:
            _teach(pacer, scenario, Random(f"{seed} past"))
        else:
            pacer.relearn(learned)
        pacer.restore(connected=past.live - past.abandoned, abandoned=past.abandoned)
        runs.append(Day(scenario, pacer, contender="centralino", seed=seed, stopwatch=watch).run())
    calls_left = contacts_left * estimates.attempts_per_contact if contacts_left is not None else None
    most = settings.max_abandon if settings.mode == "predictive" else 1.0
    return reckon(runs, past, hours, calls_left, most_abandoned=most)


def compare(
    estimates: Estimates,
    staff: int,
    present: Settings,
    changed: Settings,
    *,
    hours: float = 4.0,
    contacts_left: int | None = None,
    seeds: int = 5,
    max_seconds: float = 2.0,
    learned: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
) -> tuple[Forecast, Forecast]:
    """The forecast for the present setting and for a changed one, met by the same chance."""

    def of(settings: Settings) -> Forecast:
        return forecast(
            estimates, staff, settings,
            hours=hours, contacts_left=contacts_left, seeds=seeds,
            max_seconds=max_seconds / 2, learned=learned, clock=clock,
        )  # fmt: skip

    return of(present), of(changed)


def _scenario(estimates: Estimates, staff: int, settings: Settings) -> Scenario:
    agents = settings.agents if settings.agents is not None else staff
    seconds = min(_LONGEST, max(_SHORTEST, _AGENT_SECONDS / max(1, agents)))
    rest = max(0.0, 1 - estimates.answered - estimates.machine)
    shortened = share(estimates.ring_seconds - estimates.unanswered_mean, estimates.ring_seconds - 2)
    answers = {"lognormal": {"mean": estimates.ring_mean, "cv": 0.5}}
    return Scenario.model_validate(
        {
            "scenario": "the hours to come",
            "hours": seconds / 3600,
            "starts": 0.0,
            "campaign": {
                **settings.model_dump(exclude={"agents"}),
                "ring_seconds": estimates.ring_seconds,
            },
            "population": {
                "person": estimates.answered,
                "machine": estimates.machine,
                "busy": rest * min(1.0, max(0.0, shortened)),
                "failed": 0.0,
                "rings": {"person": answers, "machine": answers},
            },
            "staff": {
                "agents": agents,
                "talk": {"lognormal": {"mean": estimates.handling_mean, "cv": estimates.handling_cv}},
                "wrap_up": 0.0,
            },
        }
    )


def _teach(pacer: Pacer, scenario: Scenario, random: Random) -> None:
    """Tell the pacer of a past that was as the estimates say."""
    population = Population(scenario, random)
    handling = sampler(scenario.staff.talk.steps[0].value)
    calls = []
    for number in range(_TAUGHT):
        fate = population.draw(0.0)
        placed = (number / _TAUGHT - 1) * _TAUGHT_SECONDS
        answered = fate.kind in {Kind.PERSON, Kind.MACHINE}
        outcome = "connected" if answered else fate.kind.value
        calls.append((placed + fate.rings, placed, outcome, fate.rings))
    for ended, placed, outcome, rang in sorted(calls):
        pacer.call_ended(placed=placed, ended=ended, outcome=outcome, rang=rang)
        if outcome == "connected":
            pacer.agent_freed(handling(random))
