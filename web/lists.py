"""The REST API's lists: made, held, released; files taken in, with their progress and their errors."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from aiohttp import web

from dialer import campaign as campaign_by_name
from dialer.lists import (
    ImportPlan,
    UnknownListError,
    activate_list,
    contact_lists,
    create_list,
    list_imports,
)
from dialer.models import ListImport
from dialer.readers import Setting, flag, moment, number, text, whole
from users import Right
from web.access import allowed, audit
from web.bodies import body_of, operator
from web.imports import IMPORTS, Imports, pieces_of
from web.keys import PARTS
from web.lawful import may_feed
from web.openapi.describe import FLAG, TEXT, described, listing, record
from web.openapi.shapes import query as read_by
from web.problems import NotFoundError
from web.queries import check_names, json_answer

routes = web.RouteTableDef()

MAP: Final = "map."
"""Stands before a target's name: `map.number=Telefono`."""
PLAN: Final[Mapping[str, Setting]] = {
    each.name: each
    for each in (
        Setting("file", text, "what the file is called"),
        Setting("country", text, "whose people wrote numbers, dates and amounts"),
        Setting("zone", text, "the time zone of customers whose line names none"),
        Setting("priority", whole(-1000, 1000), "higher goes first"),
        Setting("score", number(), "within a priority the higher goes first"),
        Setting("expires", moment, "not to be called from then on"),
        Setting("currency", text, "of amounts without one"),
        Setting("encoding", text, "as Python names it; to be found out when left out"),
        Setting("delimiter", text, "one character; to be found out when left out"),
        Setting("header", flag, "whether the first line names the columns"),
        Setting("again", flag, "whether customers of the campaign's other lists may be called again"),
    )
}
_WORDS: Final = {"true": True, "false": False}


@routes.get("/api/v1/lists")
@allowed(Right.CAMPAIGNS)
@described(query={"campaign": "only this campaign's"}, answer=listing("lists", {"type": "object"}))
async def listed(request: web.Request) -> web.Response:
    """Lists, with how their contacts stand."""
    check_names(request.query, ("campaign",))
    async with request.app[PARTS].db.read() as session:
        found = await contact_lists(session, campaign=request.query.get("campaign", ""))
    return json_answer({"lists": [asdict(each) for each in found]})


@routes.post("/api/v1/lists")
@allowed(Right.CAMPAIGNS)
@described(
    body={
        "type": "object",
        "required": ["name", "campaign"],
        "properties": {"name": TEXT, "campaign": TEXT, "title": TEXT},
    },
    needed=True,
    status=201,
)
async def made(request: web.Request) -> web.Response:
    """A new list of a campaign, or the one there is."""
    body, parts = await body_of(request, ("name", "campaign", "title")), request.app[PARTS]
    name, campaign, title = (
        Setting(field, text, "").read(body.get(field, "")) for field in ("name", "campaign", "title")
    )
    async with parts.db.write() as session:
        found = await create_list(session, name, campaign, parts.clock.now(), title=title)
        may_feed(request, await campaign_by_name(session, found.campaign))
        await audit(request, session, "list.made", subject=name, detail={"campaign": campaign})
    response = json_answer(await _list(request, name))
    response.set_status(201)
    response.headers["Location"] = f"/api/v1/lists/{name}"
    return response


@routes.get("/api/v1/lists/{name}")
@allowed(Right.CAMPAIGNS)
async def one(request: web.Request) -> web.Response:
    """One list with its imports, the latest first."""
    name = request.match_info["name"]
    found = await _list(request, name)
    async with request.app[PARTS].db.read() as session:
        imports = [_import(each) for each in await list_imports(session, name)]
    return json_answer(found | {"imports": imports})


@routes.patch("/api/v1/lists/{name}")
@allowed(Right.CAMPAIGNS)
@described(body=record(active=FLAG), needed=True)
async def tuned(request: web.Request) -> web.Response:
    """Call its contacts, or leave them alone."""
    body, name = await body_of(request, ("active",)), request.match_info["name"]
    active = Setting("active", flag, "").read(body.get("active"))
    async with request.app[PARTS].db.write() as session:
        await activate_list(session, name, active=active)
        await audit(request, session, "list.set", subject=name, detail={"active": active})
    return json_answer(await _list(request, name))


