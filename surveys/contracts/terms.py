"""What is agreed with a partner about the customers' opinion: a contract's terms, checked. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from surveys.figures.indicators import Indicator
from surveys.figures.questions import LEAST
from surveys.models import Mode

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Word = Annotated[str, Field(min_length=1, max_length=80)]
_KEPT: Final = "kept"


class Proof(StrEnum):
    """When a figure outside the target band counts."""

    INTERVAL = "interval"
    """When its whole interval lies outside: what could be chance neither pays nor costs."""
    COUNT = "count"
    """When there are answers enough."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Term(_Part):
    """One indicator. Shares are written from 0 to 1, NPS in points, means as marks; higher is better."""

    indicator: Indicator
    weight: Decimal = Field(gt=0, le=1)
    """What part of the index it is; all of a contract's come to 1."""
    worst: float
    """Here and below the whole malus is due."""
    target: tuple[float, float]
    """The dead-band: within it nothing is paid either way."""
    best: float
    """Here and above the whole bonus is due. Between, it goes in a straight line."""

    @field_validator("target")
    @classmethod
    def _order(cls, band: tuple[float, float]) -> tuple[float, float]:
        if band[0] > band[1]:
            raise ValueError("write the lower end of the band first")
        return band

    @model_validator(mode="after")
    def _corridor(self) -> Self:
        how = self.indicator.definition
        marks = (how.least, self.worst, *self.target, self.best, how.most)
        if not (self.worst < self.target[0] and self.target[1] < self.best):
            raise ValueError("worst must lie below the target band, and best above it")
        if not all(low <= high for low, high in pairwise(marks)):
            raise ValueError(f"{self.indicator} goes from {how.least:g} to {how.most:g}")
        return self


class Exclusions(_Part):
    """Which interviews do not count, and why: agreed beforehand."""

    areas: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    weeks: tuple[str, ...] = ()
    """ISO weeks as `2026-W48`: of a mass fault, a strike."""
    modes: tuple[Mode, ...] = ()
    """`cati`: asked by an agent."""
    why: str = Field(default="", max_length=2000)

    @model_validator(mode="after")
    def _reason(self) -> Self:
        if (self.areas or self.sites or self.regions or self.weeks or self.modes) and not self.why.strip():
            raise ValueError("say why, in `why`")
        return self

    @field_validator("weeks")
    @classmethod
    def _weeks(cls, weeks: tuple[str, ...]) -> tuple[str, ...]:
        for week in weeks:
            try:
                date.fromisoformat(f"{week}-1")
            except ValueError:
                raise ValueError(f"write weeks as 2026-W48, not {week!r}") from None
        return weeks


class Contract(_Part):
    """One version of what is agreed with one partner. A month is reckoned by the version that held in it."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    version: int = Field(ge=1)
    partner: Word
    """As agents and interviews name it."""
    valid_from: Month
    """The first month it holds for."""
    valid_until: Month | None = None
    """The last one; empty: until a later version holds."""
    surveys: tuple[str, ...] = ()
    """Which surveys count; empty: all."""
    indicators: tuple[Term, ...] = Field(min_length=1)
    minimum: int = Field(default=100, ge=1, json_schema_extra={"minimum": LEAST})
    """With fewer answers in the month an indicator neither pays nor costs. Never below what may be shown."""
    proof: Proof = Proof.INTERVAL
    confidence: float = Field(default=0.95, ge=0.5, lt=1)
    """Of the intervals."""
    cap: Decimal = Field(ge=0, le=100)
    """The most that is paid on top, in per cent of the month's invoice."""
    floor: Decimal = Field(ge=-100, le=0)
    """The most that is taken off, in per cent, below 0."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    exclusions: Exclusions = Exclusions()
    note: str = Field(default="", max_length=4000)
    """For people."""

    @classmethod
    def kept(cls, terms: Mapping[str, Any]) -> Self:
        """One that was agreed and kept: it stands, also where a new one has to say otherwise by now."""
        return cls.model_validate(dict(terms), context={_KEPT: True})

    @field_validator("minimum")
    @classmethod
    def _shown(cls, minimum: int, info: ValidationInfo) -> int:
        if minimum < LEAST and not (info.context or {}).get(_KEPT):
            raise ValueError(f"write {LEAST} or more: of fewer answers nothing is told")
        return minimum

    @model_validator(mode="after")
    def _whole(self) -> Self:
        weights = sum(term.weight for term in self.indicators)
        if weights != 1:
            raise ValueError(f"the indicators' weights come to {weights}, and must come to 1")
        names = [term.indicator for term in self.indicators]
        if len(set(names)) != len(names):
            raise ValueError("each indicator may be named once")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until must not lie before valid_from")
        return self

    def holds_in(self, month: str) -> bool:
        """Whether it is meant for a month."""
        return self.valid_from <= month and (self.valid_until is None or month <= self.valid_until)

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it; reading it again gives the same contract."""
        return self.model_dump(mode="json")
