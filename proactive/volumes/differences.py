"""The difference of two shares, with its interval. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Difference:
    """One share less another, and between what it lies."""

    value: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out nought: the groups differ."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups that may be compared: of so many so many."""

    hits: int
    n: int
    other_hits: int
    other_n: int


def wilson(hits: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval of a share (E. B. Wilson, JASA 22, 1927). `n` above 0."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def difference(
    hits: int, n: int, other_hits: int, other_n: int, confidence: float = CONFIDENCE
) -> Difference | None:
    """The first share less the other; None where one of the groups is empty.

    The interval is made of the two shares' Wilson intervals: R. G. Newcombe, "Interval estimation for the
    difference between independent proportions", Statistics in Medicine 17 (1998), 873–890, method 10. Of 56
    in 70 and 48 in 80 it says 0.2000, from 0.0524 to 0.3339 (his table II, example a).
    """
    if n <= 0 or other_n <= 0:
        return None
    one, other = hits / n, other_hits / other_n
    low_one, high_one = wilson(hits, n, confidence)
    low_other, high_other = wilson(other_hits, other_n, confidence)
    value = one - other
    below = sqrt((one - low_one) ** 2 + (high_other - other) ** 2)
    above = sqrt((high_one - one) ** 2 + (other - low_other) ** 2)
    return Difference(value, max(-1.0, value - below), min(1.0, value + above))


def combined(pairs: Sequence[Pair], confidence: float = CONFIDENCE) -> Difference | None:
    """The differences within several pairs as one, each by its weight; None where no pair has both groups.

    The weights are those of W. G. Cochran and of Mantel and Haenszel, n1 n2 / (n1 + n2). The interval is made
    of those of the pairs: G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures:
    a general approach", Statistics in Medicine 27 (2008), 1693–1702. Of one pair it is `difference`.
    """
    whole = [each for each in pairs if each.n and each.other_n]
    weights = [each.n * each.other_n / (each.n + each.other_n) for each in whole]
    parts: list[tuple[float, Difference]] = []
    for each, weight in zip(whole, weights, strict=True):
        one = difference(each.hits, each.n, each.other_hits, each.other_n, confidence)
        if one is not None:
            parts.append((weight / sum(weights), one))
    if not parts:
        return None
    value = sum(weight * one.value for weight, one in parts)
    below = sqrt(sum((weight * (one.value - one.low)) ** 2 for weight, one in parts))
    above = sqrt(sum((weight * (one.high - one.value)) ** 2 for weight, one in parts))
    return Difference(value, max(-1.0, value - below), min(1.0, value + above))
