"""How long customers may wait, by jurisdiction, and how machines are told from people within that time."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, Field, ValidationError, model_validator

from values import BadInputError

FILE = Path(__file__).with_name("laws.yaml")
HOUSE = "none"
"""The clock of a jurisdiction that the file does not name."""

Milliseconds = Annotated[int, Field(ge=1, le=30_000)]


class Detection(BaseModel, frozen=True, extra="forbid"):
    """The settings of Asterisk's AMD, in its own order."""

    initial_silence: Milliseconds
    """Silence of this length before any voice is a machine's."""
    greeting: Milliseconds
    """Voice of this length, altogether, is a machine's."""
    after_greeting_silence: Milliseconds
    """Silence of this length after voice is a person's."""
    total_analysis_time: Milliseconds
    min_word_length: Milliseconds
    between_words_silence: Milliseconds
    maximum_number_of_words: Annotated[int, Field(ge=1, le=20)]
    silence_threshold: Annotated[int, Field(ge=1, le=32_767)]
    maximum_word_length: Milliseconds

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """As the application takes them."""
        return tuple(str(value) for value in self.model_dump().values())


class Law(BaseModel, frozen=True, extra="forbid"):
    """One jurisdiction's clock."""

    answer_within: Annotated[float, Field(gt=0, le=30)]
    """Seconds from the answer until an agent, or the message, must be heard."""
    comfort_noise: bool = False
    detection: str


class Laws(BaseModel, frozen=True, extra="forbid"):
    """All of them."""

    jurisdictions: Mapping[str, Law]
    detections: Mapping[str, Detection]

    @model_validator(mode="after")
    def _known(self) -> "Laws":
        if HOUSE not in self.jurisdictions:
            raise ValueError(f"jurisdictions must name {HOUSE!r}")
        for name, law in self.jurisdictions.items():
            if law.detection not in self.detections:
                raise ValueError(f"{name}: there is no detection {law.detection!r}")
            if self.detections[law.detection].total_analysis_time >= law.answer_within * 1000:
                raise ValueError(f"{name}: {law.detection!r} leaves no time for an agent")
        return self

    def law(self, profile: str) -> Law:
        """A jurisdiction's clock; the house's own for one that is not named."""
        return self.jurisdictions.get(profile) or self.jurisdictions[HOUSE]

    def detection(self, profile: str) -> Detection:
        """How machines are told from people there."""
        return self.detections[self.law(profile).detection]


def load_laws(path: Path = FILE) -> Laws:
    """Read them. Raises `BadInputError` naming file and field."""
    try:
        return Laws.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as problem:
        raise BadInputError(f"cannot be read: {problem}", field=str(path)) from problem
    except ValidationError as problem:
        told = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problem.errors()]
        raise BadInputError("; ".join(told), field=str(path)) from problem
