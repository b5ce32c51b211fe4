"""Where a customer may be, as a key that contacts carry, and which of these keys are open now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dialer.gate.destination import destination
from dialer.gate.hours import Hours, is_open, next_open, read_hours
from dialer.gate.profiles import Jurisdiction
from dialer.gate.purpose import Purpose

NEVER = datetime.max.replace(tzinfo=UTC)
"""When a key opens that opens at no time within two weeks."""


def zones_key(number: str, zone: str, profile_zones: Collection[str]) -> str:
    """Every zone the customer may be in, sorted, with commas: a contact's `zones`.

    By the number's plan (a mobile or free number may be anywhere in its country), by the profile's zones
    where the plan knows none, and by `zone`, that of the address ('' or one that nobody knows adds nothing).
    '' when it cannot be told: then the profile's own zones hold, as they are at the time of the call. All of
    a key's zones must be open: the strictest wins. It belongs to the number: make it anew with another one.
    """
    found = set(destination(number).zones) or set(profile_zones)
    if zone and known_zone(zone):
        found.add(zone)
    return ",".join(sorted(found))


def zones_of_key(key: str, profile: Jurisdiction) -> tuple[str, ...]:
    """The zones that a key stands for: UTC where neither key nor profile names one."""
    return tuple(key.split(",")) if key else tuple(sorted(profile.zones)) or ("UTC",)


def open_now(
    profile: Jurisdiction,
    purpose: Purpose,
    hours: Mapping[str, Sequence[str]],
    keys: Iterable[str],
    now: datetime,
) -> dict[str, datetime | None]:
    """Which zone keys are open now for a campaign with these own `hours`: None, else when they open next.

    `NEVER` for one that does not open within two weeks. Raises `BadInputError` for hours nobody can read.
    """
    limits = limiting(profile, purpose, hours)
    return {key: _opens(profile, limits, zones_of_key(key, profile), now) for key in keys}


def _opens(
    profile: Jurisdiction, limits: Sequence[Hours], zones: Sequence[str], now: datetime
) -> datetime | None:
    if not limits or is_open(limits, zones, profile.calendar, now):
        return None
    return next_open(limits, zones, profile.calendar, now) or NEVER


def limiting(profile: Jurisdiction, purpose: Purpose, hours: Mapping[str, Sequence[str]]) -> list[Hours]:
    """The hours that all must be open: the jurisdiction's and the campaign's own. None: any hour will do."""
    found = [profile.hours[purpose]] if purpose in profile.hours else []
    if hours:
        found.append(read_hours(hours))
    return found


@lru_cache(maxsize=1024)
def known_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
