"""From what was seen to what is printed: medians, percentiles, and whether a goal is met. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import ge, le, lt
from statistics import median
from typing import Any, Final

_COMPARED: Final = {">=": ge, "<=": le, "<": lt}

Printed = dict[str, Any]
"""A part of the JSON document."""


@dataclass(frozen=True, slots=True)
class Burst:
    """One run of calls at full speed."""

    calls: int
    """Made from the first word to the last."""
    failed: int
    """Not made, or not written down in full."""
    seconds: float
    """From the first call to the last one's end, or to its record's being in the database."""

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached: `>= 0.5`."""

    sign: str
    bound: float

    def judged(self, value: float) -> Printed:
        """A figure beside its goal."""
        return {
            "value": rounded(value),
            "goal": f"{self.sign} {self.bound:g}",
            "met": bool(_COMPARED[self.sign](value, self.bound)),
        }


def told(bursts: Sequence[Burst]) -> Printed:
    """Several bursts of one kind: each rate, their median, and all calls and failures."""
    rates = [burst.rate for burst in bursts]
    return {
        "calls_per_second": rounded(median(rates)) if rates else 0.0,
        "runs": [rounded(rate) for rate in rates],
        "calls": sum(burst.calls for burst in bursts),
        "failed": sum(burst.failed for burst in bursts),
    }


def ratio(ours: Sequence[Burst], theirs: Sequence[Burst]) -> float:
    """How our median rate compares with theirs; 0 when there is nothing to compare with."""
    if not ours or not theirs:
        return 0.0
    other = median(burst.rate for burst in theirs)
    return median(burst.rate for burst in ours) / other if other else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share (0 … 1) of all does not exceed; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def bucket_bound(counts: Mapping[float, float], share: float) -> float:
    """The lowest bound of a Prometheus histogram (cumulative counts by bound) below which this share lies.

    0 for an empty histogram.
    """
    most = counts.get(math.inf, 0.0)
    if most <= 0:
        return 0.0
    return min(bound for bound, count in counts.items() if count >= share * most)


def all_met(document: Mapping[str, Any]) -> bool:
    """Whether every goal anywhere in a document is met."""
    if "met" in document and not document["met"]:
        return False
    return all(all_met(value) for value in document.values() if isinstance(value, Mapping))


def rounded(value: float) -> float:
    """Four digits are all that such a figure is worth."""
    return float(f"{value:.4g}") if math.isfinite(value) else 0.0
