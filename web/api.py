"""The REST API: `/api/v1`, JSON, bearer token, problem details for errors."""

from aiohttp import web

from calls import CallFilter, CallState, Direction, queries
from users import Right
from values import CallId
from web.access import allowed
from web.keys import PARTS
from web.openapi.describe import MOMENT, PAGE, described, listing
from web.openapi.describe import one_of as one_word
from web.openapi.shapes import CALL
from web.problems import NotFoundError
from web.queries import check_names, json_answer, limit_of, one_of, time_of
from web.views import call_json, story_json

routes = web.RouteTableDef()

_KNOWN = frozenset(
    {"limit", "cursor", "direction", "state", "number", "customer_id", "flow", "outcome", "since", "until"}
)


@routes.get("/api/v1/calls")
@allowed(Right.CALLS)
@described(
    query={
        **PAGE,
        "direction": one_word(*Direction),
        "state": one_word(*CallState),
        "number": "the caller's or the dialled one, as recorded: `%2B393290000017`",
        "customer_id": "the customer who was recognised or called",
        "flow": "the flow that it ran",
        "outcome": "the flow's, or what became of a call that was not answered",
        "since": {**MOMENT, "description": "begun at or after"},
        "until": {**MOMENT, "description": "begun before"},
    },
    answer=listing("calls", CALL),
)
async def calls(request: web.Request) -> web.Response:
    """The latest calls; `cursor` of the answer asks for those before them."""
    query = request.query
    check_names(query, _KNOWN)
    wanted = CallFilter(
        direction=one_of(Direction, "direction", query.get("direction")),
        state=one_of(CallState, "state", query.get("state")),
        number=query.get("number", "").replace(" ", "+"),  # an unescaped + comes as a blank
        customer_id=query.get("customer_id", ""),
        flow=query.get("flow", ""),
        outcome=query.get("outcome", ""),
        since=time_of("since", query.get("since")),
        until=time_of("until", query.get("until")),
    )
    async with request.app[PARTS].db.read() as session:
        page = await queries.latest(
            session, wanted, limit=limit_of(query.get("limit")), cursor=query.get("cursor", "")
        )
    return json_answer({"calls": [call_json(one) for one in page.calls], "cursor": page.cursor or None})


@routes.get("/api/v1/calls/{call_id}")
@allowed(Right.CALLS)
@described(answer=CALL)
async def call(request: web.Request) -> web.Response:
    """One call with its legs, segments, trace and recordings."""
    async with request.app[PARTS].db.read() as session:
        story = await queries.story(session, CallId(request.match_info["call_id"]))
    if story is None:
        raise NotFoundError("There is no such call.")
    return json_answer(story_json(story))
