"""Goals agreed with agents and teams (MBO), as a file says them. Pure."""

from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from surveys.figures.indicators import Indicator
from surveys.figures.periods import By, periods
from surveys.figures.questions import LEAST, Dimension
from values import BadInputError, from_yaml, what_to_do

EXAMPLE: Final = Path(__file__).with_name("example.yaml")
"""Goals to begin from; the targets are ours."""
WHOSE: Final = (Dimension.AGENT, Dimension.TEAM, Dimension.SITE, Dimension.PARTNER)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Goal(_Part):
    """One indicator that each of some agents, teams, sites or partners is to reach."""

    indicator: Indicator
    whose: Dimension
    """`agent`, `team`, `site`, `partner`."""
    target: float
    """In the indicator's unit: shares from 0 to 1, NPS in points."""
    weight: float = Field(default=1.0, gt=0)
    """Beside their other goals."""
    only: tuple[str, ...] = ()
    """These alone; empty: everybody."""
    targets: dict[str, float] = Field(default_factory=dict)
    """Targets of their own, by name."""

    @model_validator(mode="after")
    def _right(self) -> Self:
        if self.whose not in WHOSE:
            raise ValueError(f"whose is one of {', '.join(WHOSE)}")
        how = self.indicator.definition
        for name, target in {"target": self.target, **self.targets}.items():
            if not how.least <= target <= how.most:
                raise ValueError(f"{name}: {self.indicator} goes from {how.least:g} to {how.most:g}")
        return self

    def target_of(self, name: str) -> float:
        """What somebody is to reach."""
        return self.targets.get(name, self.target)


class Goals(_Part):
    """All goals of a time."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    since: str
    """The first month: `2026-07`."""
    until: str
    """The last one."""
    surveys: tuple[str, ...] = ()
    """Which surveys count; empty: all."""
    least: int = Field(default=LEAST, ge=LEAST)
    """With fewer answers nobody is judged. Never below what may be shown."""
    goals: tuple[Goal, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _months(self) -> Self:
        try:
            periods(self.since, self.until, By.MONTH)
        except BadInputError as problem:
            raise ValueError(str(problem)) from problem
        return self


def read_goals(text: str) -> Goals:
    """Goals from YAML or JSON. Raises `BadInputError` naming each mistake's field."""
    data = from_yaml(text, field="goals")
    try:
        return Goals.model_validate(data)
    except ValidationError as problem:
        raise BadInputError("\n".join(_told(each) for each in problem.errors())) from problem


def _told(found: Any) -> str:
    field = ".".join(str(part) for part in found["loc"]) or "goals"
    return f"{field}: {what_to_do(found, Goals.model_fields if len(found['loc']) == 1 else ())}"