@routes.post("/api/v1/lists/{name}/imports")
@allowed(Right.CAMPAIGNS)
@described(
    query=read_by(PLAN),
    body={"type": "string", "format": "binary"},
    takes="application/octet-stream",
    needed=True,
    status=202,
)
async def brought(request: web.Request) -> web.Response:
    """Take a file in: its body is the file, CSV or Excel. Answers as soon as it has begun."""
    imports, name, by = request.app[IMPORTS], request.match_info["name"], operator(request)
    plan, file = await _plan(request)
    async with request.app[PARTS].db.read() as session:
        may_feed(request, await campaign_by_name(session, plan.campaign))
    path, digest = await imports.receive(pieces_of(request))
    begun = await imports.begin(path, digest, plan, name=file or name, by=by)
    async with request.app[PARTS].db.write() as session:
        detail = {"import": begun, "file": file or name}
        await audit(request, session, "list.imported", subject=name, detail=detail)
    answer = json_answer(_import(await _row(request, begun)))
    answer.set_status(202)
    answer.headers["Location"] = f"/api/v1/lists/{name}/imports/{begun}"
    return answer


@routes.get("/api/v1/lists/{name}/imports/{import_id}")
@allowed(Right.CAMPAIGNS)
async def progress(request: web.Request) -> web.Response:
    """How far an import is, and what came of it."""
    return json_answer(_import(await _row(request, request.match_info["import_id"])))


@routes.get("/api/v1/lists/{name}/imports/{import_id}/report.csv")
@allowed(Right.CAMPAIGNS)
@described(gives="text/csv", answer=TEXT)
async def report(request: web.Request) -> web.StreamResponse:
    """The lines that could not be taken, with why."""
    row = await _row(request, request.match_info["import_id"])
    path = request.app[IMPORTS].report(row)
    if path is None:
        raise NotFoundError("There is nothing to report.")
    return web.FileResponse(path, headers={"Content-Type": "text/csv; charset=utf-8"})


async def keeps_imports(app: web.Application) -> AsyncIterator[None]:
    """Imports for as long as the application runs (aiohttp's `cleanup_ctx`)."""
    parts = app[PARTS]
    app[IMPORTS] = Imports(parts.db, parts.lists, parts.clock)
    await asyncio.to_thread(app[IMPORTS].clear)
    yield
    await app[IMPORTS].close()


async def _plan(request: web.Request) -> tuple[ImportPlan, str]:
    mapping = {name[len(MAP) :]: value for name, value in request.query.items() if name.startswith(MAP)}
    given = {name: value for name, value in request.query.items() if not name.startswith(MAP)}
    check_names(given, PLAN)
    read = {name: PLAN[name].read(_value(name, value)) for name, value in given.items()}
    file = read.pop("file", "")
    name = request.match_info["name"]
    campaign = (await _list(request, name))["campaign"]
    country = request.app[PARTS].gate.house.country
    return ImportPlan(list=name, campaign=campaign, mapping=mapping, **{"country": country} | read), file


def _value(name: str, value: str) -> Any:
    if name in {"header", "again"}:
        return _WORDS.get(value, value)
    if name in {"priority", "score"}:
        try:
            return int(value) if name == "priority" else float(value)
        except ValueError:
            return value
    return value.replace(" ", "+") if name == "expires" and "T" in value else value


async def _list(request: web.Request, name: str) -> dict[str, Any]:
    async with request.app[PARTS].db.read() as session:
        found = await contact_lists(session, name=name)
    if not found or not name:
        raise UnknownListError(f"there is no list {name[:80]!r}", field="list")
    return asdict(found[0])


async def _row(request: web.Request, import_id: str) -> ListImport:
    async with request.app[PARTS].db.read() as session:
        row = await session.get(ListImport, import_id)
    if row is None or row.list != request.match_info["name"]:
        raise NotFoundError("There is no such import.")
    return row


def _import(row: ListImport) -> dict[str, Any]:
    base = f"/api/v1/lists/{row.list}/imports/{row.id}"
    return {
        "import_id": row.id,
        "list": row.list,
        "file": row.file,
        "state": row.state,
        "lines": row.lines,
        "added": row.added,
        "known": row.known,
        "bad": row.bad,
        "report": f"{base}/report.csv" if row.report else None,
        "by": row.by,
        "started": row.started,
        "finished": row.finished,
        "problem": row.problem or None,
    }
