"""The page of the door, its form, and the same for scripts whose session ended under them."""

from typing import Final

from aiohttp import web

from store import StoreUnavailableError
from users import (
    ABSOLUTE,
    CodeNeededError,
    LockedError,
    Session,
    SessionsAwayError,
    SignInError,
    WaitError,
    change_user,
    note_deed,
    user_named,
)
from values import BadInputError, CentralinoError
from web.access import a_door, from_address, is_https, open_to_all, signed_in_only, who
from web.keys import DOOR, PARTS
from web.navigation import landing
from web.pages import page
from web.queries import json_answer
from web.visitor import COOKIE, LANGUAGE_COOKIE, THEME_COOKIE, somebody

routes = web.RouteTableDef()

REFUSALS: Final = (
    SignInError,
    CodeNeededError,
    LockedError,
    WaitError,
    SessionsAwayError,
    StoreUnavailableError,
)
_STATUS: Final = {WaitError: 429, SessionsAwayError: 503, StoreUnavailableError: 503, LockedError: 403}
_YEAR: Final = 365 * 86400
_CHOICES: Final = {"language": frozenset({"en", "it", "ru"}), "theme": frozenset({"light", "dark", ""})}


@routes.get("/sign-in")
@open_to_all
async def door(request: web.Request) -> web.Response:
    """The form; who has signed in already goes on."""
    onward = _onward(request.query.get("next", ""))
    visitor = who(request)
    if visitor.signed_in:
        return _go(onward or landing(request.app, visitor))
    return page(request, "sign_in/sign_in.html", onward=onward, name="", problem="", wait=0, code=False)


@routes.post("/sign-in")
@a_door
async def signed_in(request: web.Request) -> web.Response:
    """Name and password, and the code of who uses one; a script gets JSON, a form the next page."""
    form = await request.post()
    said = {field: str(form.get(field, "")) for field in ("name", "password", "code", "next", "as")}
    name = said["name"].strip().lower()
    try:
        if said["as"] and said["as"] != name:
            raise SignInError("This page is somebody else's; they have to sign in here.")
        cookie, session = await request.app[DOOR].sign_in(
            name,
            said["password"][:1000],
            code=said["code"][:40],
            address=from_address(request),
            browser=request.headers.get("User-Agent", ""),
        )
    except REFUSALS as problem:
        if _wants_json(request):
            raise
        return _refused(request, problem, said)
    before = who(request).session
    if before is not None:
        await request.app[DOOR].sessions.end(before)
    answer = await _let_in(request, session, _onward(said["next"]))
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=round(ABSOLUTE.total_seconds()),
        path="/",
        httponly=True,
        samesite="Strict",
        secure=is_https(request),
    )
    return answer


@routes.post("/sign-out")
@signed_in_only
async def signed_out(request: web.Request) -> web.Response:
    """End this session."""
    visitor = who(request)
    if visitor.session is not None:
        await request.app[DOOR].sessions.end(visitor.session)
        parts = request.app[PARTS]
        async with parts.db.write() as session:
            await note_deed(
                session, at=parts.clock.now(), by=visitor.name, did="signed.out", subject=visitor.name,
                address=from_address(request),
            )  # fmt: skip
    answer = _go("/")
    answer.del_cookie(COOKIE, path="/")
    return answer


@routes.get("/session")
@signed_in_only
async def session_now(request: web.Request) -> web.Response:
    """Whose session this is and what forms must send along: for when another tab has signed in anew."""
    visitor = who(request)
    return json_answer(
        {
            "name": visitor.name,
            "csrf": visitor.session.csrf if visitor.session else "",
            "rights": sorted(visitor.rights),
        }
    )


@routes.post("/preferences")
@open_to_all
async def preferred(request: web.Request) -> web.Response:
    """Language and theme: of the user, or of the browser while nobody has signed in."""
    form = await request.post()
    chosen = {field: str(form[field]) for field in _CHOICES if field in form}
    for field, value in chosen.items():
        if value not in _CHOICES[field]:
            raise BadInputError(f"write one of: {', '.join(sorted(_CHOICES[field]))}", field=field)
    visitor, parts = who(request), request.app[PARTS]
    if visitor.user is not None:
        async with parts.db.write() as session:
            await change_user(session, visitor.name, **chosen)
    back = _ours(str(form.get("next", ""))) or "/"
    answer = json_answer(chosen) if _wants_json(request) else _go(back)
    for field, cookie in (("language", LANGUAGE_COOKIE), ("theme", THEME_COOKIE)):
        if field in chosen:
            answer.set_cookie(
                cookie, chosen[field], max_age=_YEAR, path="/", httponly=True, samesite="Lax",
                secure=is_https(request),
            )  # fmt: skip
    return answer


async def _let_in(request: web.Request, session: Session, onward: str) -> web.Response:
    if _wants_json(request):
        return json_answer({"name": session.user, "csrf": session.csrf})
    if onward:
        return _go(onward)
    async with request.app[PARTS].db.read() as reading:
        user = await user_named(reading, session.user)
    return _go(landing(request.app, somebody(request, user, session)))


def _refused(request: web.Request, problem: CentralinoError, said: dict[str, str]) -> web.Response:
    needs_code = isinstance(problem, CodeNeededError)
    return page(
        request,
        "sign_in/sign_in.html",
        status=_STATUS.get(type(problem), 401),
        onward=_onward(said["next"]),
        name=said["name"],
        problem=problem.error_id,
        wait=problem.seconds if isinstance(problem, WaitError) else 0,
        code=needs_code or bool(said["code"]),
    )


def _onward(path: str) -> str:
    """Where to go after signing in; '' for nowhere in particular."""
    return "" if path.startswith("/sign-") else _ours(path)


def _ours(path: str) -> str:
    """A page of ours and nothing else; '' for none."""
    fine = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if fine and path.isprintable() else ""


def _wants_json(request: web.Request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _go(where: str) -> web.Response:
    return web.Response(status=303, headers={"Location": where})
