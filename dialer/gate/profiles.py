"""Jurisdictions as data: who may be called when, how often and with whose consent."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
import yaml
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from dialer.gate.calendar import Calendar
from dialer.gate.hours import Hours
from dialer.gate.purpose import EVERY_PURPOSE, Purpose
from values import BadInputError

FOLDER = Path(__file__).parent / "jurisdictions"


class UnknownJurisdictionError(BadInputError):
    """There is no such jurisdiction."""

    error_id = "unknown-jurisdiction"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise ValueError(f"{name!r} is no time zone; write one as Europe/Rome") from problem
    return name


def _holiday_country(code: str) -> str:
    if code:
        try:
            holidays.country_holidays(code)  # the list of all countries takes half a second to make
        except NotImplementedError as problem:
            raise ValueError(f"no holidays are known for {code!r}") from problem
    return code


class Counted(StrEnum):
    """What a cap counts."""

    ATTEMPTS = "attempts"
    CONVERSATIONS = "conversations"


class Cap(BaseModel, frozen=True, extra="forbid"):
    """At most so many calls to a number in so many days, over all campaigns."""

    counts: Counted
    most: Annotated[int, Field(ge=0)]
    days: Annotated[int, Field(ge=1, le=30)]
    """1: the calendar day where the customer is; more: the last so many times 24 hours."""
    purposes: frozenset[Purpose] = EVERY_PURPOSE
    """Whom it limits, and what it counts: calls for these purposes."""
    source: str = ""


class Source(BaseModel, frozen=True, extra="forbid"):
    """Where a rule was read, and what it says."""

    rule: str
    read_in: str


class Jurisdiction(BaseModel, frozen=True, extra="forbid"):
    """The limits of one jurisdiction. Not legal advice: `status` says who still has to confirm it."""

    jurisdiction: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str
    status: str
    sources: list[Source] = []
    countries: frozenset[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = frozenset()
    """Where calls may go; the installation's own country when empty."""
    zones: frozenset[Annotated[str, AfterValidator(_zone)]] = frozenset()
    """Where a number may be whose own zone nobody knows."""
    holidays: Annotated[str, AfterValidator(_holiday_country)] = ""
    holiday_regions: tuple[str, ...] = ()
    """Parts of that country whose own holidays count too."""
    extra_holidays: frozenset[date] = frozenset()
    caller_id: bool = False
    """Whether calls must show who calls."""
    consent: frozenset[Purpose] = frozenset()
    """Purposes that need the customer's consent."""
    hours: Mapping[Purpose, Hours] = {}
    """A purpose left out may call at any hour."""
    caps: list[Cap] = []

    @cached_property
    def calendar(self) -> Calendar:
        """Its public holidays."""
        return Calendar(self.holidays, self.holiday_regions, self.extra_holidays)


def load_profiles(folder: Path = FOLDER) -> dict[str, Jurisdiction]:
    """Read every jurisdiction of a folder. Raises `BadInputError` naming the file and the wrong field."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            profile = Jurisdiction.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise BadInputError(f"{path.name}: {where}: {first['msg']}", field="jurisdiction") from problem
        except yaml.YAMLError as problem:
            raise BadInputError(f"{path.name}: {problem}", field="jurisdiction") from problem
        found[profile.jurisdiction] = profile
    return found
