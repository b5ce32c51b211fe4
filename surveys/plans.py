"""What a survey's plan may say; each part is read by who needs it. Pure.

margin, confidence, response, quarantine_days, seed, …    how many to ask (`surveys.sampling`)
targets: {voice|Roma: 30}                                 how many complete ones a cell may have
after_call: {share: 0.2, queues: {…}}                     after which talks (`surveys.aftercall`)
cati: {mode: preview, skill: surveys}                     agents ask (`surveys.cati`)
after: {events: [fault.closed], share: 0.5}               after which processes
regions: [Roma, Napoli]                                   where a poll asks
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from surveys.aftercall.rules import KEY as AFTER_CALL
from surveys.aftercall.rules import read_after_call
from surveys.cati.asking import KEY as CATI
from surveys.cati.asking import read_cati
from surveys.quotas import TARGETS
from surveys.sampling import SamplingPlan, sampling_plan
from values import BadInputError, no_such, refused

AFTER: Final = "after"
REGIONS: Final = "regions"
MOST_CELLS: Final = 1000
MOST_REGIONS: Final = 200
_MOST_ASKED: Final = 10_000_000
KNOWN: Final = frozenset({*SamplingPlan.model_fields, TARGETS, AFTER_CALL, CATI, AFTER, REGIONS})

Name = Annotated[str, Field(min_length=1, max_length=80)]
Part = TypeVar("Part", bound=BaseModel)


class AfterProcess(BaseModel):
    """After which facts a survey asks, whom of many, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    events: Annotated[list[Name], Field(min_length=1, max_length=20)]
    """Kinds of events: `fault.closed`, `order.activated`, or the outbox's `customers.fault_closed`."""
    share: float = Field(default=1.0, gt=0, le=1)
    """Of all who could be asked."""
    wait_minutes: float = Field(default=60, ge=0, le=60 * 23)
    """How long they are left alone with what was done."""
    within_hours: float = Field(default=24, gt=0, le=24 * 14)
    """After so long nobody remembers."""

    @property
    def wait(self) -> timedelta:
        """How long they are left alone."""
        return timedelta(minutes=self.wait_minutes)

    @property
    def within(self) -> timedelta:
        """Until when they may be asked."""
        return timedelta(hours=self.within_hours)


class _Cells(BaseModel):
    model_config = ConfigDict(frozen=True)

    targets: Annotated[
        dict[Annotated[str, Field(max_length=120)], Annotated[int, Field(strict=True, ge=0, le=_MOST_ASKED)]],
        Field(max_length=MOST_CELLS),
    ] = {}
    """Numbers, and nothing that looks like one: they are kept as they are written."""
    regions: Annotated[list[Name], Field(max_length=MOST_REGIONS)] = []


def check_plan(plan: Mapping[str, Any]) -> None:
    """Raises `BadInputError` naming the field that makes no sense, also for a word nobody reads."""
    for word in plan:
        if word not in KNOWN:
            raise BadInputError(no_such(str(word), KNOWN, "word of a plan"), field=f"plan.{str(word)[:40]}")
    sampling_plan(plan)
    read_after_call(plan)
    read_cati(plan)
    read_after(plan)
    _cells(plan)


def read_after(plan: Mapping[str, Any]) -> AfterProcess | None:
    """What a plan says of processes; None when nothing."""
    given = plan.get(AFTER)
    return None if given is None else _read(AfterProcess, given, AFTER)


def regions_of(plan: Mapping[str, Any]) -> Sequence[str]:
    """Where a poll asks, each once."""
    return list(dict.fromkeys(_cells(plan).regions))


def _cells(plan: Mapping[str, Any]) -> _Cells:
    return _read(_Cells, {word: plan[word] for word in (TARGETS, REGIONS) if word in plan}, "")


def _read(part: type[Part], given: object, at: str) -> Part:
    try:
        return part.model_validate(given)
    except ValidationError as problem:
        raise refused(problem, at=f"plan.{at}".rstrip("."), known=part.model_fields) from problem
