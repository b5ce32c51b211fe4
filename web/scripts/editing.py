"""The list of scripts, and the page on which one is written: text, check, draft."""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from ivr.language import Problem, Severity
from ivr.language.basics import FLOW_NAME
from ivr.scripts import tally_pages
from ivr.versions import UnknownVersionError
from users import Right
from values import BadInputError
from web.access import allowed, audit
from web.bodies import body_of, operator
from web.errors import NotFoundError
from web.keys import PARTS
from web.pages import page
from web.scripts.first import FIRST_TEXT
from web.scripts.refusals import ChangedMeanwhileError
from web.scripts.room import SCRIPTS, ScriptRoom
from web.scripts.shelf import SHORT, SPAN, script_lines
from web.scripts.trying import text_of

routes = web.RouteTableDef()

NAME: Final = r"{name:[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*}"
_LONGEST_NAME: Final = 80


@routes.get("/scripts")
@allowed(Right.SCRIPTS)
async def shelf(request: web.Request) -> web.Response:
    """All scripts."""
    parts, room = request.app[PARTS], request.app[SCRIPTS]
    lines = await script_lines(parts.db, room.store, parts.library, parts.clock.now())
    return page(request, "scripts/list.html", lines=lines)


@routes.post("/scripts")
@allowed(Right.SCRIPTS)
async def begun(request: web.Request) -> web.Response:
    """Begin a new script as a draft, and go to it."""
    posted = await request.post()
    name = str(posted.get("name", "")).strip()
    if not re.match(FLOW_NAME, name) or "." not in name or len(name) > _LONGEST_NAME:
        raise BadInputError("a script's name is a room and a name, as in care.winback", field="name")
    room = request.app[SCRIPTS]
    if name not in await room.store.drafts() and not await room.store.history(name):
        await room.store.save_draft(name, FIRST_TEXT.replace("room.name", name), by=operator(request))
    return web.Response(status=303, headers={"Location": f"/scripts/edit/{name}"})


@routes.get(f"/scripts/edit/{NAME}")
@allowed(Right.SCRIPTS)
async def editor(request: web.Request) -> web.Response:
    """The page of one script."""
    parts, room, name = request.app[PARTS], request.app[SCRIPTS], request.match_info["name"]
    text = await room.text(name)
    history = await room.store.history(name)
    now = parts.clock.now()
    async with parts.db.read() as session:
        seen = await tally_pages(session, name, now - SPAN, now)
    return page(
        request,
        "scripts/editor.html",
        name=name,
        text=text,
        base=fingerprint(text),
        draft=name in await room.store.drafts(),
        history=history,
        short=SHORT,
        seen=seen,
        **await told(room, text, name),
    )


@routes.post("/scripts/check")
@allowed(Right.SCRIPTS)
async def checked(request: web.Request) -> web.Response:
    """The problems of a text, each with its line and what to do: a fragment."""
    body = await body_of(request, ("name", "text"))
    values = await told(request.app[SCRIPTS], text_of(body), str(body.get("name", "")))
    return page(request, "scripts/problems.html", **values)


@routes.put(f"/scripts/edit/{NAME}/draft")
@allowed(Right.SCRIPTS)
async def kept(request: web.Request) -> web.Response:
    """Keep a text to work on, right or wrong; `base` is what the page was loaded with."""
    room, name = request.app[SCRIPTS], request.match_info["name"]
    body = await body_of(request, ("text", "base"))
    text = text_of(body)
    await unchanged(room, name, body.get("base"))
    await room.store.save_draft(name, text, by=operator(request))
    return web.json_response({"base": fingerprint(text)})


@routes.delete(f"/scripts/edit/{NAME}/draft")
@allowed(Right.SCRIPTS)
async def thrown_away(request: web.Request) -> web.Response:
    """Go back to the text in force."""
    room, name = request.app[SCRIPTS], request.match_info["name"]
    await room.store.drop_draft(name)
    async with request.app[PARTS].db.write() as session:
        await audit(request, session, "script.draft_discarded", subject=name)
    return web.Response(status=204)


def fingerprint(text: str) -> str:
    """By which a page tells that a text is another one now."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


async def unchanged(room: ScriptRoom, name: str, base: Any) -> None:
    """Refuse to write over what somebody else saved. Raises `ChangedMeanwhileError`."""
    try:
        now = await room.text(name)
    except (NotFoundError, UnknownVersionError):
        return
    if base != fingerprint(now):
        raise ChangedMeanwhileError


async def told(room: ScriptRoom, text: str, name: str) -> dict[str, Any]:
    """What the list of problems takes."""
    found = await asyncio.to_thread(room.check, text, name)
    problems: Sequence[Problem] = found.problems
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return {"problems": problems, "errors": errors, "others": len(problems) - errors}
