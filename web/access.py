"""Who may ask for what: each route says so itself, and a route that does not is refused.

`@allowed(Right.CALLS)` wants one of these rights, `@signed_in_only` anybody who has signed in, `@open_to_all`
nothing. Browsers prove themselves by their session and, to change anything, by its CSRF token; programs by a
bearer token. A partner's manager gets in only where the handler says that it shows him his partner alone.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Middleware
from sqlalchemy.ext.asyncio import AsyncSession

from store import AuditNote, note_audit
from users import Right, note_deed
from values import BadInputError
from web.errors import (
    ChangePasswordError,
    ForbiddenError,
    Handler,
    StaleFormError,
    UnauthorisedError,
)
from web.keys import PARTS
from web.visitor import Visitor, nobody, recognise

__all__ = [
    "API",
    "Access",
    "Visitor",
    "allowed",
    "as_agent",
    "audit",
    "from_address",
    "guard",
    "open_to_all",
    "signed_in_only",
    "who",
]

API: Final = "/api/"
CSRF: Final = "X-CSRF-Token"
FORM_CSRF: Final = "csrf"
SIGN_IN: Final = "/sign-in"
OWN_PASSWORD: Final = "/account"  # noqa: S105  (a path)

H = TypeVar("H", bound=Callable[..., Any])

_DECLARED: Final = "centralino_access"
_VISITOR: Final = web.RequestKey("visitor", Visitor)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Access:
    """Whom a route lets in."""

    rights: frozenset[Right] = frozenset()
    """One of these is enough."""
    anybody: bool = False
    """Also who has not signed in."""
    partners: bool = False
    """Whether the handler shows a partner's manager nothing but his partner."""
    own_proof: bool = False
    """Whether what is sent proves itself, as name and password do: no CSRF token is wanted."""


def allowed(*rights: Right, partners: bool = False) -> Callable[[H], H]:
    """For who has one of these rights. `partners`: the handler itself keeps to `who(request).partner`."""
    if not rights:
        raise ValueError("name at least one right, or use signed_in_only")
    return _declaring(Access(frozenset(rights), partners=partners))


def signed_in_only(handler: H) -> H:
    """For everybody who has signed in, whatever their role."""
    return _declaring(Access(partners=True))(handler)


def open_to_all(handler: H) -> H:
    """For everybody. `who(request)` may still tell who it is."""
    return _declaring(Access(anybody=True, partners=True))(handler)


def a_door(handler: H) -> H:
    """For everybody, whoever had signed in on this browser before: what is sent proves who it is."""
    return _declaring(Access(anybody=True, partners=True, own_proof=True))(handler)


def _declaring(access: Access) -> Callable[[H], H]:
    def declare(handler: H) -> H:
        setattr(handler, _DECLARED, access)
        return handler

    return declare


def access_of(handler: object) -> Access | None:
    """What a handler declares; None when it forgot to."""
    found = getattr(handler, _DECLARED, None)
    return found if isinstance(found, Access) else None


def who(request: web.Request) -> Visitor:
    """Who is asking."""
    found = request.get(_VISITOR)
    return found if found is not None else nobody(request)


def as_agent(request: web.Request, name: str) -> str:
    """Whoever asks works as this agent, or may steer others. Raises `ForbiddenError`."""
    visitor = who(request)
    if visitor.may(Right.STEER) or (visitor.may(Right.DESK) and visitor.agent == name):
        return name
    raise ForbiddenError("You work as another agent.")


async def audit(
    request: web.Request,
    session: AsyncSession,
    did: str,
    *,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    customer_id: str = "",
) -> None:
    """Write down who did what to whom, in the transaction of the deed (for a reading: before it is shown).

    `did` as in `campaign.paused`; `detail` holds no secret and no number in clear. With `customer_id` it
    is also told to that customer, when they ask who has looked at their data.
    """
    visitor, now = who(request), request.app[PARTS].clock.now()
    more = {"token": visitor.token} if visitor.token else {}
    await note_deed(
        session,
        at=now,
        by=visitor.name,
        did=did,
        subject=subject,
        detail={**(detail or {}), **more},
        address=from_address(request),
    )
    if customer_id:
        note = AuditNote(at=now, by=visitor.name, what=did, customer_id=customer_id, about=subject)
        await note_audit(session, [note])


