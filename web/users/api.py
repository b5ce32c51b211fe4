"""The REST API's people, their tokens, and the audit log."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from users import (
    ApiToken,
    Deed,
    DeedFilter,
    Person,
    Right,
    Role,
    User,
    deeds,
    make_token,
    revoke_token,
    rights_of,
    tokens_of,
    user_named,
    users,
)
from values import BadInputError
from web.access import allowed, audit, signed_in_only, who
from web.again import told_once
from web.bodies import body_of
from web.errors import ForbiddenError, NotFoundError
from web.keys import PARTS
from web.openapi.describe import (
    FLAG,
    MOMENT,
    PAGE,
    WHOLE,
    Schema,
    described,
    listing,
    one_of,
    record,
)
from web.queries import check_names, json_answer, limit_of, time_of
from web.queries import one_of as chosen
from web.users import work

routes = web.RouteTableDef()

ROLE: Final = one_of(*Role, says="what they are here")
USER: Final = record(
    name="what they sign in as", title="what people call them", role=ROLE, partner="whose people they are",
    agent="the agent they work as", language="of the pages", theme="of the pages", locked=FLAG,
    one_time_codes=FLAG, must_change=FLAG, created=MOMENT, last_seen={**MOMENT, "type": ["string", "null"]},
)  # fmt: skip
_PERSON: Final[Mapping[str, Schema]] = record(
    title="what people call them", role=ROLE, partner="whose people they are", agent="the agent they work as",
    language=one_of("", "en", "it", "ru"), theme=one_of("", "light", "dark"),
)["properties"]  # fmt: skip
TOKEN: Final = record(
    id="names it", label="what it is for", scopes={"type": "array", "items": one_of(*Right)}, created=MOMENT,
    expires={**MOMENT, "type": ["string", "null"]}, used={**MOMENT, "type": ["string", "null"]},
)  # fmt: skip
DEED: Final = record(
    seq=WHOLE, at=MOMENT, by="who did it", did="as in `user.added`", subject="whom or what it was done to",
    detail={"type": "object"}, address="where the request came from",
)  # fmt: skip
_AUDIT: Final = frozenset({"limit", "cursor", "by", "did", "subject", "since", "until"})


@routes.get("/api/v1/me")
@signed_in_only
@described(answer=record(name="who you are", role=ROLE, rights={"type": "array", "items": one_of(*Right)}))
async def me(request: web.Request) -> web.Response:
    """Who is asking, and what they may do."""
    visitor = who(request)
    role = visitor.user.role if visitor.user else Role.ADMIN
    return json_answer({"name": visitor.name, "role": role, "rights": sorted(visitor.rights)})


@routes.get("/api/v1/users")
@allowed(Right.USERS)
@described(query={"role": ROLE}, answer=listing("users", USER))
async def listed(request: web.Request) -> web.Response:
    """Everybody who signs in."""
    check_names(request.query, ("role",))
    role = chosen(Role, "role", request.query.get("role"))
    async with request.app[PARTS].db.read() as session:
        found = await users(session, role=role)
    return json_answer({"users": [user_told(each) for each in found], "cursor": None})


@routes.post("/api/v1/users")
@allowed(Right.USERS)
@described(
    body={"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, **_PERSON}},
    needed=True,
    answer=USER,
    status=201,
)
async def added(request: web.Request) -> web.Response:
    """Add somebody; the answer's `password` is told this once, and they choose their own with it."""
    body = await body_of(request, ("name", *_PERSON))
    values = _values(body)
    user, password = await work.add(request, Person(name=_text(body, "name"), **values))
    told_once(request)
    answer = json_answer({**user_told(user), "password": password})
    answer.set_status(201)
    answer.headers["Location"] = f"/api/v1/users/{user.name}"
    return answer


