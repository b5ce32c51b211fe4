"""The parts of a jurisdiction, as they are written in its file."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from dialer.gate.purpose import EVERY_PURPOSE, Purpose


class Counted(StrEnum):
    """What a cap counts."""

    ATTEMPTS = "attempts"
    CONVERSATIONS = "conversations"


class Per(StrEnum):
    """For whom a cap counts."""

    NUMBER = "number"
    CUSTOMER = "customer"
    """All numbers of a customer together; calls to nobody known are left to the caps per number."""


class Limit(BaseModel, frozen=True, extra="forbid"):
    """A limit with the purposes it holds for and where it was read."""

    purposes: frozenset[Purpose] = EVERY_PURPOSE
    source: str = ""


class Cap(Limit, frozen=True):
    """At most so many calls in so many days, over all campaigns; it counts calls for its own purposes."""

    counts: Counted
    most: Annotated[int, Field(ge=0)]
    days: Annotated[int, Field(ge=1, le=30)]
    """1: the calendar day where the customer is; more: the last so many times 24 hours."""
    per: Per = Per.NUMBER

    @cached_property
    def words(self) -> str:
        """As the gate says it: `3 attempts within 7 days`."""
        when = "today" if self.days == 1 else f"within {self.days} days"
        return f"{self.most} {self.counts} {when}"


class After(StrEnum):
    """What kind of call keeps the next one waiting."""

    ABANDONED = "abandoned"
    MACHINE = "machine"
    """A machine was found by detection."""


class Agent(StrEnum):
    """What it changes that an agent is guaranteed for the call."""

    NOTHING = "nothing"
    LIFTS = "lifts"
    """The call may go out at once."""
    THEN = "then"
    """It may go out only after the gap, and without a guaranteed agent not even then."""


class Gap(Limit, frozen=True):
    """How long a number is left alone after an abandoned call, or after a machine."""

    after: After = After.ABANDONED
    hours: Annotated[int, Field(ge=1, le=24 * 30)] | None = None
    """None: for the rest of the calendar day where the customer is."""
    agent: Agent = Agent.NOTHING


class Peace(Limit, frozen=True):
    """For how long somebody who said no is not asked again."""

    days: Annotated[int, Field(ge=1, le=60)]


class Ring(Limit, frozen=True):
    """How long a call must be let ring at least."""

    seconds: Annotated[float, Field(ge=0, le=60)]


class RegisterRule(Limit, frozen=True):
    """A public opt-out register that has to be asked."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str = ""
    fresh_days: Annotated[int, Field(ge=1, le=366)]
    """How old the last reading may be; nobody is called for these purposes after that."""


class Formula(StrEnum):
    """How abandoned calls are set against the others (`dialer.gate.abandonment`)."""

    LIVE = "live"
    """a/(a+y)."""
    COMPLETED = "completed"
    """a/completed."""
    UK = "uk"
    """(a+f)/(a+f+y) where machines are looked for, else a'/(a'+y)."""


class WindowKind(StrEnum):
    """Over which time abandoned calls are counted."""

    DAY = "day"
    """The calendar day, in the jurisdiction's zone."""
    HOURS = "hours"
    """The last `window_hours`."""
    CAMPAIGN = "campaign"
    """The campaign, or each successive 30 days of it."""


class Begins(StrEnum):
    """From where the seconds to the agent are counted."""

    ANSWER = "answer"
    GREETING_START = "greeting_start"
    GREETING_END = "greeting_end"


class Meanwhile(StrEnum):
    """What the answerer hears until the agent or the message comes."""

    SILENCE = "silence"
    COMFORT_NOISE = "comfort_noise"


class Abandonment(Limit, frozen=True):
    """Answered calls for which no agent was there: how many the law bears, and what it wants done."""

    limit: Annotated[float, Field(ge=0, le=1)]
    """The share, 0 to 1."""
    formula: Formula
    window: WindowKind
    window_hours: Annotated[int, Field(ge=1, le=24 * 30)] = 24
    seconds: Annotated[float, Field(gt=0, le=30)]
    """Within which an agent, or else the message or the end, must come."""
    begins: Begins
    meanwhile: Meanwhile = Meanwhile.SILENCE
    message: tuple[str, ...] = ()
    """What the message for the abandoned must contain; empty: the call is ended without one."""
    ring_under: Annotated[float, Field(ge=0, le=60)] = 0.0
    """Calls given up while ringing, before so many seconds, count as abandoned; 0: they do not."""
    least: Annotated[int, Field(ge=1)] = 100
    """Below so many calls the limit is taken of so many: a first abandoned call must not end the day."""


class Source(BaseModel, frozen=True, extra="forbid"):
    """Where a rule was read, and what it says."""

    of: tuple[str, ...] = ()
    """The words of the file it stands behind: `hours.marketing`, `caller_id`."""
    rule: str
    read_in: str

    @model_validator(mode="before")
    @classmethod
    def _one_word(cls, value: object) -> object:
        if isinstance(value, dict) and isinstance(value.get("of"), str):
            return value | {"of": (value["of"],)}
        return value
