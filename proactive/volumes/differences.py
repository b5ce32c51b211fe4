"""The difference of two shares, with its interval. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from values.proportions import CONFIDENCE, newcombe


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


def difference(
    hits: int, n: int, other_hits: int, other_n: int, confidence: float = CONFIDENCE
) -> Difference | None:
    """The first share less the other; None where one of the groups is empty.

    The interval is Newcombe's (`values.proportions`).
    """
    if n <= 0 or other_n <= 0:
        return None
    one, other = hits / n, other_hits / other_n
    return Difference(one - other, *newcombe(one, n, other, other_n, confidence))


def combined(pairs: Sequence[Pair], confidence: float = CONFIDENCE) -> Difference | None:
    """The differences within several pairs as one, each by its weight; None where no pair has both groups.

    The weights are those of W. G. Cochran and of Mantel and Haenszel, n1 n2 / (n1 + n2). The interval is made
    of those of the pairs: G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures:
    a general approach", Statistics in Medicine 27 (2008), 1693–1702. Of one pair it is `difference`.
    """
    parts = [
        (each.n * each.other_n / (each.n + each.other_n), one)
        for each in pairs
        if (one := difference(each.hits, each.n, each.other_hits, each.other_n, confidence)) is not None
    ]
    if not parts:
        return None
    whole = sum(weight for weight, _ in parts)
    parts = [(weight / whole, one) for weight, one in parts]
    value = sum(weight * one.value for weight, one in parts)
    below = sqrt(sum((weight * (one.value - one.low)) ** 2 for weight, one in parts))
    above = sqrt(sum((weight * (one.high - one.value)) ** 2 for weight, one in parts))
    return Difference(value, max(-1.0, value - below), min(1.0, value + above))
