"""The indicators: which question each is reckoned from, and how. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """What an indicator's value is."""

    POINTS = "points"
    """-100 to 100."""
    SHARE = "share"
    """0 to 1, shown as per cent."""
    MARK = "mark"
    """A mean on the question's own scale."""


class Indicator(StrEnum):
    """What is published of opinions."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    CES_EASY = "ces_easy"
    WAITING = "waiting"
    WAITING_MEAN = "waiting_mean"
    CORRECTNESS = "correctness"
    CORRECTNESS_MEAN = "correctness_mean"
    ABILITY = "ability"
    ABILITY_MEAN = "ability_mean"
    COURTESY = "courtesy"
    COURTESY_MEAN = "courtesy_mean"

    @property
    def definition(self) -> "Definition":
        """How it is reckoned."""
        return DEFINITIONS[self]


@dataclass(frozen=True, slots=True)
class Definition:
    """How an indicator is reckoned from one question's answers."""

    item: str
    unit: Unit
    low: int
    """The scale's ends; other answers are no answers to this question."""
    high: int
    good: int
    """From here on up an answer counts: a promoter, one of the top two, "easy". Unused by means."""
    bad: int = -1
    """Down from here it counts against: a detractor. Only of NPS."""

    def takes(self, value: int) -> bool:
        """Whether the value lies on the scale."""
        return self.low <= value <= self.high

    @property
    def least(self) -> float:
        """The smallest value that the indicator can have."""
        return {Unit.POINTS: -100.0, Unit.SHARE: 0.0, Unit.MARK: float(self.low)}[self.unit]

    @property
    def most(self) -> float:
        """The largest."""
        return {Unit.POINTS: 100.0, Unit.SHARE: 1.0, Unit.MARK: float(self.high)}[self.unit]


DETRACTOR: Final = 6
"""So much or less on `recommend` is a detractor."""


def _five(item: str, unit: Unit) -> Definition:
    return Definition(item, unit, 1, 5, good=4)


DEFINITIONS: Final[Mapping[Indicator, Definition]] = {
    # Reichheld 2003: 9-10 promoters, 7-8 passives, 0-6 detractors
    Indicator.NPS: Definition("recommend", Unit.POINTS, 0, 10, good=9, bad=DETRACTOR),
    # the share of the two best answers of five
    Indicator.CSAT: _five("satisfaction", Unit.SHARE),
    # Customer Effort Score 2.0, "made it easy", 1-7: the mean, and the share of 5-7; both, as the field uses
    # both
    Indicator.CES: Definition("effort", Unit.MARK, 1, 7, good=5),
    Indicator.CES_EASY: Definition("effort", Unit.SHARE, 1, 7, good=5),
    Indicator.WAITING: _five("waiting", Unit.SHARE),
    Indicator.WAITING_MEAN: _five("waiting", Unit.MARK),
    Indicator.CORRECTNESS: _five("correctness", Unit.SHARE),
    Indicator.CORRECTNESS_MEAN: _five("correctness", Unit.MARK),
    Indicator.ABILITY: _five("ability", Unit.SHARE),
    Indicator.ABILITY_MEAN: _five("ability", Unit.MARK),
    Indicator.COURTESY: _five("courtesy", Unit.SHARE),
    Indicator.COURTESY_MEAN: _five("courtesy", Unit.MARK),
}
