"""A telephone for whoever looks at the demo: they ring the service number, and are called back."""

import secrets
from typing import Final

from aiohttp import web

from web.access import from_address, open_to_all
from web.errors import NotFoundError
from web.keys import PARTS
from web.phone.leases import LEASE_SECONDS, Leases
from web.queries import json_answer

routes = web.RouteTableDef()

COOKIE: Final = "visitor"
LEASES = web.AppKey("leases", Leases)


def set_up(app: web.Application) -> None:
    """Give an application its visitors' telephones."""
    telephones = app[PARTS].telephones
    app[LEASES] = Leases(telephones.visitors if telephones else 0)


@routes.post("/visitor/phone")
@open_to_all
async def take(request: web.Request) -> web.Response:
    """Hand out a free telephone, or renew the lease on the one they have."""
    parts, leases = request.app[PARTS], request.app[LEASES]
    if parts.telephones is None or not leases.places:
        raise NotFoundError("There is no town to ring in.")
    visitor = request.cookies.get(COOKIE, "") or secrets.token_urlsafe(16)
    place = leases.take(visitor, from_address(request), parts.clock.monotonic())
    account = parts.telephones.of_visitor(place)
    answer = json_answer({**account.shown(), "number": account.number, "seconds": LEASE_SECONDS})
    answer.set_cookie(COOKIE, visitor, path="/visitor", httponly=True, samesite="Strict")
    return answer


@routes.post("/visitor/phone/left")
@open_to_all
async def left(request: web.Request) -> web.Response:
    """The page is closed: its telephone is free."""
    request.app[LEASES].give_back(request.cookies.get(COOKIE, ""))
    return web.Response(status=204)
