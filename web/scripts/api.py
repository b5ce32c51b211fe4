"""Scripts by REST: what is in force, checking, publishing, rolling back, and how talks go through them."""

import asyncio
from datetime import datetime
from typing import Any

from aiohttp import web

from ivr.language import Problem
from ivr.scripts import tally_ends, tally_pages
from users import Right
from values import BadInputError
from web.access import allowed, audit
from web.bodies import body_of, operator
from web.keys import PARTS
from web.queries import json_answer
from web.scripts.editing import NAME
from web.scripts.publishing import LONGEST_NOTE, put
from web.scripts.room import SCRIPTS
from web.scripts.shelf import SPAN, ScriptLine, script_lines
from web.scripts.trying import text_of

routes = web.RouteTableDef()


@routes.get("/api/v1/scripts")
@allowed(Right.SCRIPTS)
async def every(request: web.Request) -> web.Response:
    """All scripts, by name."""
    parts, room = request.app[PARTS], request.app[SCRIPTS]
    lines = await script_lines(parts.db, room.store, parts.library, parts.clock.now())
    return json_answer({"scripts": [_line(one) for one in lines]})


@routes.get(f"/api/v1/scripts/{NAME}")
@allowed(Right.SCRIPTS)
async def one(request: web.Request) -> web.Response:
    """A script's text in force, and its history."""
    room, name = request.app[SCRIPTS], request.match_info["name"]
    text = await room.in_force(name)
    history = [
        {"version": each.version, "at": each.at, "by": each.by, "what": each.what, "note": each.note}
        for each in await room.store.history(name)
    ]
    return json_answer({"name": name, "text": text, "history": history})


@routes.post("/api/v1/scripts/check")
@allowed(Right.SCRIPTS)
async def check(request: web.Request) -> web.Response:
    """The problems of a text."""
    body = await body_of(request, ("name", "text"))
    found = await asyncio.to_thread(
        request.app[SCRIPTS].check, text_of(body), str(body.get("name", "script"))
    )
    return json_answer({"problems": [_problem(each) for each in found.problems]})


@routes.put(f"/api/v1/scripts/{NAME}")
@allowed(Right.SCRIPTS)
async def publish(request: web.Request) -> web.Response:
    """Put a text in force; what says the same as what is in force changes nothing."""
    name = request.match_info["name"]
    body = await body_of(request, ("text", "note"))
    change = await put(request, name, text_of(body), str(body.get("note", ""))[:LONGEST_NOTE])
    remarks = [_problem(each) for each in change.problems]
    return json_answer({"name": name, "changed": bool(change.names), "problems": remarks})


@routes.post(f"/api/v1/scripts/{NAME}/rollback")
@allowed(Right.SCRIPTS)
async def roll_back(request: web.Request) -> web.Response:
    """Put the version before, or the one named, back in force."""
    room, name = request.app[SCRIPTS], request.match_info["name"]
    version = str((await body_of(request, ("version",))).get("version", ""))
    await room.in_force(name)
    change = await room.store.roll_back(name, by=operator(request), to=version)
    async with request.app[PARTS].db.write() as session:
        await audit(request, session, "script.rolled_back", subject=name, detail={"version": version})
    await room.refresh()
    return json_answer({"name": name, "changed": bool(change.names)})


@routes.get(f"/api/v1/scripts/{NAME}/talks")
@allowed(Right.SCRIPTS, Right.REPORTS)
async def talks(request: web.Request) -> web.Response:
    """How talks went through a script between `since` and `until`; the last 30 days when left out."""
    parts, name = request.app[PARTS], request.match_info["name"]
    now = parts.clock.now()
    since, until = _instant(request, "since", now - SPAN), _instant(request, "until", now)
    await request.app[SCRIPTS].in_force(name)
    async with parts.db.read() as session:
        pages = await tally_pages(session, name, since, until)
        ends = await tally_ends(session, name, since, until)
    return json_answer(
        {
            "name": name,
            "since": since,
            "until": until,
            "pages": [
                {
                    "page": each.page, "stage": each.stage, "visits": each.visits,
                    "objections": each.objections, "broken_off": each.broken_off, "seconds": each.seconds,
                }
                for each in pages
            ],
            "ends": [{"outcome": each.outcome, "goal": each.goal, "talks": each.runs} for each in ends],
        }
    )  # fmt: skip


def _line(one: ScriptLine) -> dict[str, Any]:
    return {
        "name": one.name, "title": one.title, "pages": one.pages, "stages": list(one.stages),
        "version": one.version, "published": one.published, "by": one.by, "draft": one.draft,
        "used_by": list(one.used_by), "talks": one.talks,
    }  # fmt: skip


def _problem(one: Problem) -> dict[str, Any]:
    return {
        "line": one.line, "column": one.column, "step": one.step, "field": one.field,
        "severity": one.severity, "code": one.code, "message": one.message,
    }  # fmt: skip


def _instant(request: web.Request, name: str, otherwise: datetime) -> datetime:
    told = request.query.get(name, "")
    if not told:
        return otherwise
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadInputError("write a time with its zone, as in 2026-11-25T08:00:00+01:00", field=name)
    return found
