"""What of a campaign is compliance's to set, whoever may tune the rest."""

from collections.abc import Iterable, Mapping
from typing import Final

from aiohttp import web

from dialer import Purpose
from users import Right
from web.access import who
from web.errors import ForbiddenError
from web.keys import PARTS

LAWFUL: Final = frozenset({"hours", "profile", "purpose"})
OPEN: Final = (Purpose.MARKETING, Purpose.SURVEY)
"""What anybody who makes campaigns may call for: the law is strictest there."""


def may_set(request: web.Request, settings: Iterable[str]) -> None:
    """Hours and jurisdiction need the right `compliance`, too. Raises `ForbiddenError`."""
    if not LAWFUL.isdisjoint(settings) and not who(request).may(Right.COMPLIANCE):
        raise ForbiddenError("Hours and jurisdiction are set by who looks after compliance.")


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
