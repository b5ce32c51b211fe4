"""What of a campaign is compliance's to set, whoever may tune the rest."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from aiohttp import web

from dialer.campaigns import OPEN, is_open
from dialer.models import Campaign
from users import Right
from web.access import who
from web.errors import ForbiddenError
from web.keys import PARTS

LAWFUL: Final = frozenset({"hours", "profile", "purpose"})
CAPACITY: Final = frozenset({"lines", "calls_per_second", "priority", "weight"})
"""How much a campaign calls, not whom nor what it says: whoever tunes campaigns sets it for every one."""


def may_set(request: web.Request, settings: Iterable[str]) -> None:
    """Hours and jurisdiction need the right `compliance`, too. Raises `ForbiddenError`."""
    if not LAWFUL.isdisjoint(settings) and not who(request).may(Right.COMPLIANCE):
        raise ForbiddenError("Hours and jurisdiction are set by who looks after compliance.")


def may_tune(request: web.Request, campaign: Campaign, settings: Collection[str]) -> None:
    """Settings of a campaign that is not open are compliance's, but for its capacity.

    Raises `ForbiddenError`.
    """
    may_set(request, settings)
    if not CAPACITY.issuperset(settings):
        may_feed(request, campaign)


def may_feed(request: web.Request, campaign: Campaign) -> None:
    """Whom a campaign calls is compliance's to say where it is not open. Raises `ForbiddenError`."""
    if who(request).may(Right.COMPLIANCE):
        return
    if not is_open(campaign.purpose, campaign.profile, house_profile(request)):
        raise ForbiddenError(
            f"{campaign.name} is not for {' or '.join(OPEN)} in the house's own jurisdiction; "
            "what it says and whom it calls is for who looks after compliance."
        )


def may_make(request: web.Request, settings: Mapping[str, object]) -> None:
    """A new campaign without the right `compliance`: for marketing or surveys, in the house's jurisdiction.

    Raises `ForbiddenError`. What is left out is not judged here.
    """
    if who(request).may(Right.COMPLIANCE):
        return
    may_set(request, ["hours"] if settings.get("hours") else [])
    own = house_profile(request)
    if settings.get("profile", own) != own:
        raise ForbiddenError(
            f"Jurisdiction is chosen by who looks after compliance; the house's own is {own}."
        )
    if settings.get("purpose", OPEN[0]) not in OPEN:
        raise ForbiddenError(
            f"Campaigns for other purposes than {' and '.join(OPEN)} are made by who looks after compliance."
        )


def may_clone(request: web.Request, settings: Mapping[str, object]) -> None:
    """A clone goes by hours that compliance has set; its purpose and jurisdiction are as for a new one."""
    may_make(request, {name: settings[name] for name in ("profile", "purpose")})


def house_profile(request: web.Request) -> str:
    """The jurisdiction that holds for the house's calls."""
    parts = request.app[PARTS]
    return parts.profile or parts.gate.house.country.lower()
