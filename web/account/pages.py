"""The account page and its forms. What matters asks for the password once more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno
from aiohttp import web
from markupsafe import Markup

from users import (
    RIGHTS,
    Right,
    User,
    WaitError,
    change_user,
    check_password,
    drop_recovery,
    enrolment,
    fresh_secret,
    make_token,
    renew_recovery,
    revoke_token,
    step_of,
    tokens_of,
    user_named,
)
from values import BadInputError, CentralinoError
from web.access import audit, signed_in_only, who
from web.errors import ForbiddenError
from web.keys import DOOR, PARTS
from web.pages import page

routes = web.RouteTableDef()

_SECRET_SECONDS = 900.0
_SECRET = "centralino:enrolling:"  # noqa: S105  (a key in Redis)


@routes.get("/account")
@signed_in_only
async def account(request: web.Request) -> web.Response:
    """What is one's own."""
    return await _account(request)


@routes.post("/account/password")
@signed_in_only
async def own_password(request: web.Request) -> web.Response:
    """Another password; every other session ends."""
    form, user, parts = await _form(request), _user(request), request.app[PARTS]
    try:
        await _once_more(request, user, form)
        _check_new(user, form)
    except (BadInputError, WaitError) as problem:
        return await _account(request, problem=problem, at="password")
    hashed = await request.app[DOOR].hashed(form["new"])
    async with parts.db.write() as session:
        await change_user(session, user.name, password=hashed, must_change=False)
        await audit(request, session, "password.changed", subject=user.name)
    ours = who(request).session
    await request.app[DOOR].sessions.end_all(user.name, but=ours.key if ours else "")
    return await _account(request, done="password")


@routes.post("/account/codes/begin")
@signed_in_only
async def codes_begun(request: web.Request) -> web.Response:
    """A secret to photograph; it counts once a code of it is typed."""
    user, secret = _user(request), fresh_secret()
    await request.app[PARTS].live.put(_SECRET + user.name, secret, seconds=_SECRET_SECONDS)
    return await _account(request, secret=secret)


@routes.post("/account/codes")
@signed_in_only
async def codes_proven(request: web.Request) -> web.Response:
    """The first code: from now on one is asked at every sign-in."""
    form, user, parts = await _form(request), _user(request), request.app[PARTS]
    secret = await parts.live.get(_SECRET + user.name)
    try:
        await _once_more(request, user, form)
        step = _step(secret, form.get("code", ""), parts.clock.now())
    except (BadInputError, WaitError) as problem:
        again = secret if isinstance(secret, str) else ""
        return await _account(request, problem=problem, at="codes", secret=again)
    async with parts.db.write() as session:
        changed = await change_user(session, user.name, totp=secret, totp_step=step)
        recovery = await renew_recovery(session, changed)
        await audit(request, session, "codes.begun", subject=user.name)
    await parts.live.drop([_SECRET + user.name])
    return await _account(request, done="codes", recovery=recovery)


@routes.post("/account/codes/end")
@signed_in_only
async def codes_ended(request: web.Request) -> web.Response:
    """No code is asked any more."""
    form, user, parts = await _form(request), _user(request), request.app[PARTS]
    try:
        await _once_more(request, user, form)
    except (BadInputError, WaitError) as problem:
        return await _account(request, problem=problem, at="codes")
    async with parts.db.write() as session:
        changed = await change_user(session, user.name, totp="", totp_step=0)
        await drop_recovery(session, changed)
        await audit(request, session, "codes.ended", subject=user.name)
    return await _account(request, done="codes_ended")


@routes.post("/account/sessions/{key}")
@signed_in_only
async def session_ended(request: web.Request) -> web.Response:
    """End another session of one's own."""
    user, door = _user(request), request.app[DOOR]
    for each in await door.sessions.of(user.name):
        if each.key == request.match_info["key"]:
            await door.sessions.end(each)
    return await _account(request, done="session")


@routes.post("/account/tokens")
@signed_in_only
async def token_made(request: web.Request) -> web.Response:
    """A token for a program, shown this once."""
    form, user, parts = await request.post(), _user(request), request.app[PARTS]
    scopes = [Right(str(each)) for each in form.getall("scopes", []) if each in set(Right)]
    days = str(form.get("days", ""))
    try:
        async with parts.db.write() as session:
            mine = await user_named(session, user.name)
            text, row = await make_token(
                session, mine, label=str(form.get("label", "")), scopes=scopes, now=parts.clock.now(),
                days=int(days) if days.isascii() and days.isdigit() and len(days) < 6 else None,  # noqa: PLR2004
            )  # fmt: skip
            detail = {"token": row.id, "scopes": list(row.scopes)}
            await audit(request, session, "token.made", subject=user.name, detail=detail)
    except BadInputError as problem:
        return await _account(request, problem=problem, at="tokens")
    return await _account(request, token=text)


@routes.post("/account/tokens/{token_id}/revoke")
@signed_in_only
async def token_revoked(request: web.Request) -> web.Response:
    """End a token at once."""
    user, token_id = _user(request), request.match_info["token_id"]
    async with request.app[PARTS].db.write() as session:
        if await revoke_token(session, user.name, token_id):
            await audit(request, session, "token.revoked", subject=user.name, detail={"token": token_id})
    return await _account(request, done="token")


def _check_new(user: User, form: Mapping[str, str]) -> None:
    check_password(form.get("new", ""), name=user.name)
    if form["new"] != form.get("again", ""):
        raise BadInputError("the two are not the same", field="again")
    if form["new"] == form.get("password", ""):
        raise BadInputError("is the one that you have; choose another", field="new")


def _step(secret: object, code: str, now: datetime) -> int:
    if not isinstance(secret, str):
        raise BadInputError("took too long; begin again", field="code")
    step = step_of(secret, code, now)
    if not step:
        raise BadInputError("is not the one that your telephone shows now", field="code")
    return step


async def _once_more(request: web.Request, user: User, form: Mapping[str, str]) -> None:
    if not await request.app[DOOR].right_password(user, form.get("password", "")[:1000]):
        raise BadInputError("is not your password", field="password")


async def _account(
    request: web.Request,
    *,
    problem: CentralinoError | None = None,
    at: str = "",
    done: str = "",
    secret: str = "",
    **shown: Any,
) -> web.Response:
    parts, name = request.app[PARTS], _user(request).name
    async with parts.db.read() as session:
        user = await user_named(session, name)
        tokens = await tokens_of(session, name)
    ours = who(request).session
    return page(
        request,
        "account/account.html",
        status=400 if problem else 200,
        words=("users",),
        me=user,
        mine=sorted(RIGHTS[user.role]),
        tokens=tokens,
        sessions=await request.app[DOOR].sessions.of(name),
        ours=ours.key if ours else "",
        problem=str(problem) if problem else "",
        at=at,
        done=done,
        secret=secret,
        drawn=_drawn(enrolment(secret, name, parts.company)) if secret else "",
        token=shown.get("token", ""),
        recovery=shown.get("recovery", ()),
    )


def _drawn(text: str) -> Markup:
    """A QR code as SVG: our own drawing of our own text."""
    return Markup(segno.make(text, error="m").svg_inline(border=2, omitsize=True, svgclass="qr"))  # noqa: S704


def _user(request: web.Request) -> User:
    user = who(request).user
    if user is None or who(request).session is None:
        raise ForbiddenError("This is a page for people.")
    return user


async def _form(request: web.Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.post()).items()}
