"""What is asked of the opinions: over which time, by what, of whom. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from surveys.figures.indicators import Indicator
from surveys.figures.periods import By, periods
from values import HOUSE_ZONE, BadInputError
from values.proportions import CONFIDENCE

LEAST: Final = 30
"""Cells with fewer answers are hidden."""


class Dimension(StrEnum):
    """By what rows are told apart."""

    ALL = "all"
    """One row a period."""
    AREA = "area"
    PARTNER = "partner"
    SITE = "site"
    TEAM = "team"
    AGENT = "agent"
    REGION = "region"
    """Of a poll: provinces or places."""

    @property
    def path(self) -> tuple[str, ...]:
        """The columns that make a row: a team lies in a site, a site belongs to a partner ('': the house)."""
        return _PATHS[self]


_PATHS: Final = {
    Dimension.ALL: (),
    Dimension.AREA: ("area",),
    Dimension.PARTNER: ("partner",),
    Dimension.SITE: ("partner", "site"),
    Dimension.TEAM: ("partner", "site", "team"),
    Dimension.AGENT: ("partner", "site", "team", "agent"),
    Dimension.REGION: ("region",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What whoever asks may see; '' and None: all. A partner's manager sees theirs, an agent themselves."""

    partner: str | None = None
    site: str | None = None
    team: str | None = None
    agent: str | None = None


EVERYTHING: Final = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One table of figures, as it is wanted."""

    by: By
    since: str
    """The first period: `2026-W40` or `2026-10`."""
    until: str
    """The last one, included."""
    dimension: Dimension = Dimension.ALL
    surveys: frozenset[str] = frozenset()
    """Empty: all."""
    area: str = ""
    """Only this one; '' all."""
    scope: Scope = EVERYTHING
    indicators: Sequence[Indicator] = field(default_factory=lambda: tuple(Indicator))
    zone: str = HOUSE_ZONE
    least: int = LEAST
    confidence: float = CONFIDENCE

    def __post_init__(self) -> None:
        """Refuse what nobody can mean. Raises `BadInputError` naming the field."""
        _ = self.periods
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as problem:
            raise BadInputError("write a time zone as in Europe/Rome", field="zone") from problem
        if self.area and self.dimension is Dimension.AREA:
            raise BadInputError("one area has no rows by area; leave out one of the two", field="area")
        if not 0.5 <= self.confidence < 1:  # noqa: PLR2004  (a probability)
            raise BadInputError("write a confidence from 0.5 to below 1, as 0.95", field="confidence")

    @property
    def periods(self) -> Sequence[str]:
        """All its periods in order."""
        return periods(self.since, self.until, self.by)

    @property
    def path(self) -> tuple[str, ...]:
        """The columns that make a row; an agent who looks at themselves is one row, whatever their team."""
        if self.scope.agent is not None and self.dimension is Dimension.AGENT:
            return ("agent",)
        return self.dimension.path
