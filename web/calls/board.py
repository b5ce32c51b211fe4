"""The pages of calls, and their fragments."""

from contextlib import aclosing
from typing import Any

from aiohttp import web

from calls import CallState, queries
from ivr.drawing import STYLE, StepCount, draw_flow
from users import Right
from values import CallId
from web.access import allowed, open_to_all
from web.keys import FEED, PARTS
from web.pages import page
from web.problems import NotFoundError
from web.views import call_row, step_row

routes = web.RouteTableDef()

SHOWN = 40
"""How many of the last calls the page lists."""
COUNTED_MINUTES = 60


@routes.get("/calls")
@allowed(Right.CALLS)
async def board(request: web.Request) -> web.Response:
    """Live calls, last calls, flows."""
    parts = request.app[PARTS]
    published = [parts.library.flow(name) for name in parts.library.names()]
    published.sort(key=lambda flow: -len(flow.steps))  # what people look for first
    flows = [{"name": flow.flow, "title": flow.title} for flow in published]
    drawing = await _drawing(request, flows[0]["name"]) if flows else ""
    return page(request, "calls/board.html", calls=await _last_calls(request), flows=flows, drawing=drawing)


@routes.get("/calls/last")
@allowed(Right.CALLS)
async def last_calls(request: web.Request) -> web.Response:
    """The table of the last calls alone."""
    return page(request, "calls/last_calls.html", calls=await _last_calls(request))


@routes.get("/flows/style.css")
@open_to_all
async def drawing_style(_request: web.Request) -> web.Response:
    """How drawings look, linked by the pages that show one."""
    return web.Response(text=STYLE, content_type="text/css")


@routes.get("/flows/{name}.svg")
@allowed(Right.CALLS, Right.SCRIPTS)
async def drawing(request: web.Request) -> web.Response:
    """A published flow as a picture, with how many callers went through each step in the last hour."""
    return web.Response(
        text=await _drawing(request, request.match_info["name"]), content_type="image/svg+xml"
    )


@routes.get("/calls/{call_id}")
@allowed(Right.CALLS)
async def call(request: web.Request) -> web.Response:
    """One call, step by step."""
    call_id = CallId(request.match_info["call_id"])
    async with request.app[PARTS].db.read() as session:
        story = await queries.story(session, call_id)
    if story is None:
        raise NotFoundError("There is no such call.")
    return page(
        request, "calls/call.html", call=call_row(story.call, story), steps=[step_row(s) for s in story.trace]
    )


@routes.get("/live")
@allowed(Right.CALLS)
async def live(request: web.Request) -> web.StreamResponse:
    """The board of live calls as server-sent events named `board`."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    try:
        async with aclosing(request.app[FEED].boards()) as boards:
            async for board in boards:
                await response.write(b"event: board\ndata: " + board + b"\n\n")
    except ConnectionResetError:
        pass  # the page was closed
    return response


async def _last_calls(request: web.Request) -> list[Any]:
    async with request.app[PARTS].db.read() as session:
        found = await queries.latest(session, limit=2 * SHOWN)
    return [call_row(one) for one in found.calls if one.state is not CallState.UP][:SHOWN]


async def _drawing(request: web.Request, name: str) -> str:
    parts = request.app[PARTS]
    if name not in parts.library.names():
        raise NotFoundError("There is no published flow of that name.")
    async with parts.db.read() as session:
        counted = await queries.step_counts(session, name, parts.clock.now(), minutes=COUNTED_MINUTES)
    counts: dict[str, StepCount] = {}
    for one in counted:
        step = one.path.rpartition(">")[2]
        before = counts.get(step, StepCount(0, 0))
        counts[step] = StepCount(before.entries + one.left, before.hang_ups + one.hung_up)
    flow = parts.library.flow(name)
    return draw_flow(
        flow, counts=counts, language="en" if "en" in flow.languages else flow.languages[0], with_style=False
    )
