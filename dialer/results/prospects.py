"""What if: what a changed setting would do to a campaign that runs now, from its own present estimates."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Jurisdiction
from dialer.models import Campaign, Mode
from dialer.results.estimates import estimates
from dialer.results.headcount import headcount
from dialer.results.law import Law, law_of
from dialer.results.worktime import agents_with, signed_in
from dialer.simulator.forecast import Estimates, Settings, compare
from dialer.simulator.outlook import Forecast
from values import HOUSE_ZONE, BadInputError, CentralinoError, refused

PACED: Final = frozenset({Mode.PROGRESSIVE, Mode.RATIO, Mode.PREDICTIVE})
CHANGEABLE: Final = frozenset({"mode", "max_abandon", "max_occupancy", "ratio", "lines", "agents"})


class TooLittleKnownError(CentralinoError):
    """Too few calls have ended to forecast anything: let the campaign run for a while."""

    error_id = "too-little-known"


@dataclass(frozen=True, slots=True)
class Known:
    """What a forecast of a campaign begins with."""

    estimates: Estimates
    settings: Settings
    """As they are."""
    staff: int
    """Agents signed in who may talk for it."""
    contacts_left: int


@dataclass(frozen=True, slots=True)
class Prospects:
    """The hours to come under the present setting and under the changed one."""

    known: Known
    changed: Settings
    hours: float
    as_it_is: Forecast
    as_it_would_be: Forecast


async def known_of(
    session: AsyncSession,
    campaign: Campaign,
    profile: Jurisdiction,
    now: datetime,
    *,
    zone: str = HOUSE_ZONE,
) -> Known:
    """What is known of a running campaign. Raises `TooLittleKnownError`, `BadInputError` without agents."""
    if campaign.mode not in PACED:
        raise BadInputError(f"{campaign.mode.value} campaigns are not paced", field="mode")
    people = await headcount(session, campaign.name)
    found = await estimates(session, campaign, profile, now, people=people)
    if found is None:
        raise TooLittleKnownError
    staff = await signed_in(session, await agents_with(session, campaign.skill), now)
    settings = settings_of(campaign, law_of(profile, campaign, zone=zone))
    return Known(found, settings, staff, people.left)


def settings_of(campaign: Campaign, law: Law) -> Settings:
    """A campaign's present settings as the simulator wants them."""
    return Settings.model_validate(
        {
            "mode": campaign.mode.value,
            "max_abandon": min(max(law.limit, 0.0001), 0.5),  # what the simulator takes
            "max_occupancy": campaign.max_occupancy,
            "ratio": max(1.0, campaign.ratio),
            "lines": campaign.lines,
            "formula": law.rule.formula,
            "answer_within": law.rule.seconds,
        }
    )


def changed_settings(present: Settings, changes: Mapping[str, Any]) -> Settings:
    """The present settings with some changed. Raises `BadInputError` naming the one that cannot be."""
    if strange := sorted(set(changes) - CHANGEABLE):
        raise BadInputError(f"there are: {', '.join(sorted(CHANGEABLE))}", field=strange[0])
    try:
        given = {name: None if value == "none" else value for name, value in changes.items()}
        return Settings.model_validate(present.model_dump() | given)
    except ValidationError as problem:
        raise refused(problem) from problem


async def prospects(
    known: Known, changes: Mapping[str, Any], *, hours: float = 4.0, max_seconds: float = 4.0
) -> Prospects:
    """Forecast both, by the dialler's own code on virtual time, in a thread. Nothing is changed."""
    changed = changed_settings(known.settings, changes)
    now, then = await asyncio.to_thread(
        compare,
        known.estimates,
        known.staff,
        known.settings,
        changed,
        hours=hours,
        contacts_left=known.contacts_left,
        max_seconds=max_seconds,
    )
    return Prospects(known, changed, hours, now, then)


def prospects_told(found: Prospects) -> Mapping[str, Any]:
    """For programs. Each figure with the range in which it will lie nine times in ten."""
    return {
        "hours": found.hours,
        "staff": found.known.staff,
        "contacts_left": found.known.contacts_left,
        "estimates": found.known.estimates.model_dump(),
        "now": {"settings": found.known.settings.model_dump(mode="json"), **_told(found.as_it_is)},
        "changed": {"settings": found.changed.model_dump(mode="json"), **_told(found.as_it_would_be)},
    }


def _told(each: Forecast) -> Mapping[str, Any]:
    figures = {
        "utilisation": each.utilisation,
        "abandonment": each.abandonment,
        "list_ends_in_hours": each.list_end,
    }
    told: dict[str, Any] = {
        name: None if value is None else {"mean": value.mean, "low": value.low, "high": value.high}
        for name, value in figures.items()
    }
    return told | {"calls_per_hour": each.calls_per_hour, "connected_per_hour": each.connected_per_hour}