@routes.get("/api/v1/users/{name}")
@allowed(Right.USERS)
@described(answer=USER)
async def one(request: web.Request) -> web.Response:
    """One of them."""
    async with request.app[PARTS].db.read() as session:
        return json_answer(user_told(await user_named(session, request.match_info["name"])))


@routes.patch("/api/v1/users/{name}")
@allowed(Right.USERS)
@described(body={"type": "object", "properties": {**_PERSON, "locked": FLAG}}, answer=USER)
async def changed(request: web.Request) -> web.Response:
    """Change what is named: also `locked`, which ends their sessions."""
    body, name = await body_of(request, (*_PERSON, "locked")), request.match_info["name"]
    locked = body.pop("locked", None)
    if locked is not None and not isinstance(locked, bool):
        raise BadInputError("write true or false", field="locked")
    user = await work.change(request, name, _values(body))
    if locked is not None:
        user = await work.lock(request, name, locked=locked)
    return json_answer(user_told(user))


@routes.delete("/api/v1/users/{name}")
@allowed(Right.USERS)
@described(status=204)
async def removed(request: web.Request) -> web.Response:
    """Remove somebody with their tokens; what they did stays in the audit."""
    await work.remove(request, request.match_info["name"])
    return web.Response(status=204)


@routes.post("/api/v1/users/{name}/password")
@allowed(Right.USERS)
@described(answer=record(name="whose", password={"type": "string", "description": "told this once"}))
async def password(request: web.Request) -> web.Response:
    """Give somebody a new password; their sessions end, and they choose their own with it."""
    await body_of(request, ())
    name = request.match_info["name"]
    told_once(request)
    return json_answer({"name": name, "password": await work.give_password(request, name)})


@routes.post("/api/v1/users/{name}/sign-out")
@allowed(Right.USERS)
@described(answer=record(name="whose", sessions_ended=WHOLE))
async def signed_out(request: web.Request) -> web.Response:
    """Sign somebody out everywhere."""
    await body_of(request, ())
    name = request.match_info["name"]
    return json_answer({"name": name, "sessions_ended": await work.end_sessions(request, name)})


@routes.get("/api/v1/users/{name}/tokens")
@signed_in_only
@described(answer=listing("tokens", TOKEN))
async def tokens(request: web.Request) -> web.Response:
    """Somebody's tokens: one's own, or with the right `users` anybody's."""
    name = _mine(request)
    async with request.app[PARTS].db.read() as session:
        await user_named(session, name)
        found = await tokens_of(session, name)
    return json_answer({"tokens": [token_told(each) for each in found], "cursor": None})


@routes.post("/api/v1/users/{name}/tokens")
@signed_in_only
@described(
    body={
        "type": "object",
        "required": ["label", "scopes"],
        "properties": {
            "label": {"type": "string", "minLength": 1, "maxLength": 80},
            "scopes": {"type": "array", "minItems": 1, "items": one_of(*Right)},
            "days": {"type": "integer", "minimum": 1, "maximum": 3650},
        },
    },
    needed=True,
    answer=TOKEN,
    status=201,
)
async def token_made(request: web.Request) -> web.Response:
    """A new token; the answer's `token` is told this once. A token itself makes none."""
    name = _mine(request)
    body, parts = await body_of(request, ("label", "scopes", "days")), request.app[PARTS]
    scopes, days = body.get("scopes"), body.get("days")
    if not isinstance(scopes, list) or not all(
        isinstance(each, str) and each in set(Right) for each in scopes
    ):
        raise BadInputError(f"write a list of: {', '.join(Right)}", field="scopes")
    if days is not None and (isinstance(days, bool) or not isinstance(days, int)):
        raise BadInputError("write a number of days", field="days")
    wanted = frozenset(Right(each) for each in scopes)
    if who(request).token:
        raise ForbiddenError("A token makes no tokens: it would outlive its own time. Sign in to make one.")
    if more := wanted - who(request).rights:
        raise BadInputError(f"you may not do {min(more)} yourself", field="scopes")
    async with parts.db.write() as session:
        user = await user_named(session, name)
        text, row = await make_token(
            session, user, label=_text(body, "label"), scopes=wanted, now=parts.clock.now(), days=days
        )
        await audit(
            request, session, "token.made", subject=name, detail={"token": row.id, "scopes": list(row.scopes)}
        )
    told_once(request)
    answer = json_answer({**token_told(row), "token": text})
    answer.set_status(201)
    return answer


