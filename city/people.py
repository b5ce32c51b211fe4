"""Who lives in the town. Pure: a number and a seed say what its subscriber does with a telephone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from values import BadInputError, from_yaml

NUMBER = r"^\+[0-9]{6,15}$"
SCRIPT = r"^[0-9*#.]*$"
SOUND = r"^[a-z0-9/_-]+$"


class _Word(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Answers(_Word):
    """Takes the call, listens, presses keys."""

    rings: Annotated[int, Field(ge=0, le=20)] = 2
    """How many rings (4 s each) before; 0 answers at once."""
    keys: Annotated[str, Field(pattern=SCRIPT)] = ""
    """A key a step; a dot listens one while longer."""
    heeds: bool = False
    """Whether they key what `asked` has for the flow that speaks to them, where it has it; `keys` else."""
    listens: Annotated[float, Field(ge=0, le=120)] = 7.0
    """Seconds before the first key, and for each dot."""
    stays: Annotated[float, Field(ge=0, le=3600)] = 60.0
    """Seconds until hanging up, if nobody else does."""
    says: list[Annotated[str, Field(pattern=SOUND)]] = []
    """Sounds of Asterisk's, said after a moment, as `hello`: whoever listens can tell them from a machine."""
    talks: Annotated[float, Field(gt=0, le=3600)] | None = None
    """In place of `stays`: the mean length of their talks, in seconds; lengths differ as real ones do."""


class Machine(_Word):
    """An answering machine: a greeting, a beep, then it records what it hears."""

    rings: Annotated[int, Field(ge=0, le=20)] = 4
    greets: Annotated[list[Annotated[str, Field(pattern=SOUND)]], Field(min_length=1)] = ["vm-intro"]
    pauses: Annotated[float, Field(ge=0, le=5)] = 0.5
    """Seconds between greeting and beep."""
    records: Annotated[float, Field(ge=0, le=600)] = 25.0


class Screening(_Word):
    """A telephone's assistant: it asks who calls, listens, and fetches its owner or does not."""

    rings: Annotated[int, Field(ge=0, le=20)] = 1
    asks: Annotated[list[Annotated[str, Field(pattern=SOUND)]], Field(min_length=1)] = ["vm-rec-name"]
    waits: Annotated[float, Field(ge=0, le=60)] = 8.0
    """Seconds that it waits for an answer."""
    fetches: Answers | None = None
    """What the owner does once fetched (rings do not count); without it, it hangs up after waiting."""


class Nothing(_Word):
    """There is nothing more to say about it."""


T = TypeVar("T", bound="_Shared")

TALK_VARIATION = 0.8


class _Shared(_Word):
    share: Annotated[float, Field(gt=0)] = 1.0


class Called(_Shared):
    """What somebody does who is rung; one of the five."""

    answers: Answers | None = None
    machine: Machine | None = None
    screening: Screening | None = None
    busy: Nothing | None = None
    never: Nothing | None = None

    @model_validator(mode="after")
    def _one(self) -> "Called":
        all_five = (self.answers, self.machine, self.screening, self.busy, self.never)
        if sum(each is not None for each in all_five) != 1:
            raise ValueError("name one of: answers, machine, screening, busy, never")
        return self


class Asked(_Shared):
    """What somebody keys who understands what they are asked."""

    keys: Annotated[str, Field(pattern=SCRIPT)] = ""
    stays: Annotated[float, Field(ge=0, le=3600)] = 120.0


class Caller(_Shared):
    """What somebody does who rings us."""

    keys: Annotated[str, Field(pattern=SCRIPT)] = ""
    stays: Annotated[float, Field(ge=0, le=3600)] = 90.0


class _Range(_Word):
    first: Annotated[str, Field(alias="from", pattern=NUMBER)]
    last: Annotated[str, Field(alias="to", pattern=NUMBER)]
    does: Annotated[list[Called], Field(min_length=1)]

    def holds(self, number: str) -> bool:
        """Whether a number of the same length lies in it."""
        return len(number) == len(self.first) and self.first <= number <= self.last


class _Callers(_Word):
    listens: Annotated[float, Field(ge=0, le=120)] = 4.0
    rings: Annotated[list[Caller], Field(min_length=1)]


class People(_Word):
    """All subscribers."""

    seed: int = 2009
    called: Annotated[list[_Range], Field(min_length=1)]
    asked: dict[str, Annotated[list[Asked], Field(min_length=1)]] = {}
    """What is keyed in a flow of ours, by its name, by those who heed it."""
    callers: _Callers

    def called_at(self, number: str) -> Called:
        """What the subscriber of a number does when rung; a number nobody has is never answered."""
        for each in self.called:
            if each.holds(number):
                return _draw(each.does, Random(f"{self.seed} {number}"))
        return Called(never=Nothing())

    def answering(self, number: str, flow: str, does: Answers) -> Answers:
        """What somebody who has picked up does when a flow speaks to them; they always do the same in it."""
        if not does.heeds or flow not in self.asked:
            return does
        keys = _draw(self.asked[flow], Random(f"{self.seed} {number} {flow}"))
        return does.model_copy(update={"keys": keys.keys, "stays": keys.stays})

    def calling(self, chance: Random) -> "Person":
        """Somebody who is about to ring 0611."""
        caller = _draw(self.callers.rings, chance)
        return Person(caller.keys, self.callers.listens, caller.stays)


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody does once the line is up: keys with their waits, then silence until hanging up."""

    keys: str
    listens: float
    stays: float

    def moves(self) -> list[tuple[float, str]]:
        """(seconds to wait, key) in turn. Keys that follow each other come a second apart, as fingers do."""
        moves: list[tuple[float, str]] = []
        wait = 0.0 if self.keys.startswith(".") else self.listens
        for sign in self.keys:
            if sign == ".":
                wait += self.listens
            else:
                moves.append((wait, sign))
                wait = 1.0
        return moves


def talk_seconds(mean: float, chance: Random) -> float:
    """How long one talk lasts: lognormal with a variation of 0.8, as talks in contact centres do."""
    shape = math.log(1 + TALK_VARIATION**2)
    return chance.lognormvariate(math.log(mean) - shape / 2, math.sqrt(shape))


def _draw(choices: Sequence[T], chance: Random) -> T:
    return chance.choices(choices, weights=[each.share for each in choices])[0]


def read_people(path: Path) -> People:
    """Read a town's file. Raises `BadInputError` naming file and every field that is wrong."""
    try:
        data: Any = from_yaml(path.read_bytes(), field=str(path))
        return People.model_validate(data)
    except OSError as problem:
        raise BadInputError(f"cannot be read: {problem}", field=str(path)) from problem
    except ValidationError as problem:
        told = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problem.errors()]
        raise BadInputError("; ".join(told), field=str(path)) from problem
