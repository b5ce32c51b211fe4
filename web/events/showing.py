"""Events as they stand, and the rules that hold."""

from aiohttp import web

from proactive.events import KINDS, EventState
from proactive.events.queries import EventFilter, event_named, event_told, latest
from proactive.rules.telling import rules_told
from users import Right
from values import BadInputError, no_such
from web.access import allowed
from web.events.described import KEPT
from web.events.desk import desk_of, vocabulary_of
from web.keys import PARTS
from web.openapi.describe import MOMENT, PAGE, described, listing, one_of
from web.problems import NotFoundError
from web.queries import check_names, json_answer, limit_of, time_of
from web.queries import one_of as word_of

_KNOWN = frozenset({"limit", "cursor", "type", "state", "customer", "about", "since", "until"})


@allowed(Right.EVENTS)
@described(
    query={
        **PAGE,
        "type": one_of(*KINDS, says="only this type"),
        "state": one_of(*EventState, says="only those"),
        "customer": "only this customer's",
        "about": "only this order's, fault's, …",
        "since": {**MOMENT, "description": "received at or after"},
        "until": {**MOMENT, "description": "received before"},
    },
    answer=listing("events", KEPT),
)
async def listed(request: web.Request) -> web.Response:
    """The latest business events, with what came of each."""
    query = request.query
    check_names(query, _KNOWN)
    wanted = EventFilter(
        type=kind_of(query.get("type", "")),
        state=word_of(EventState, "state", query.get("state")),
        customer_id=query.get("customer", ""),
        about=query.get("about", ""),
        since=time_of("since", query.get("since")),
        until=time_of("until", query.get("until")),
    )
    async with request.app[PARTS].db.read() as session:
        page = await latest(
            session, wanted, limit=limit_of(query.get("limit")), cursor=query.get("cursor", "")
        )
    return json_answer({"events": [event_told(row) for row in page.events], "cursor": page.cursor or None})


def kind_of(text: str) -> str:
    """A type of event that there is, or ''. Raises `BadInputError` naming the nearest."""
    if text and text not in KINDS:
        raise BadInputError(no_such(text, KINDS, "type of event"), field="type")
    return text


@allowed(Right.EVENTS)
@described(answer=KEPT)
async def one(request: web.Request) -> web.Response:
    """One business event, and what came of it."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        row = await event_named(session, request.match_info["id"])
    if row is None:
        raise NotFoundError("There is no such event.")
    return json_answer(event_told(row))


@allowed(Right.EVENTS)
@described(answer={"type": "object"})
async def rules(request: web.Request) -> web.Response:
    """The rules that hold now, and what is wrong with the operator's file, if anything is."""
    check_names(request.query, ())
    shelf = desk_of(request).rulings.shelf
    shelf.refresh()
    return json_answer(rules_told(shelf, await vocabulary_of(request)))
