"""Jurisdictions as data: who may be called when, how often and with whose consent."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from dialer.gate.calendar import Calendar
from dialer.gate.destination import NumberKind
from dialer.gate.hours import Hours
from dialer.gate.limits import Abandonment, Cap, Gap, Peace, RegisterRule, Ring, Source
from dialer.gate.purpose import Purpose
from values import BadInputError, from_yaml, what_to_do

FOLDER = Path(__file__).parent / "jurisdictions"

HOUSE_LIMIT = 0.03
"""The share of abandoned calls that the house itself bears where a jurisdiction names none."""


class UnknownJurisdictionError(BadInputError):
    """There is no such jurisdiction."""

    error_id = "unknown-jurisdiction"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise ValueError(f"{name!r} is no time zone; write one as Europe/Rome") from problem
    return name


class Jurisdiction(BaseModel, frozen=True, extra="forbid"):
    """The limits of one jurisdiction. Not legal advice: `status` says who still has to confirm it."""

    jurisdiction: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str
    status: str
    sources: list[Source] = []
    countries: frozenset[Annotated[str, Field(pattern=r"^[A-Z]{2}$")]] = frozenset()
    """Where calls may go; the installation's own country when empty."""
    refuse: frozenset[NumberKind] = frozenset()
    """Kinds of numbers not to be dialled, besides those that never are."""
    zones: frozenset[Annotated[str, AfterValidator(_zone)]] = frozenset()
    """Where a number may be whose own zone nobody knows."""
    holidays: str = ""
    holiday_regions: tuple[str, ...] = ()
    """Parts of that country whose own holidays count too."""
    extra_holidays: frozenset[date] = frozenset()
    caller_id: bool = False
    """Whether calls must show who calls."""
    consent: frozenset[Purpose] = frozenset()
    """Purposes that need the customer's consent."""
    consent_automated: frozenset[Purpose] = frozenset()
    """Purposes that need it when no agent talks."""
    registers: tuple[RegisterRule, ...] = ()
    ring: Ring | None = None
    abandonment: Abandonment | None = None
    gaps: tuple[Gap, ...] = ()
    after_refusal: tuple[Peace, ...] = ()
    hours: Mapping[Purpose, Hours] = {}
    """A purpose left out may call at any hour."""
    caps: list[Cap] = []

    @model_validator(mode="after")
    def _holidays_known(self) -> "Jurisdiction":
        if not self.holidays and self.holiday_regions:
            raise ValueError("holiday_regions need the country in holidays")
        for region in self.holiday_regions or ("",):
            try:  # the list of all countries takes half a second to make
                if self.holidays:
                    holidays.country_holidays(self.holidays, subdiv=region or None)
            except NotImplementedError as problem:
                raise ValueError(f"no holidays are known for {self.holidays!r} {region!r}") from problem
        return self

    @cached_property
    def calendar(self) -> Calendar:
        """Its public holidays."""
        return Calendar(self.holidays, self.holiday_regions, self.extra_holidays)

    @property
    def abandon_limit(self) -> float:
        """The most a campaign may aim at."""
        return self.abandonment.limit if self.abandonment else HOUSE_LIMIT

    def source_of(self, word: str) -> str:
        """Where a word of the file was read; '' when nobody says. `hours.marketing` falls back on `hours`."""
        for wanted in (word, word.partition(".")[0]):
            for source in self.sources:
                if wanted in source.of:
                    return source.read_in
        return ""


def load_profiles(folder: Path = FOLDER) -> dict[str, Jurisdiction]:
    """Read every jurisdiction of a folder. Raises `BadInputError` naming the file and the wrong field."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            profile = Jurisdiction.model_validate(from_yaml(path.read_bytes()))
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise BadInputError(
                f"{path.name}: {where}: {what_to_do(first, Jurisdiction.model_fields)}", field="jurisdiction"
            ) from problem
        except BadInputError as problem:
            raise BadInputError(f"{path.name}: {problem}", field="jurisdiction") from problem
        found[profile.jurisdiction] = profile
    return found
