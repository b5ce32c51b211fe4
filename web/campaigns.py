"""The REST API's campaigns: made, tuned while they run, held, cloned, put away, with their history."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from dialer import campaign as campaign_by_name
from dialer import pause as hold
from dialer.campaigns import SETTINGS, House, archive, change, clone, create, page, told, undo
from dialer.changes import Change, changes_of
from users import Right
from values import BadInputError
from web.access import allowed, audit
from web.bodies import body_of, operator
from web.keys import PARTS
from web.lawful import may_clone, may_make, may_tune
from web.openapi.describe import FLAG, TEXT, described, listing, one_of, record
from web.openapi.describe import PAGE as PAGING
from web.openapi.shapes import CAMPAIGN, CHANGES, settings
from web.queries import check_names, json_answer, limit_of

routes = web.RouteTableDef()

PAGE: Final = frozenset({"archived", "match", "limit", "cursor"})
HISTORY: Final = frozenset({"limit", "cursor", "before"})
_ARCHIVED: Final = {"false": False, "true": True, "any": None}


@routes.get("/api/v1/campaigns")
@allowed(Right.CAMPAIGNS, Right.FLOOR, Right.REPORTS)
@described(
    query={**PAGING, "archived": one_of(*_ARCHIVED), "match": "a part of the name or the title"},
    answer=listing("campaigns", CAMPAIGN),
)
async def listed(request: web.Request) -> web.Response:
    """Campaigns by name, a page at a time."""
    query = request.query
    check_names(query, PAGE)
    archived = query.get("archived", "false")
    if archived not in _ARCHIVED:
        raise BadInputError(f"write one of: {', '.join(_ARCHIVED)}", field="archived")
    async with request.app[PARTS].db.read() as session:
        found = await page(
            session,
            archived=_ARCHIVED[archived],
            named=query.get("match", ""),
            limit=limit_of(query.get("limit")),
            cursor=query.get("cursor", ""),
        )
    return json_answer(
        {"campaigns": [told(each) for each in found.campaigns], "cursor": found.cursor or None}
    )


@routes.post("/api/v1/campaigns")
@allowed(Right.CAMPAIGNS)
@described(
    body={
        "type": "object",
        "required": ["name", "flow", "purpose", "profile"],
        "properties": settings(SETTINGS.values(), name=TEXT, paused=FLAG),
    },
    needed=True,
    answer=CAMPAIGN,
    status=201,
)
async def made(request: web.Request) -> web.Response:
    """A new campaign."""
    body = await body_of(request)
    name, paused = body.pop("name", ""), body.pop("paused", False)
    if not isinstance(name, str) or not isinstance(paused, bool):
        field = "paused" if isinstance(name, str) else "name"
        raise BadInputError("write a text" if field == "name" else "write true or false", field=field)
    may_make(request, body)
    parts = request.app[PARTS]
    wanted = {"caller_id": parts.shown} | body if parts.shown else body
    async with parts.db.write() as session:
        row = await create(
            session, _house(request), name, wanted, by=operator(request), at=parts.clock.now(), paused=paused
        )
        await audit(request, session, "campaign.created", subject=name)
        answer = told(row)
    return _created(answer)


@routes.get("/api/v1/campaigns/{name}")
@allowed(Right.CAMPAIGNS, Right.FLOOR, Right.REPORTS)
@described(answer=CAMPAIGN)
async def one(request: web.Request) -> web.Response:
    """One campaign with every setting."""
    async with request.app[PARTS].db.read() as session:
        return json_answer(told(await campaign_by_name(session, _name(request))))


@routes.patch("/api/v1/campaigns/{name}")
@allowed(Right.CAMPAIGNS)
@described(
    body={"type": "object", "properties": settings(SETTINGS.values())},
    answer=record(campaign=CAMPAIGN, changes={"type": "array", "items": CHANGES}),
)
async def tuned(request: web.Request) -> web.Response:
    """Change the settings that are named; the others stay."""
    body, parts = await body_of(request), request.app[PARTS]
    async with parts.db.write() as session:
        may_tune(request, await campaign_by_name(session, _name(request)), body)
        changes = await change(
            session, _house(request), _name(request), body, by=operator(request), at=parts.clock.now()
        )
        await _note(request, session, "campaign.tuned", changes)
        row = await campaign_by_name(session, _name(request))
        return json_answer({"campaign": told(row), "changes": [_change(each) for each in changes]})


@routes.post("/api/v1/campaigns/{name}/undo")
@allowed(Right.CAMPAIGNS)
@described(answer=record(campaign=CAMPAIGN, changes={"type": "array", "items": CHANGES}))
async def undone(request: web.Request) -> web.Response:
    """Take back the last change of settings."""
    await body_of(request, ())
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        changes = await undo(
            session, _house(request), _name(request), by=operator(request), at=parts.clock.now()
        )
        row = await campaign_by_name(session, _name(request))
        may_tune(request, row, [each.field for each in changes])
        await _note(request, session, "campaign.undone", changes)
        return json_answer({"campaign": told(row), "changes": [_change(each) for each in changes]})


@routes.post("/api/v1/campaigns/{name}/clone")
@allowed(Right.CAMPAIGNS)
@described(body=record(name="the new one's"), needed=True, answer=CAMPAIGN, status=201)
async def cloned(request: web.Request) -> web.Response:
    """A new campaign with these settings, without contacts; it is paused."""
    body, parts = await body_of(request, ("name",)), request.app[PARTS]
    async with parts.db.write() as session:
        row = await clone(
            session,
            _house(request),
            _name(request),
            str(body.get("name", "")),
            by=operator(request),
            at=parts.clock.now(),
        )
        answer = told(row)
        may_clone(request, answer)
        await audit(request, session, "campaign.cloned", subject=_name(request), detail={"new": row.name})
    return _created(answer)


@routes.post("/api/v1/campaigns/{name}/pause")
@allowed(Right.CAMPAIGNS)
@described(answer=CAMPAIGN)
async def paused(request: web.Request) -> web.Response:
    """Call nobody more, at once."""
    return await _held(request, paused=True)


@routes.post("/api/v1/campaigns/{name}/resume")
@allowed(Right.CAMPAIGNS)
@described(answer=CAMPAIGN)
async def resumed(request: web.Request) -> web.Response:
    """Go on with a campaign that was held."""
    return await _held(request, paused=False)


@routes.post("/api/v1/campaigns/{name}/archive")
@allowed(Right.CAMPAIGNS)
@described(answer=CAMPAIGN)
async def archived(request: web.Request) -> web.Response:
    """Put it away: it calls nobody, its figures stay."""
    return await _put(request, archived=True)


@routes.post("/api/v1/campaigns/{name}/unarchive")
@allowed(Right.CAMPAIGNS)
@described(answer=CAMPAIGN)
async def unarchived(request: web.Request) -> web.Response:
    """Take it out again."""
    return await _put(request, archived=False)


@routes.get("/api/v1/campaigns/{name}/history")
@allowed(Right.CAMPAIGNS, Right.FLOOR, Right.REPORTS)
@described(query={**PAGING, "before": "an older name of `cursor`"}, answer=listing("changes", CHANGES))
async def history(request: web.Request) -> web.Response:
    """Who changed what, the latest first."""
    query = request.query
    check_names(query, HISTORY)
    limit, before = limit_of(query.get("limit")), query.get("cursor", query.get("before"))
    if before is not None and not (before.isascii() and before.isdigit() and len(before) < 19):  # noqa: PLR2004
        raise BadInputError("write the seq of a change", field="cursor" if "cursor" in query else "before")
    async with request.app[PARTS].db.read() as session:
        await campaign_by_name(session, _name(request))  # a name nobody knows is told so
        changes = await changes_of(
            session, _name(request), most=limit + 1, before=int(before) if before else None
        )
    shown = [_change(each) for each in changes[:limit]]
    onward = str(shown[-1]["seq"]) if len(changes) > limit else None
    return json_answer({"changes": shown, "cursor": onward, "before": int(onward) if onward else None})


async def _held(request: web.Request, *, paused: bool) -> web.Response:
    await body_of(request, ())
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        await hold(session, _name(request), paused=paused, by=operator(request), at=parts.clock.now())
        did = "campaign.paused" if paused else "campaign.started"
        await audit(request, session, did, subject=_name(request))
        return json_answer(told(await campaign_by_name(session, _name(request))))


async def _put(request: web.Request, *, archived: bool) -> web.Response:
    await body_of(request, ())
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        await archive(session, _name(request), archived=archived, by=operator(request), at=parts.clock.now())
        did = "campaign.archived" if archived else "campaign.unarchived"
        await audit(request, session, did, subject=_name(request))
        return json_answer(told(await campaign_by_name(session, _name(request))))


async def _note(request: web.Request, session: AsyncSession, did: str, changes: Sequence[Change]) -> None:
    turns = {each.field: {"before": each.before, "after": each.after} for each in changes}
    await audit(request, session, did, subject=_name(request), detail=turns)


def _house(request: web.Request) -> House:
    parts = request.app[PARTS]
    return House(parts.gate, parts.library.names, parts.library.scripts)


def _name(request: web.Request) -> str:
    return request.match_info["name"]


def _created(answer: dict[str, Any]) -> web.Response:
    response = json_answer(answer)
    response.set_status(201)
    response.headers["Location"] = f"/api/v1/campaigns/{answer['name']}"
    return response


def _change(change: Change) -> dict[str, Any]:
    return {
        "seq": change.seq,
        "at": change.at,
        "by": change.by,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "why": change.why,
    }
