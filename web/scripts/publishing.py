"""Putting a script in force, back in force, and what differs between versions. Each deed is written down."""

from aiohttp import web

from ivr.language import FlowError, load_flow
from ivr.language.model import FlowKind
from ivr.versions import Change, difference
from users import Right
from values import BadInputError
from web.access import allowed, audit
from web.bodies import body_of, operator
from web.keys import PARTS
from web.pages import page
from web.scripts.editing import NAME, unchanged
from web.scripts.room import SCRIPTS
from web.scripts.shelf import SHORT
from web.scripts.trying import text_of

routes = web.RouteTableDef()

LONGEST_NOTE = 500


@routes.post(f"/scripts/edit/{NAME}/publish")
@allowed(Right.SCRIPTS)
async def published(request: web.Request) -> web.Response:
    """Put the text in force; talks that are on keep the version they began with."""
    room, name = request.app[SCRIPTS], request.match_info["name"]
    body = await body_of(request, ("text", "base", "note"))
    text, note = text_of(body), str(body.get("note", "")).strip()[:LONGEST_NOTE]
    await unchanged(room, name, body.get("base"))
    change = await put(request, name, text, note)
    return web.json_response({"changed": bool(change.names)})


@routes.post(f"/scripts/edit/{NAME}/rollback")
@allowed(Right.SCRIPTS)
async def rolled_back(request: web.Request) -> web.Response:
    """Put an earlier version back in force."""
    room, name = request.app[SCRIPTS], request.match_info["name"]
    version = str((await body_of(request, ("version",))).get("version", ""))
    await room.in_force(name)
    change = await room.store.roll_back(name, by=operator(request), to=version)
    await room.store.drop_draft(name)
    async with request.app[PARTS].db.write() as session:
        detail = {"version": version[:SHORT]}
        await audit(request, session, "script.rolled_back", subject=name, detail=detail)
    await room.refresh()
    return web.json_response({"changed": bool(change.names)})


@routes.post(f"/scripts/edit/{NAME}/compare")
@allowed(Right.SCRIPTS)
async def compared(request: web.Request) -> web.Response:
    """What has to be done to a version to get the text: a fragment."""
    room, name = request.app[SCRIPTS], request.match_info["name"]
    body = await body_of(request, ("text", "version"))
    version = str(body.get("version", ""))
    try:
        after = load_flow(text_of(body), file=name).flow
    except FlowError as error:
        raise BadInputError(str(error.problems[0]), field="text") from None
    before = load_flow(await room.store.text(version), file=name).flow
    found = difference(before, after)
    lines = found.lines() if found else []
    return page(request, "scripts/difference.html", lines=lines, version=version[:SHORT])


async def put(request: web.Request, name: str, text: str, note: str) -> Change:
    """Publish a script. Raises `FlowError` with its problems, `BadInputError` for another flow's text."""
    flow = load_flow(text, file=f"{name}.yaml").flow
    if flow.flow != name:
        raise BadInputError(f"the text is of {flow.flow!r}; begin that as a script of its own", field="text")
    if flow.kind is not FlowKind.SCRIPT:
        raise BadInputError("this is a call's flow; write `kind: script` below its name", field="text")
    room = request.app[SCRIPTS]
    change = await room.store.publish(text, by=operator(request), note=note)
    async with request.app[PARTS].db.write() as session:
        await audit(request, session, "script.published", subject=name, detail={"note": note})
    await room.refresh()
    return change