@routes.delete("/api/v1/users/{name}/tokens/{token_id}")
@signed_in_only
@described(status=204)
async def token_revoked(request: web.Request) -> web.Response:
    """End a token at once."""
    name, token_id = _mine(request), request.match_info["token_id"]
    async with request.app[PARTS].db.write() as session:
        if not await revoke_token(session, name, token_id):
            raise NotFoundError("There is no such token.")
        await audit(request, session, "token.revoked", subject=name, detail={"token": token_id})
    return web.Response(status=204)


@routes.get("/api/v1/audit")
@allowed(Right.AUDIT)
@described(
    query={
        **PAGE,
        "by": "who did it",
        "did": "what was done, or its beginning: `user` finds `user.added`",
        "subject": "whom or what it was done to",
        "since": {**MOMENT, "description": "at or after"},
        "until": {**MOMENT, "description": "before"},
    },
    answer=listing("deeds", DEED),
)
async def audit_log(request: web.Request) -> web.Response:
    """Who did what, the latest first."""
    check_names(request.query, _AUDIT)
    async with request.app[PARTS].db.read() as session:
        found = await deeds(
            session,
            deed_filter(request.query),
            limit=limit_of(request.query.get("limit")),
            cursor=request.query.get("cursor", ""),
        )
    return json_answer({"deeds": [deed_told(each) for each in found.deeds], "cursor": found.cursor or None})


def deed_filter(query: Mapping[str, str]) -> DeedFilter:
    """What is wanted of the audit."""
    return DeedFilter(
        by=query.get("by", "").strip(),
        did=query.get("did", "").strip(),
        subject=query.get("subject", "").strip(),
        since=time_of("since", query.get("since") or None),
        until=time_of("until", query.get("until") or None),
    )


def user_told(user: User) -> dict[str, Any]:
    """A user for programs; no secret is in it."""
    return {
        "name": user.name,
        "title": user.title,
        "role": user.role,
        "partner": user.partner,
        "agent": user.agent,
        "language": user.language,
        "theme": user.theme,
        "rights": sorted(rights_of(user)),
        "locked": user.locked,
        "one_time_codes": bool(user.totp),
        "must_change": user.must_change,
        "created": user.created,
        "last_seen": user.last_seen,
    }


def token_told(row: ApiToken) -> dict[str, Any]:
    """A token without its secret."""
    return {
        "id": row.id,
        "label": row.label,
        "scopes": list(row.scopes),
        "created": row.created,
        "expires": row.expires,
        "used": row.used,
    }


def deed_told(deed: Deed) -> dict[str, Any]:
    """A deed for programs."""
    return {
        "seq": deed.seq,
        "at": deed.at,
        "by": deed.by,
        "did": deed.did,
        "subject": deed.subject,
        "detail": dict(deed.detail),
        "address": deed.address,
    }


def _mine(request: web.Request) -> str:
    """Whose tokens are meant: one's own, or with the right to it anybody's."""
    name, visitor = request.match_info["name"], who(request)
    if visitor.may(Right.USERS) or (visitor.user is not None and visitor.name == name):
        return name
    raise ForbiddenError("These are somebody else's tokens.")


def _values(body: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {field: _text(body, field) for field in work.FIELDS if field in body}
    if "role" in values:
        values["role"] = chosen(Role, "role", values["role"])
    return values


def _text(body: Mapping[str, Any], field: str) -> str:
    value = body.get(field, "")
    if not isinstance(value, str):
        raise BadInputError("write a text", field=field)
    return value
