"""Standard errors and what weighted answers are worth. Pure."""

from math import sqrt

from values.proportions import CONFIDENCE, Interval, quantile


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
