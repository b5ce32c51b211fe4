"""Estimates with their intervals. Pure; `n` may be an effective size and so no whole number."""

from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95

Interval = tuple[float, float]


@lru_cache(maxsize=64)
def quantile(confidence: float = CONFIDENCE) -> float:
    """How many standard errors an interval reaches to either side: 1.96 for 95 %."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(share: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval of a proportion (E. B. Wilson, JASA 22, 1927).

    Holds its level also for few answers and near 0 and 1: of 0 in 20 it says 0 to 16.1 %. `n` above 0.
    """
    z = quantile(confidence)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = wilson_reach(share, n, confidence)
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def wilson_reach(share: float, n: float, confidence: float = CONFIDENCE) -> float:
    """Half the width of Wilson's interval; falls with `n`."""
    z = quantile(confidence)
    return z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)


def nps_error(promoters: float, detractors: float, n: float) -> float:
    """The standard error of a Net Promoter Score, in points: 100 √((p + d − (p − d)²) / n).

    The variance of a variable that is 1, 0 or −1 (cybaea.net, 2016). p = .5, d = .2, n = 400: 3.9, so 30 ±
    7.7.
    """
    spread = max(0.0, promoters + detractors - (promoters - detractors) ** 2)
    return 100 * sqrt(spread / n)


def around(value: float, error: float, confidence: float = CONFIDENCE) -> Interval:
    """A value and as many standard errors to either side as the confidence asks for."""
    reach = quantile(confidence) * error
    return value - reach, value + reach


def effective(weight: float, squares: float) -> float:
    """How many equal answers so many weighted ones are worth: (Σw)² / Σw² (L. Kish, 1965)."""
    return weight * weight / squares if squares > 0 else 0.0


def design_effect(n: int, weight: float, squares: float) -> float:
    """By how much weights that differ swell the variance: n Σw² / (Σw)². 1 when they are equal."""
    worth = effective(weight, squares)
    return n / worth if worth else 1.0
