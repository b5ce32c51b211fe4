"""How well the pacer paces: every shipped scenario, every baseline beside it, many simulated days of each."""

import sys
from collections.abc import Mapping, Sequence
from typing import Final

from bench.figures import Goal, Printed
from dialer.simulator import (
    BASELINES,
    CONTENDERS,
    OURS,
    Summary,
    as_figures,
    load_scenario,
    run_days,
    shipped,
)

TARGETS: Final[Mapping[str, float]] = {
    "ten_agents": 0.84,
    "twenty_five_agents": 0.90,
    "fifty_agents": 0.93,
    "hundred_agents": 0.955,
    "midday_change": 0.89,
}
"""Utilisation to reach within the limit on every day (anchors §8)."""
FASTEST: Final[Mapping[str, float]] = {"fifty_agents": 0.2, "three_hundred_agents": 2.0}
"""Milliseconds a decision may take on average."""


def measure(seeds: int, scenarios: Sequence[str] = (), contenders: Sequence[str] = ()) -> Printed:
    """All scenarios and all contenders, or those named; `seeds` days of each."""
    return {name: _scenario(name, seeds, contenders or (OURS, *BASELINES)) for name in scenarios or shipped()}


def _scenario(name: str, seeds: int, contenders: Sequence[str]) -> Printed:
    scenario = load_scenario(name)
    found: Printed = {"scenario": scenario.scenario}
    for each in contenders:
        print(f"bench: pacing, {name}, {each} …", file=sys.stderr)
        summary = run_days(scenario, CONTENDERS[each], range(1, seeds + 1))
        found[each] = as_figures(summary)
        if each == OURS:
            found["goals"] = goals(name, summary, scenario.campaign.max_abandon)
    return found


def goals(name: str, ours: Summary, limit: float) -> Printed:
    """What the pacer is held to on a scenario, and whether it keeps it."""
    told = {"abandonment_of_the_worst_day": Goal("<=", limit).judged(ours.worst_abandonment)}
    if name in TARGETS:
        told["utilisation"] = Goal(">=", TARGETS[name]).judged(ours.utilisation)
    if name in FASTEST:
        told["decision_milliseconds"] = Goal("<", FASTEST[name]).judged(1000 * ours.decision_seconds)
    return told
