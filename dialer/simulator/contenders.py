"""Who paces: the dialler's own pacer, and the baselines beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import thread_time

from dialer.pacing import Pacer
from dialer.simulator.baselines import (
    FixedRatioPacer,
    GenesysPacer,
    ImpactPacer,
    IssabelPacer,
    ProgressivePacer,
    VicidialMethod,
    VicidialPacer,
)
from dialer.simulator.day import Day, Stopwatch
from dialer.simulator.distributions import mean_of
from dialer.simulator.ours import charged, own_pacer
from dialer.simulator.results import DayResult, Summary
from dialer.simulator.scenario import Scenario
from values import BadInputError

OURS = "centralino"


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to pace, by name."""

    name: str
    title: str
    make: Callable[[Scenario, int], Pacer]
    """A fresh pacer for a day of a scenario, with a seed."""


def _ours(scenario: Scenario, _seed: int) -> Pacer:
    return charged(own_pacer(scenario), scenario)


def _vicidial(method: VicidialMethod) -> Callable[[Scenario, int], Pacer]:
    def make(scenario: Scenario, _seed: int) -> Pacer:
        talk = mean_of(scenario.staff.talk.steps[0].value)
        wrap_up = mean_of(scenario.staff.wrap_up.steps[0].value)
        return VicidialPacer(
            method,
            max_drop=scenario.campaign.max_abandon,
            starts=scenario.starts,
            latest=_hhmm(scenario.starts + scenario.seconds),
            talking=talk / (talk + wrap_up),
        )

    return make


def _hhmm(seconds: float) -> int:
    """When dialling ends, as VICIdial wants its operators to enter it."""
    hours, rest = divmod(seconds, 3600)
    return int(hours) * 100 + int(rest // 60)


BASELINES: Mapping[str, Contender] = {
    each.name: each
    for each in (
        Contender("progressive", "progressive", lambda *_: ProgressivePacer()),
        Contender("vicidial", "VICIdial tapered", _vicidial(VicidialMethod.TAPERED)),
        Contender("vicidial_hard", "VICIdial hard limit", _vicidial(VicidialMethod.HARD_LIMIT)),
        Contender("vicidial_average", "VICIdial average", _vicidial(VicidialMethod.AVERAGE)),
        Contender("issabel", "Issabel", lambda *_: IssabelPacer()),
        Contender("genesys", "Genesys ×2", lambda *_: GenesysPacer(2)),
        Contender(
            "impact",
            "Impact Dialing",
            lambda scenario, seed: ImpactPacer(max_abandon=scenario.campaign.max_abandon, seed=seed),
        ),
        Contender("ratio", "fixed ratio", lambda scenario, _: FixedRatioPacer(scenario.campaign.ratio)),
    )
}
"""Rebuilt from published formulas (`anchors.md` §1 and §2); nobody's code."""

CONTENDERS: Mapping[str, Contender] = {
    OURS: Contender(OURS, "Centralino", _ours),
    **BASELINES,
}


def contenders(names: str) -> Sequence[Contender]:
    """`all`, `none` or baselines' names with commas between. Raises `BadInputError`."""
    if names == "all":
        return list(BASELINES.values())
    chosen = [name.strip() for name in names.split(",") if name.strip()] if names != "none" else []
    for name in chosen:
        if name not in CONTENDERS:
            known = ", ".join(BASELINES)
            raise BadInputError(f"there is no {name!r}; there are: all, none, {known}", field="against")
    return [CONTENDERS[name] for name in chosen]


def run_day(
    scenario: Scenario, contender: Contender, seed: int, *, stopwatch: Stopwatch | None = None
) -> DayResult:
    """One day. The same scenario, contender and seed give the same."""
    pacer = contender.make(scenario, seed)
    watch = stopwatch or thread_time  # of the processor: a busy machine does not make a pacer slow
    return Day(scenario, pacer, contender=contender.name, seed=seed, stopwatch=watch).run()


def run_days(
    scenario: Scenario,
    contender: Contender,
    seeds: Sequence[int],
    *,
    done: Callable[[], None] = lambda: None,
) -> Summary:
    """A day for each seed; `done` is called after each."""
    days = []
    for seed in seeds:
        days.append(run_day(scenario, contender, seed))
        done()
    return Summary(contender.name, contender.title, days)