def from_address(request: web.Request) -> str:
    """Where a request came from; behind a proxy of this machine, where it came from there."""
    direct = request.remote or ""
    if direct in {"127.0.0.1", "::1"} and (told := request.headers.get("X-Forwarded-For", "")):
        return told.rpartition(",")[2].strip()[:60]
    return direct


def is_https(request: web.Request) -> bool:
    """Whether the browser speaks TLS with us or with the proxy before us."""
    return request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"


def guard(hosts: frozenset[str]) -> Middleware:
    """The middleware that holds all of this, and refuses names that are not ours.

    A page elsewhere can make a browser ask loopback by a name of its own (DNS rebinding); `hosts` are the
    names we answer to.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if _host(request) not in hosts:
            raise web.HTTPMisdirectedRequest(text="This name is not served here.")
        _check_characters(request)
        access = _access(request)
        if access.anybody and not request.cookies and "Authorization" not in request.headers:
            visitor = nobody(request)
        else:
            visitor = await recognise(request)
        request[_VISITOR] = visitor
        if not access.anybody:
            turned = _turned_away(request, visitor, access)
            if turned is not None:
                return turned
        if access.own_proof:
            _same_origin(request)
        elif visitor.session is not None:
            await _from_our_page(request, visitor.session.csrf)
        elif request.method not in _SAFE or _upgrades(request):
            _same_origin(request)
            if not visitor.signed_in and request.headers.get(CSRF):
                raise UnauthorisedError  # a page that does not know yet that its session has ended
        return await handler(request)

    return check


def _access(request: web.Request) -> Access:
    """What the route declares. What is not there at all is told so, below the API only to who may ask."""
    if request.match_info.http_exception is not None:
        return Access(anybody=not request.path.startswith(API), partners=True)
    if isinstance(request.match_info.route.resource, web.StaticResource):
        return Access(anybody=True, partners=True)
    access = access_of(request.match_info.handler)
    if access is None:
        raise ForbiddenError("This page does not say who may see it; that is a mistake of ours.")
    return access


def _turned_away(request: web.Request, visitor: Visitor, access: Access) -> web.StreamResponse | None:
    if not visitor.signed_in:
        if _navigates(request):
            return _redirect(f"{SIGN_IN}?next={quote(request.path_qs, safe='')}")
        raise UnauthorisedError
    if visitor.user is not None and visitor.user.must_change and access.rights:
        if _navigates(request):
            return _redirect(OWN_PASSWORD)
        raise ChangePasswordError
    if access.rights and not visitor.may(*access.rights):
        raise ForbiddenError
    if visitor.partner and not access.partners:
        raise ForbiddenError("This is not open to partners.")
    return None


async def _from_our_page(request: web.Request, csrf: str) -> None:
    """A browser sends its cookie whoever made it ask; our own pages know the session's token besides."""
    if _upgrades(request):
        _same_origin(request, needed=True)
        return
    if request.method in _SAFE:
        return
    _same_origin(request)
    given = request.headers.get(CSRF, "")
    if not given and request.content_type == _FORM:
        given = str((await request.post()).get(FORM_CSRF, ""))
    if not hmac.compare_digest(given.encode("utf-8", "replace"), csrf.encode()):
        raise StaleFormError


def _same_origin(request: web.Request, *, needed: bool = False) -> None:
    """Raises `ForbiddenError` for a request that another site's page made."""
    origin = request.headers.get("Origin")
    if origin is None:
        if needed:
            raise ForbiddenError("A page says where it is from; this request does not.")
        return
    if origin.partition("://")[2] != request.headers.get("Host", ""):
        raise ForbiddenError("This came from another site's page.")


def _upgrades(request: web.Request) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


def _navigates(request: web.Request) -> bool:
    """Whether a browser wants to show a page, not a script to have an answer."""
    return (
        request.method == "GET"
        and "text/html" in request.headers.get("Accept", "")
        and "HX-Request" not in request.headers
        and not request.path.startswith(API)
    )


def _redirect(where: str) -> web.Response:
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})


def _host(request: web.Request) -> str | None:
    try:
        return request.url.host
    except ValueError:  # a name that cannot be one
        return None


def _check_characters(request: web.Request) -> None:
    """No name, number or text holds a NUL, and PostgreSQL takes none."""
    if "\0" in request.path:
        raise BadInputError("holds a character that no text has", field="path")
    for name, value in request.query.items():
        if "\0" in name + value:
            raise BadInputError("holds a character that no text has", field=name.replace("\0", ""))
