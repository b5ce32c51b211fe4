"""Scripts by REST: what is in force, checking, publishing, rolling back, and how talks go through them."""

import asyncio
from datetime import datetime
from typing import Any

from aiohttp import web

from ivr.language import Problem
from ivr.scripts import tally_ends, tally_pages
from users import Right
from web.access import allowed, audit
from web.bodies import body_of, operator
from web.keys import PARTS
from web.openapi.describe import FLAG, MOMENT, NUMBER, TEXT, WHOLE, Schema, described, listing, record
from web.queries import check_names, json_answer, time_of
from web.scripts.editing import NAME
from web.scripts.publishing import LONGEST_NOTE, put
from web.scripts.room import SCRIPTS
from web.scripts.shelf import SPAN, ScriptLine, script_lines
from web.scripts.trying import text_of

routes = web.RouteTableDef()


PROBLEM: Schema = record(
    line=WHOLE, column=WHOLE, step="the page or step", field="the place in it",
    severity="error, warning or note", code="as F201", message="what is wrong, and what to do",
)  # fmt: skip
PROBLEMS: Schema = {"type": "array", "items": PROBLEM}
SCRIPT: Schema = record(
    name="as care.inbound", title="what people call it", pages=WHOLE,
    stages={"type": "array", "items": TEXT}, version="the beginning of its hash",
    published={**MOMENT, "type": ["string", "null"]}, by="who published it", draft=FLAG,
    used_by={"type": "array", "items": TEXT, "description": "campaigns and queues"}, talks=WHOLE,
)  # fmt: skip
HISTORY: Schema = {
    "type": "array",
    "items": record(version="its hash", at=MOMENT, by="who", what="publish or rollback", note="why"),
}
CHANGED: Schema = record(name="the script", changed=FLAG, problems=PROBLEMS)
TALKS: Schema = record(
    name="the script", since=MOMENT, until=MOMENT,
    pages={
        "type": "array",
        "items": record(
            page="the page", stage="its stage", visits=WHOLE, objections=WHOLE, broken_off=WHOLE,
            seconds=NUMBER,
        ),
    },
    ends={"type": "array", "items": record(outcome="'' where none was reached", goal=FLAG, talks=WHOLE)},
)  # fmt: skip
ERRORS = "the text has errors; `POST /api/v1/scripts/check` tells each with its line"


@routes.get("/api/v1/scripts")
@allowed(Right.SCRIPTS)
@described(answer=listing("scripts", SCRIPT))
async def every(request: web.Request) -> web.Response:
    """All scripts, by name."""
    parts, room = request.app[PARTS], request.app[SCRIPTS]
    lines = await script_lines(parts.db, room.store, parts.library, parts.clock.now())
    return json_answer({"scripts": [_line(one) for one in lines]})


@routes.get(f"/api/v1/scripts/{NAME}")
@allowed(Right.SCRIPTS)
@described(answer=record(name="the script", text="what it says", history=HISTORY))
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
@described(
    body=record(name="the script's name, for the messages", text="the script"), needed=True,
    answer=record(problems=PROBLEMS),
)  # fmt: skip
async def check(request: web.Request) -> web.Response:
    """The problems of a text."""
    body = await body_of(request, ("name", "text"))
    found = await asyncio.to_thread(
        request.app[SCRIPTS].check, text_of(body), str(body.get("name", "script"))
    )
    return json_answer({"problems": [_problem(each) for each in found.problems]})


@routes.put(f"/api/v1/scripts/{NAME}")
@allowed(Right.SCRIPTS)
@described(
    body=record(text="the script", note="what has changed, and why"), needed=True, answer=CHANGED,
    also={422: ERRORS},
)  # fmt: skip
async def publish(request: web.Request) -> web.Response:
    """Put a text in force; what says the same as what is in force changes nothing."""
    name = request.match_info["name"]
    body = await body_of(request, ("text", "note"))
    change = await put(request, name, text_of(body), str(body.get("note", ""))[:LONGEST_NOTE])
    remarks = [_problem(each) for each in change.problems]
    return json_answer({"name": name, "changed": bool(change.names), "problems": remarks})


@routes.post(f"/api/v1/scripts/{NAME}/rollback")
@allowed(Right.SCRIPTS)
@described(
    body=record(version="its hash or the beginning of it; the one before the present when left out"),
    answer=record(name="the script", changed=FLAG),
)  # fmt: skip
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
@described(query={"since": MOMENT, "until": MOMENT}, answer=TALKS)
async def talks(request: web.Request) -> web.Response:
    """How talks went through a script between `since` and `until`; the last 30 days when left out."""
    parts, name = request.app[PARTS], request.match_info["name"]
    check_names(request.query, ("since", "until"))
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
    return time_of(name, request.query.get(name)) or otherwise
