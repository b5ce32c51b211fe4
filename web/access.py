"""Who may ask: the bearer token of the API, and the headers that keep a page to itself."""

import hmac

from aiohttp import web
from aiohttp.typedefs import Middleware

from values import BadInputError
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


@web.middleware
async def kept_to_itself(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put those headers on every answer, refusals too."""
    response = await handler(request)
    if not response.prepared:
        response.headers.update(_HEADERS)
    return response


def guard(token: str, hosts: frozenset[str]) -> Middleware:
    """A middleware that wants the token under `/api/`, and refuses names that are not ours.

    A page elsewhere can make a browser ask loopback by a name of its own (DNS rebinding); `hosts` are the
    names we answer to.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if _host(request) not in hosts:
            raise web.HTTPMisdirectedRequest(text="This name is not served here.")
        if request.path.startswith(API) and not _proves(request.headers.get("Authorization", ""), token):
            raise UnauthorisedError
        _check_characters(request)
        return await handler(request)

    return check


def _host(request: web.Request) -> str | None:
    try:
        return request.url.host
    except ValueError:  # a name that cannot be one
        return None


def _proves(header: str, token: str) -> bool:
    kind, _, given = header.partition(" ")
    said = given.strip().encode("utf-8", "surrogateescape")
    return kind.lower() == "bearer" and hmac.compare_digest(said, token.encode())


def _check_characters(request: web.Request) -> None:
    """No name, number or text holds a NUL, and PostgreSQL takes none."""
    if "\0" in request.path:
        raise BadInputError("holds a character that no text has", field="path")
    for name, value in request.query.items():
        if "\0" in name + value:
            raise BadInputError("holds a character that no text has", field=name.replace("\0", ""))
