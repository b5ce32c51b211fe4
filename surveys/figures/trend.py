"""Whether a change is more than chance. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final

from surveys.figures.estimates import Estimate
from surveys.figures.intervals import around
from values.proportions import CONFIDENCE, chance_beyond, newcombe, newcombe_chance

FEWEST: Final = 4
"""Periods that a line needs."""


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

    Of proportions it has Newcombe's interval, and is more than chance when that leaves 0 out: 30 of 30 and
    then 26 of 30 is not (R. A. Fisher's exact test: p = 0.11). Of the others the standard error is
    √(SE₁² + SE₂²), the test the normal one (unpooled, as the samples' spreads differ); where all gave one
    answer as in `slope`.
    """
    difference = after.value - before.value
    if before.share and after.share:
        pair = (after.value, after.worth, before.value, before.worth)
        low, high = newcombe(*pair, confidence)
        p = newcombe_chance(*pair)
    else:
        error = hypot(before.doubt, after.doubt)
        low, high = around(difference, error, confidence)
        p = chance_beyond(difference / error)
    return Change(difference, low, high, p, significant=p < 1 - confidence)


@dataclass(frozen=True, slots=True)
class Slope:
    """Where a figure is going over a whole table's periods, in its unit a period."""

    value: float
    low: float
    high: float
    p: float
    """How often chance alone would bring so steep a line."""
    significant: bool
    periods: int
    """How many had a figure."""


def slope(found: Sequence[tuple[int, Estimate]], confidence: float = CONFIDENCE) -> Slope | None:
    """The straight line through figures at their periods' places; None for fewer than four.

    Least squares weighted by 1/SE² (Aitken 1935), so its standard error is 1/√Σw(t − t̄)². It finds a slow
    decline that no single step shows. Where all gave one answer the SE would be 0; half an answer's part of
    the scale stands for it.
    """
    if len(found) < FEWEST:
        return None
    weights = [1 / each.doubt**2 for _, each in found]
    whole = sum(weights)
    middle = sum(weight * place for weight, (place, _) in zip(weights, found, strict=True)) / whole
    spread = sum(weight * (place - middle) ** 2 for weight, (place, _) in zip(weights, found, strict=True))
    rise = sum(
        weight * (place - middle) * each.value for weight, (place, each) in zip(weights, found, strict=True)
    )
    value, error = rise / spread, 1 / sqrt(spread)
    low, high = around(value, error, confidence)
    p = chance_beyond(value / error)
    return Slope(value, low, high, p, p < 1 - confidence, len(found))


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
