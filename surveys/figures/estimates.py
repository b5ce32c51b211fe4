"""An indicator's value with its interval, from the answers' tally. Pure."""

from dataclasses import dataclass
from math import sqrt

from surveys.figures.indicators import Definition, Indicator, Unit
from surveys.figures.intervals import around, effective, nps_error
from surveys.figures.tallies import Tally
from values.proportions import CONFIDENCE, wilson


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the answers say, and how surely."""

    value: float
    low: float
    high: float
    error: float
    """The standard error, in the indicator's unit."""
    n: int
    """Answers."""
    worth: float
    """How many equally weighted ones they are worth."""
    unit: float = 0.0
    """By how much one answer more or less moves the value at most."""
    share: bool = False
    """Whether it is a share, from 0 to 1."""

    @property
    def doubt(self) -> float:
        """The standard error to reckon with.

        Where all gave one answer `error` is 0, and nothing would be left to chance; half an answer's part of
        the scale stands for it.
        """
        return max(self.error, self.unit / 2)


def estimate(indicator: Indicator, tally: Tally, confidence: float = CONFIDENCE) -> Estimate | None:
    """The indicator's value; None where nobody answered, which is never 0.

    Shares carry Wilson's interval, NPS and means the normal one, cut at the scale's ends. With weights that
    differ, Kish's effective size stands for n. A mean's variance is taken with n − 1.
    """
    how = indicator.definition
    answers = tally.within(how.low, how.high)
    total = answers.total
    if not total.n or total.weight <= 0:
        return None
    worth = min(float(total.n), effective(total.weight, total.squares))
    value, error = _value(how, answers, worth)
    if how.unit is Unit.SHARE:
        low, high = wilson(value, worth, confidence)
    else:
        low, high = around(value, error, confidence)
        low, high = max(how.least, low), min(how.most, high)
    unit = (how.most - how.least) / worth
    return Estimate(value, low, high, error, total.n, worth, unit, share=how.unit is Unit.SHARE)


def _value(how: Definition, answers: Tally, worth: float) -> tuple[float, float]:
    """The value and its standard error."""
    if how.unit is Unit.MARK:
        spread = answers.variance * worth / (worth - 1) if worth > 1 else 0.0
        return answers.mean, sqrt(spread / worth)
    good = answers.share(how.good, how.high)
    if how.unit is Unit.SHARE:
        return good, sqrt(good * (1 - good) / worth)
    bad = answers.share(how.low, how.bad)
    return 100 * (good - bad), nps_error(good, bad, worth)
