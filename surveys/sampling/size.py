"""How many answers a precision takes. Pure.

n = z² · variance / e² × FPC × deff (W. G. Cochran, Sampling Techniques, 1977): for a proportion the variance
is p(1 − p), for NPS, counted as 1, 0 and −1, p + d − (p − d)²; FPC is the finite population's correction,
deff the design effect.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

from values import BadInputError
from values.proportions import CONFIDENCE, quantile

HALF: Final = 0.5
FUZZ: Final = 1e-9
"""So that a whole number is not counted up for a rounding error of floats."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many it takes."""

    complete: int
    """Complete interviews."""
    invite: int
    """How many to invite, with the response that is expected."""
    enough: bool
    """Whether the population holds so many to invite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """What is wanted. Raises `BadInputError` naming the field for what nobody can mean."""

    margin: float
    """Half the interval's width, as a share: 0.05 is ±5 points."""
    confidence: float = CONFIDENCE
    variance: float = HALF * HALF
    """Of one answer; 0.25 is the worst that a proportion can have, 1 the worst of NPS."""
    population: int | None = None
    """How many there are; None: very many."""
    deff: float = 1.0
    response: float = 1.0
    """The share of those invited who will complete."""

    def __post_init__(self) -> None:
        """Look each over."""
        _check(0 < self.margin < 1, "margin", "write a share between 0 and 1: 0.05 is ±5 points")
        _check(HALF <= self.confidence < 1, "confidence", "write a probability from 0.5 to below 1")
        _check(0 <= self.variance <= 1, "variance", "write a variance from 0 to 1")
        _check(self.population is None or self.population >= 1, "population", "write 1 or more")
        _check(self.deff >= 1, "deff", "write a design effect of 1 or more")
        _check(0 < self.response <= 1, "response", "write a share above 0 and up to 1")


def share_variance(share: float = HALF) -> float:
    """Of a proportion: p(1 − p), at most 0.25."""
    return share * (1 - share)


def nps_variance(promoters: float = HALF, detractors: float = HALF) -> float:
    """Of NPS on the scale from −1 to 1: p + d − (p − d)², at most 1."""
    return promoters + detractors - (promoters - detractors) ** 2


def size_for(wanted: Precision) -> Size:
    """How many complete interviews, and how many to invite. 385 for ±5 points of a share, 1,068 for ±3."""
    endless = quantile(wanted.confidence) ** 2 * wanted.variance / wanted.margin**2
    population = wanted.population
    correction = 1.0 if population is None else 1 / (1 + max(0.0, endless - 1) / population)
    complete = max(1, ceil(endless * correction * wanted.deff - FUZZ))
    if population is not None:
        complete = min(complete, population)
    invite = ceil(complete / wanted.response - FUZZ)
    enough = population is None or invite <= population
    return Size(complete, invite if population is None else min(invite, population), enough)


def _check(right: bool, field: str, words: str) -> None:
    if not right:
        raise BadInputError(words, field=field)
