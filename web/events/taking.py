"""Events come in: as JSON, lines, a table, CloudEvents, or in TM Forum's shapes. The good ones are taken."""

from collections.abc import Sequence
from typing import Any, Final

import orjson
from aiohttp import web

from proactive.events import Refused, Taken
from proactive.events.reading import Read, read_json, read_lines, read_objects
from proactive.events.sheet import read_sheet
from users import Right
from values import BadInputError
from web.access import allowed
from web.events import cloudevents, tmforum
from web.events.bodies import whole_body
from web.events.described import ANSWER, CLOUD, NOTIFICATION, SENT
from web.events.desk import intake_of
from web.keys import PARTS
from web.openapi.describe import TEXT, described
from web.queries import check_names, json_answer

_LINES: Final = frozenset({"application/x-ndjson", "application/jsonl", "application/ndjson"})
_ALSO: Final = {422: "none of them could be taken; the answer names each"}


@allowed(Right.EVENTS)
@described(body=SENT, needed=True, answer=ANSWER, status=202, also=_ALSO)
async def taken(request: web.Request) -> web.Response:
    """Take business events in: one, an array, or lines of them (`application/x-ndjson`).

    What is accepted is kept before the answer, and worked soon after; each id once, however often it is sent.
    """
    check_names(request.query, ())
    data = await whole_body(request)
    return await _answer(request, read_lines(data) if request.content_type in _LINES else read_json(data))


@allowed(Right.EVENTS)
@described(body=TEXT, takes="text/csv", needed=True, answer=ANSWER, status=202, also=_ALSO)
async def table(request: web.Request) -> web.Response:
    """Take business events in from a table; `place` in the answer is the line."""
    check_names(request.query, ())
    return await _answer(request, read_sheet(await whole_body(request)))


@allowed(Right.EVENTS)
@described(body=CLOUD, takes=cloudevents.STRUCTURED, needed=True, answer=ANSWER, status=202, also=_ALSO)
async def cloud(request: web.Request) -> web.Response:
    """Take CloudEvents in: structured, batched, or binary with `ce-` headers."""
    check_names(request.query, ())
    data = await whole_body(request)
    if "ce-id" in request.headers or "ce-specversion" in request.headers:
        given: Any = cloudevents.from_headers(request.headers, data)
    else:
        given = _loaded(data)
    events, places, refused = cloudevents.all_from_cloud(given if isinstance(given, list) else [given])
    return await _answer(request, _with(read_objects(events, places), refused))


@allowed(Right.EVENTS)
@described(body=NOTIFICATION, needed=True, answer=ANSWER, status=202, also=_ALSO)
async def orders(request: web.Request) -> web.Response:
    """Take TMF622's ProductOrderStateChangeEvent in, one or an array."""
    return await _notified(
        request, tmforum.translate(_loaded(await whole_body(request)), tmforum.order_event)
    )


@allowed(Right.EVENTS)
@described(body=NOTIFICATION, needed=True, answer=ANSWER, status=202, also=_ALSO)
async def tickets(request: web.Request) -> web.Response:
    """Take TMF621's TroubleTicketStatusChangeEvent in, one or an array."""
    return await _notified(
        request, tmforum.translate(_loaded(await whole_body(request)), tmforum.ticket_event)
    )


async def _notified(request: web.Request, found: tmforum.Translated) -> web.Response:
    check_names(request.query, ())
    read = _with(read_objects(found.events, found.places), found.refused)
    return await _answer(request, read, found.ignored)


async def _answer(request: web.Request, read: Read, ignored: Sequence[str] = ()) -> web.Response:
    parts = request.app[PARTS]
    taken = Taken()
    if read.events:
        intake = intake_of(request)
        events = await intake.prepare(read.events)
        async with parts.db.write() as session:
            taken = await intake.take(session, events, parts.clock.now(), places=read.places)
    refused = sorted([*read.refused, *taken.refused], key=lambda each: each.place)
    answer = json_answer(
        {
            "accepted": len(taken.accepted),
            "repeated": list(taken.repeated),
            "ignored": list(ignored),
            "refused": [_told(each) for each in refused],
        }
    )
    nothing = refused and not (taken.accepted or taken.repeated or ignored)
    answer.set_status(422 if nothing else 202)
    return answer


def _told(refused: Refused) -> dict[str, Any]:
    return {
        "place": refused.place,
        "id": refused.id,
        "field": refused.field,
        "error_id": refused.error,
        "detail": refused.reason,
    }


def _with(read: Read, refused: Sequence[Refused]) -> Read:
    return Read(read.events, read.places, [*read.refused, *refused])


def _loaded(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as problem:
        raise BadInputError(f"is no JSON: {problem}", field="body") from problem
