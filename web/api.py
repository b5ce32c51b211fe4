"""The REST API: `/api/v1`, JSON, bearer token, problem details for errors."""

from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import orjson
from aiohttp import web

from calls import CallFilter, CallState, Direction, queries
from values import BadInputError, CallId
from web.keys import PARTS
from web.problems import NotFoundError
from web.views import call_json, story_json

routes = web.RouteTableDef()

E = TypeVar("E", bound=StrEnum)

_KNOWN = frozenset(
    {"limit", "cursor", "direction", "state", "number", "customer_id", "flow", "outcome", "since", "until"}
)


@routes.get("/api/v1/calls")
async def calls(request: web.Request) -> web.Response:
    """The latest calls; `cursor` of the answer asks for those before them."""
    query = request.query
    if unknown := sorted(set(query) - _KNOWN):
        raise BadInputError(
            f"there is no such parameter; there are: {', '.join(sorted(_KNOWN))}", field=unknown[0]
        )
    wanted = CallFilter(
        direction=_one_of(Direction, "direction", query.get("direction")),
        state=_one_of(CallState, "state", query.get("state")),
        number=query.get("number", "").replace(" ", "+"),  # an unescaped + comes as a blank
        customer_id=query.get("customer_id", ""),
        flow=query.get("flow", ""),
        outcome=query.get("outcome", ""),
        since=_time("since", query.get("since")),
        until=_time("until", query.get("until")),
    )
    async with request.app[PARTS].db.read() as session:
        page = await queries.latest(
            session, wanted, limit=_limit(query.get("limit")), cursor=query.get("cursor", "")
        )
    return _json({"calls": [call_json(one) for one in page.calls], "cursor": page.cursor or None})


@routes.get("/api/v1/calls/{call_id}")
async def call(request: web.Request) -> web.Response:
    """One call with its legs, segments, trace and recordings."""
    async with request.app[PARTS].db.read() as session:
        story = await queries.story(session, CallId(request.match_info["call_id"]))
    if story is None:
        raise NotFoundError("There is no such call.")
    return _json(story_json(story))


def _json(body: Any) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json")


def _limit(text: str | None) -> int:
    if text is None:
        return 50
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= queries.MOST:
        raise BadInputError(f"write a number from 1 to {queries.MOST}", field="limit")
    return int(text)


def _one_of(kind: type[E], field: str, text: str | None) -> E | None:
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError:
        raise BadInputError(f"write one of: {', '.join(kind)}", field=field) from None


def _time(field: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise BadInputError("write a time as in 2026-03-02T09:00:00+01:00", field=field) from None
    if moment.tzinfo is None:
        raise BadInputError("the time has no zone; write Z or an offset behind it", field=field)
    return moment
