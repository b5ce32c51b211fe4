"""What a survey's plan says of sampling. Other parts of the plan are others' business."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from surveys.sampling.allocation import shared
from surveys.sampling.size import Precision, Size, size_for
from values import refused


class SamplingPlan(BaseModel):
    """Precision, strata, quarantine, seed."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    margin: float = Field(default=0.05, gt=0, lt=1)
    """Half the interval's width that is wanted, as a share: 0.05 is ±5 points."""
    confidence: float = Field(default=0.95, ge=0.5, lt=1)
    variance: float = Field(default=0.25, ge=0, le=1)
    """Of one answer: 0.25 for a share at worst, 1 for NPS at worst."""
    population: int | None = Field(default=None, ge=1)
    """How many there are to ask about; empty: very many."""
    deff: float = Field(default=1.0, ge=1)
    """The design effect that is expected."""
    response: float = Field(default=1.0, gt=0, le=1)
    """The share of those invited who complete."""
    quarantine_days: int = Field(default=90, ge=0, le=3650)
    """Nobody is asked again for so long."""
    seed: str = ""
    """Of the draws; empty: a new one each time. Every draw keeps the one it had."""

    @property
    def size(self) -> Size:
        """How many that takes."""
        return size_for(
            Precision(
                margin=self.margin,
                confidence=self.confidence,
                variance=self.variance,
                population=self.population,
                deff=self.deff,
                response=self.response,
            )
        )


def sampling_plan(plan: Mapping[str, Any]) -> SamplingPlan:
    """What a survey's plan says of sampling. Raises `BadInputError` naming the field."""
    try:
        return SamplingPlan.model_validate(dict(plan))
    except ValidationError as problem:
        raise refused(problem) from problem


def targets(complete: int, cells: Mapping[str, int], least: int = 0) -> Mapping[str, int]:
    """A week's quotas for cells as `voice|Roma`, by how many contacts each has: a plan's `targets`.

    They are counted on complete interviews. `least` gives each cell enough to be shown (30).
    """
    return shared(complete, cells, least)
