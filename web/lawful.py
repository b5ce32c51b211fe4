"""What of a campaign is compliance's to set, whoever may tune the rest."""

from collections.abc import Iterable
from typing import Final

from aiohttp import web

from users import Right
from web.access import who
from web.errors import ForbiddenError

LAWFUL: Final = frozenset({"hours", "profile", "purpose"})


def may_set(request: web.Request, settings: Iterable[str]) -> None:
    """Hours and jurisdiction need the right `compliance`, too. Raises `ForbiddenError`."""
    if not LAWFUL.isdisjoint(settings) and not who(request).may(Right.COMPLIANCE):
        raise ForbiddenError("Hours and jurisdiction are set by who looks after compliance.")
