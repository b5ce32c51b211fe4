"""How long things take: distributions as a scenario writes them, and as the simulator draws from them."""

import math
from collections.abc import Callable
from random import Random
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Sampler: TypeAlias = Callable[[Random], float]
"""Draws one length of time, in seconds."""

Seconds = Annotated[float, Field(ge=0, le=86_400)]
Mean = Annotated[float, Field(gt=0, le=86_400)]
Spread = Annotated[float, Field(gt=0, le=10)]


class Part(BaseModel):
    """The base of every part of a scenario: unknown fields are refused, nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class MeanAndSpread(Part):
    """Two moments."""

    mean: Mean
    """Seconds."""
    cv: Spread
    """Standard deviation divided by the mean."""


class Lognormal(Part):
    """`{lognormal: {mean: 150, cv: 0.8}}`: conversations, and people coming to the telephone."""

    lognormal: MeanAndSpread

    @property
    def mean(self) -> float:
        """Seconds."""
        return self.lognormal.mean

    def sampler(self) -> Sampler:
        """With sigma² = ln(1 + cv²) and mu = ln(mean) − sigma²/2."""
        variance = math.log1p(self.lognormal.cv**2)
        mu, sigma = math.log(self.lognormal.mean) - variance / 2, math.sqrt(variance)
        return lambda random: random.lognormvariate(mu, sigma)


class Gamma(Part):
    """`{gamma: {mean: 25, cv: 0.5}}`."""

    gamma: MeanAndSpread

    @property
    def mean(self) -> float:
        """Seconds."""
        return self.gamma.mean

    def sampler(self) -> Sampler:
        """With shape 1/cv² and scale mean·cv²."""
        shape = self.gamma.cv**-2
        scale = self.gamma.mean / shape
        return lambda random: random.gammavariate(shape, scale)


class Exponential(Part):
    """`{exponential: 40}`: the mean, in seconds."""

    exponential: Mean

    @property
    def mean(self) -> float:
        """Seconds."""
        return self.exponential

    def sampler(self) -> Sampler:
        """Without memory."""
        rate = 1 / self.exponential
        return lambda random: random.expovariate(rate)


class Share(Part):
    """One part of a mixture."""

    share: Annotated[float, Field(gt=0, le=1)]
    takes: "Distribution"


class Mixture(Part):
    """`{mixture: [{share: 0.6, takes: 20}, {share: 0.4, takes: {lognormal: …}}]}`."""

    mixture: Annotated[list[Share], Field(min_length=2)]

    @model_validator(mode="after")
    def _whole(self) -> "Mixture":
        total = sum(part.share for part in self.mixture)
        if abs(total - 1) > 1e-6:  # noqa: PLR2004  (rounding of decimals written by a person)
            raise ValueError(f"the shares must come to 1, not {total:g}")
        return self

    @property
    def mean(self) -> float:
        """Seconds."""
        return sum(part.share * mean_of(part.takes) for part in self.mixture)

    def sampler(self) -> Sampler:
        """Chooses a part, then draws from it."""
        bounds, total = [], 0.0
        for part in self.mixture:
            total += part.share
            bounds.append((total, sampler(part.takes)))

        def draw(random: Random) -> float:
            at = random.random()
            chosen = next((take for bound, take in bounds if at < bound), bounds[-1][1])
            return chosen(random)

        return draw


_KINDS = ("lognormal", "gamma", "exponential", "mixture")


def _kind(value: Any) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "constant"
    if isinstance(value, dict):
        return next((kind for kind in _KINDS if kind in value), None)
    return next((kind for kind in _KINDS if hasattr(value, kind)), None)


Distribution = Annotated[
    Annotated[Seconds, Tag("constant")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[Gamma, Tag("gamma")]
    | Annotated[Exponential, Tag("exponential")]
    | Annotated[Mixture, Tag("mixture")],
    Discriminator(
        _kind,
        custom_error_type="distribution",
        custom_error_message=f"a length of time is a number of seconds or one of: {', '.join(_KINDS)}",
    ),
]
"""A number of seconds, or a distribution by its name."""

Share.model_rebuild()


def sampler(distribution: Distribution) -> Sampler:
    """What draws from it."""
    if isinstance(distribution, int | float):
        always = float(distribution)
        return lambda _random: always
    return distribution.sampler()


def mean_of(distribution: Distribution) -> float:
    """Its mean, in seconds."""
    return float(distribution) if isinstance(distribution, int | float) else distribution.mean
