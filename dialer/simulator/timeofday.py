"""What changes in the course of the day: a value, or a value from each time on."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from dialer.simulator.distributions import Part

T = TypeVar("T")
U = TypeVar("U")

DAY = 86_400.0
_TIME = re.compile(r"^([01]?\d|2[0-4]):([0-5]\d)$")


def _seconds(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value * 60.0  # YAML reads an unquoted 12:30 as 12 times 60 and 30
    if isinstance(value, str) and (found := _TIME.match(value.strip())):
        return int(found[1]) * 3600.0 + int(found[2]) * 60.0
    if isinstance(value, float):
        return value
    raise ValueError(f"{value!r} is no time of day; write one as 12:30")


TimeOfDay = Annotated[float, BeforeValidator(_seconds), Field(ge=0, le=DAY)]
"""Written `12:30`; kept as seconds since midnight."""


def written(seconds: float) -> str:
    """A time of day as a person writes it; past midnight it begins again."""
    minutes = round(seconds / 60) % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


class From(Part, Generic[T]):
    """`{from: 12:00, is: 0.45}`."""

    begins: Annotated[TimeOfDay, Field(alias="from")]
    value: Annotated[T, Field(alias="is")]


class Timed(Part, Generic[T]):
    """A value for the whole day, or a list of values with the time each of them begins.

    Before the first of a list its value holds already.
    """

    steps: tuple[From[T], ...]

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if isinstance(value, Timed):
            return value
        if isinstance(value, list):
            return {"steps": value}
        return {"steps": [{"from": 0.0, "is": value}]}

    @model_validator(mode="after")
    def _in_order(self) -> "Timed[T]":
        if not self.steps:
            raise ValueError("an empty list has no value")
        times = [step.begins for step in self.steps]
        if times != sorted(set(times)):
            raise ValueError("each time must be later than the one before")
        return self

    @property
    def times(self) -> Sequence[float]:
        """When something changes: seconds since midnight."""
        return [step.begins for step in self.steps[1:]]

    def at(self, seconds: float) -> T:
        """The value at a time of day, in seconds since midnight."""
        return self.steps[bisect_right(self.times, seconds)].value

    def compiled(self, starts: float, make: Callable[[T], U]) -> Callable[[float], U]:
        """What `make` makes of each value, looked up by seconds since `starts` (seconds since midnight)."""
        made = [make(step.value) for step in self.steps]
        if len(made) == 1:
            only = made[0]
            return lambda _now: only
        times = [time - starts for time in self.times]
        return lambda now: made[bisect_right(times, now)]
