"""How many more answers would bring what there is to a precision. Pure."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from surveys.figures.estimates import Estimate, estimate
from surveys.figures.indicators import Indicator, Unit
from surveys.figures.tallies import Tally
from surveys.sampling.size import FUZZ, nps_variance
from values import BadInputError
from values.proportions import CONFIDENCE, quantile, wilson_reach

MOST: Final = 10_000_000
POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class More:
    """What is missing."""

    n: int
    """Answers there are."""
    reach: float
    """Half their interval's width, in points (percentage points of a share)."""
    needed: int
    """How many it takes altogether."""
    more: int
    """How many more; 0 when it is reached."""
    invite: int
    """How many more to invite for them, with the response that is expected."""


def more_needed(
    indicator: Indicator,
    tally: Tally,
    *,
    margin: float = 2.0,
    response: float = 1.0,
    confidence: float = CONFIDENCE,
) -> More:
    """How many more answers like those there are make the interval ±`margin` points, or marks of a mean.

    If they go on as they have, with the same weights: the design effect stays. Nothing answered yet counts
    as the worst case; that all gave one answer does not make them exact (`Estimate.doubt`). Raises
    `BadInputError` naming the field.
    """
    if margin <= 0:
        raise BadInputError("write how many points, above 0", field="margin")
    if not 0 < response <= 1:
        raise BadInputError("write a share above 0 and up to 1", field="response")
    found = estimate(indicator, tally, confidence)
    deff = found.n / found.worth if found else 1.0
    needed = ceil(_needed(indicator, found, margin, confidence) * deff - FUZZ)
    n = found.n if found else 0
    more = max(0, needed - n)
    reach = _reach(indicator, found, confidence) if found else float("inf")
    return More(n, reach, max(needed, 1), more, ceil(more / response - FUZZ))


def _needed(indicator: Indicator, found: Estimate | None, margin: float, confidence: float) -> int:
    """Equally weighted answers for the margin."""
    how = indicator.definition
    if how.unit is Unit.SHARE:
        return _wilson_needed(found.value if found else 0.5, margin / POINTS, confidence)
    if found:
        variance = found.doubt**2 * found.worth
    elif how.unit is Unit.POINTS:
        variance = nps_variance() * POINTS**2
    else:
        variance = (how.high - how.low) ** 2 / 4
    return max(1, ceil(quantile(confidence) ** 2 * variance / margin**2 - FUZZ))


def _wilson_needed(share: float, margin: float, confidence: float) -> int:
    """The least n with an interval so narrow; it falls with n, so it is found by halving."""
    low, high = 1, MOST
    while low < high:
        middle = (low + high) // 2
        if wilson_reach(share, middle, confidence) <= margin:
            high = middle
        else:
            low = middle + 1
    return low


def _reach(indicator: Indicator, found: Estimate, confidence: float) -> float:
    if indicator.definition.unit is Unit.SHARE:
        return POINTS * wilson_reach(found.value, found.worth, confidence)
    return quantile(confidence) * found.doubt
