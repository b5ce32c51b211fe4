"""Whether a change is more than chance. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from statistics import NormalDist

from surveys.figures.estimates import Estimate
from surveys.figures.intervals import CONFIDENCE, around


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against the one before."""

    difference: float
    low: float
    high: float
    p: float
    """How often chance alone would bring so great a difference."""
    significant: bool
    """Taken by itself."""
    firm: bool = False
    """Still so when all comparisons of the table are taken together (Holm)."""


def change(before: Estimate, after: Estimate, confidence: float = CONFIDENCE) -> Change:
    """The difference of two proportions, of two NPS or of two means from separate samples.

    Its standard error is √(SE₁² + SE₂²), the test the normal one (unpooled, as the samples' spreads differ).
    """
    difference = after.value - before.value
    error = hypot(before.error, after.error)
    low, high = around(difference, error, confidence)
    p = _chance(difference, error)
    return Change(difference, low, high, p, significant=p < 1 - confidence)


def firm(chances: Sequence[float], confidence: float = CONFIDENCE) -> Sequence[bool]:
    """Which of many comparisons hold together, by Holm's steps (S. Holm, Scand. J. Statistics 6, 1979).

    With twenty comparisons one is "significant" by chance alone; of those that are firm, with 95 % none is.
    """
    held = [False] * len(chances)
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    for rank, place in enumerate(order):
        if chances[place] >= (1 - confidence) / (len(chances) - rank):
            break
        held[place] = True
    return held


def _chance(difference: float, error: float) -> float:
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return 2 * (1 - NormalDist().cdf(abs(difference) / error))
