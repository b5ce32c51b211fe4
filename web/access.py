"""Who may ask: the bearer token of the API, and the headers that keep a page to itself."""

import hmac

from aiohttp import web
from aiohttp.typedefs import Middleware

from web.problems import Handler, UnauthorisedError

API = "/api/"

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Inline styles are allowed for the drawn flows, whose SVG carries its own; scripts come from files only."""


def guard(token: str, hosts: frozenset[str]) -> Middleware:
    """A middleware that wants the token under `/api/`, and refuses names that are not ours.

    A page elsewhere can make a browser ask loopback by a name of its own (DNS rebinding); `hosts` are the
    names we answer to.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.url.host not in hosts:
            raise web.HTTPMisdirectedRequest(text="This name is not served here.")
        if request.path.startswith(API):
            given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
            if not hmac.compare_digest(given.encode(), token.encode()):
                raise UnauthorisedError
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    return check
