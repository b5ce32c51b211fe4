"""How long customers may wait, by jurisdiction, and how machines are told from people within that time.

The clocks are those of `dialer/gate/jurisdictions`. They run from the answer, but where the law begins with
the end of the greeting and AMD has heard that. AMD tells no greeting's beginning: where the law begins there,
the answer is taken, which is a little stricter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from dialer.gate import Begins, Jurisdiction, Meanwhile, load_profiles
from values import BadInputError, from_yaml

FILE = Path(__file__).with_name("detections.yaml")
HOUSE_SECONDS = 2.0
"""The clock where no law says one."""

Milliseconds = Annotated[int, Field(ge=1, le=30_000)]


class Detection(BaseModel, frozen=True, extra="forbid"):
    """The settings of Asterisk's AMD, in its own order."""

    clock: Annotated[float, Field(gt=0, le=30)]
    """The seconds they are for."""
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

    @model_validator(mode="after")
    def _leaves_time(self) -> "Detection":
        if self.total_analysis_time >= self.clock * 1000:
            raise ValueError("total_analysis_time leaves no time for an agent")
        return self

    @property
    def arguments(self) -> tuple[str, ...]:
        """As the application takes them."""
        return tuple(str(value) for value in self.model_dump(exclude={"clock"}).values())


@dataclass(frozen=True, slots=True)
class Law:
    """One jurisdiction's clock."""

    answer_within: float
    """Seconds from the answer until an agent must be heard, or what the law wants instead."""
    comfort_noise: bool
    message: bool
    """Whether those for whom nobody is free are told who called; else the call just ends."""
    detection: Detection
    after_greeting: bool = False
    """Whether the clock begins only when the greeting is over."""


class Laws:
    """All of them."""

    def __init__(self, jurisdictions: Mapping[str, Jurisdiction], detections: Sequence[Detection]) -> None:
        """Raises `BadInputError` naming a jurisdiction whose clock no detection fits."""
        self._laws = {name: _law(each, detections) for name, each in jurisdictions.items()}
        self._house = Law(HOUSE_SECONDS, False, True, _fitting(HOUSE_SECONDS, detections, "house"))  # noqa: FBT003

    def law(self, profile: str) -> Law:
        """A jurisdiction's clock; the house's own for one that nobody knows."""
        return self._laws.get(profile, self._house)


def load_laws(path: Path = FILE, jurisdictions: Mapping[str, Jurisdiction] | None = None) -> Laws:
    """Read them; the shipped jurisdictions by default. Raises `BadInputError` naming file and field."""
    try:
        said = from_yaml(path.read_bytes(), field=str(path))
        detections = TypeAdapter(list[Detection]).validate_python(said)
    except OSError as problem:
        raise BadInputError(f"cannot be read: {problem}", field=str(path)) from problem
    except ValidationError as problem:
        told = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problem.errors()]
        raise BadInputError("; ".join(told), field=str(path)) from problem
    return Laws(load_profiles() if jurisdictions is None else jurisdictions, detections)


def _law(jurisdiction: Jurisdiction, detections: Sequence[Detection]) -> Law:
    rule = jurisdiction.abandonment
    seconds = rule.seconds if rule else HOUSE_SECONDS
    return Law(
        answer_within=seconds,
        comfort_noise=rule is not None and rule.meanwhile is Meanwhile.COMFORT_NOISE,
        # who says nothing of a message forbids none; who says that there is none wants the call ended
        message=rule is None or bool(rule.message) or "message" not in rule.model_fields_set,
        detection=_fitting(seconds, detections, jurisdiction.jurisdiction),
        after_greeting=rule is not None and rule.begins is Begins.GREETING_END,
    )


def _fitting(seconds: float, detections: Sequence[Detection], whose: str) -> Detection:
    fit = [each for each in detections if each.clock <= seconds]
    if not fit:
        raise BadInputError(f"no detection is quick enough for {seconds:g} s", field=whose)
    return max(fit, key=lambda each: each.clock)
