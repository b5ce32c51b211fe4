"""The page of recordings, and a player that other pages show."""

from typing import Final

from aiohttp import web

from calls.listening import RecordingFilter, gaps, recordings
from users import Right
from web.access import allowed
from web.errors import NotFoundError
from web.keys import PARTS
from web.pages import page
from web.recordings.finding import agents_of, days_left, shown, wanted_of

routes = web.RouteTableDef()

SHOWN: Final = 50


@routes.get("/recordings")
@allowed(Right.RECORDINGS)
async def listed(request: web.Request) -> web.Response:
    """The latest recordings, with a form to find others."""
    parts, query = request.app[PARTS], request.query
    wanted, now = wanted_of(query), parts.clock.now()
    async with parts.db.read() as session:
        found = await recordings(session, wanted, now=now, limit=SHOWN, cursor=query.get("cursor", ""))
        who_talked = await agents_of(session, found.found)
    rows = [
        {
            **shown(each, who_talked.get(each.recording.call_id, []), masked=True),
            "days": days_left(each.recording, now),
        }
        for each in found.found
    ]
    asked = {name: query.get(name, "") for name in ("call", "number", "customer", "agent")}
    earlier = {**{name: value for name, value in asked.items() if value}, "cursor": found.cursor}
    return page(
        request,
        "recordings/recordings.html",
        rows=rows,
        asked=asked,
        earlier=earlier if found.cursor else None,
    )


@routes.get("/recordings/{call}/player")
@allowed(Right.RECORDINGS)
async def player(request: web.Request) -> web.Response:
    """A fragment: the player of a call's recordings, with the gaps."""
    parts = request.app[PARTS]
    wanted = RecordingFilter(call_id=request.match_info["call"])
    async with parts.db.read() as session:
        found = await recordings(session, wanted, now=parts.clock.now())
        if not found.found:
            raise NotFoundError("There is no recording of this call, or its time is over.")
        rows = [
            {**shown(each, [], masked=True), "gaps": await gaps(session, each.recording)}
            for each in found.found
        ]
    return page(request, "recordings/player.html", rows=rows)
