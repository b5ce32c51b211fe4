"""From simulated runs to what is to be expected, with its range. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from dialer.simulator.abandonment import share
from dialer.simulator.results import DayResult, Slice
from dialer.simulator.tally import SLICE

_GROUP = 3
"""Slices that are looked at together: a quarter of an hour."""
_GROUP_HOURS = _GROUP * SLICE / 3600
_NINE_IN_TEN = 1.645
"""Standard deviations of a normal within which nine in ten lie."""


@dataclass(frozen=True, slots=True)
class Past:
    """Live answers so far in the law's window, and how many of them were abandoned."""

    live: int
    abandoned: int


@dataclass(frozen=True, slots=True)
class Likely:
    """A figure with the range in which it will lie nine times in ten, as far as chance goes."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected under one setting."""

    utilisation: Likely
    """Talk and wrap-up / staffed time, over the hours to come."""
    abandonment: Likely
    """At the end of those hours, with what was used of the budget before."""
    list_end: Likely | None
    """Hours until every contact is done; None when there is no list, infinite when nobody is called."""
    calls_per_hour: float
    connected_per_hour: float
    runs: int
    """How many it rests on."""


@dataclass(frozen=True, slots=True)
class _Quarter:
    """A quarter of an hour of a run."""

    utilisation: float
    placed: int
    connected: int
    abandoned: int


def reckon(
    runs: Sequence[DayResult],
    past: Past,
    hours: float,
    calls_left: float | None,
    *,
    most_abandoned: float = 1.0,
) -> Forecast:
    """What runs of an hour or less say about so many `hours`.

    `most_abandoned` is a share that a pacer does not pass, unless it has already: what it had left of its
    budget is spent in the first of the hours, and not in each of them.

    Quarters of an hour are taken for independent: the spread of a mean over `hours` is that of a quarter,
    divided by the root of how many quarters there are, and the runs' own uncertainty comes on top.
    """
    quarters = [quarter for run in runs for quarter in _quarters(run.series)]
    calls = fmean(quarter.placed for quarter in quarters) / _GROUP_HOURS
    connected = fmean(quarter.connected for quarter in quarters) / _GROUP_HOURS
    return Forecast(
        utilisation=_likely([quarter.utilisation for quarter in quarters], hours, most=1.0),
        abandonment=_abandonment(quarters, past, hours, most_abandoned),
        list_end=_list_end(quarters, calls_left),
        calls_per_hour=calls,
        connected_per_hour=connected,
        runs=len(runs),
    )


def _quarters(series: Sequence[Slice]) -> Iterable[_Quarter]:
    """The first slice is left out: everybody is idle when a run begins."""
    whole = series[1:]
    for first in range(0, len(whole) - _GROUP + 1, _GROUP):
        part = whole[first : first + _GROUP]
        agents = sum(each.agents for each in part)
        yield _Quarter(
            utilisation=share(sum(each.utilisation * each.agents for each in part), agents),
            placed=sum(each.placed for each in part),
            connected=sum(each.connected for each in part),
            abandoned=sum(each.abandoned for each in part),
        )


def _likely(values: Sequence[float], hours: float, *, most: float = math.inf) -> Likely:
    mean = fmean(values)
    spread = _spread(values, hours)
    return Likely(mean, max(0.0, mean - spread), min(most, mean + spread))


def _spread(values: Sequence[float], hours: float) -> float:
    """Half the range, nine times in ten, of the mean over so many hours."""
    if len(values) < 2:  # noqa: PLR2004  (one value has no spread)
        return 0.0
    groups = max(1.0, hours / _GROUP_HOURS)
    return _NINE_IN_TEN * stdev(values) * math.sqrt(1 / groups + 1 / len(values))


def _abandonment(quarters: Sequence[_Quarter], past: Past, hours: float, most: float) -> Likely:
    groups = hours / _GROUP_HOURS
    lost = fmean(quarter.abandoned for quarter in quarters)
    live = lost + fmean(quarter.connected for quarter in quarters)
    spread = _spread([quarter.abandoned for quarter in quarters], hours)

    most = max(most, share(past.abandoned, past.live))

    def at_the_end(each: float) -> float:
        return min(most, share(past.abandoned + max(0.0, each) * groups, past.live + live * groups))

    return Likely(at_the_end(lost), at_the_end(lost - spread), at_the_end(lost + spread))


def _list_end(quarters: Sequence[_Quarter], calls_left: float | None) -> Likely | None:
    if calls_left is None:
        return None
    placed = [quarter.placed / _GROUP_HOURS for quarter in quarters]

    def ends(rate: float) -> float:
        return calls_left / rate if rate > 0 else math.inf

    mean = ends(fmean(placed))
    if not math.isfinite(mean):
        return Likely(mean, mean, mean)
    spread = _spread(placed, max(mean, _GROUP_HOURS))
    return Likely(mean, ends(fmean(placed) + spread), ends(fmean(placed) - spread))
