"""Texts for programs: `/api/v1/texts`. Neither words nor whole numbers are told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from messages.sms import TextMessage, TextState
from messages.sms.looking import TextFigures, text_figures, text_page
from users import Right
from values import mask_number
from web.access import allowed
from web.keys import PARTS
from web.openapi.describe import MOMENT, PAGE, WHOLE, described, listing, record
from web.queries import check_names, json_answer, limit_of, one_of, time_of

routes = web.RouteTableDef()
_STATE: Final[Mapping[str, Any]] = {"type": "string", "enum": [each.value for each in TextState]}
_TEXT: Final = record(
    id="its writer's",
    number="masked",
    purpose="as of calls",
    state=_STATE,
    customer_id="'' for nobody known",
    about="what it is about, in its writer's words",
    queued=MOMENT,
    sent="when the carrier took it; null before",
    done="when it was over; null before",
    segments=WHOLE,
    cost_micros=WHOLE,
    code="the carrier's error code",
    why="in words, where it did not arrive",
)
_FIGURES: Final = record(purpose="as of calls", state=_STATE, texts=WHOLE, segments=WHOLE, cost_micros=WHOLE)
_DAYS: Final = 30


@routes.get("/api/v1/texts")
@allowed(Right.EVENTS)
@described(
    query={
        **PAGE,
        "state": _STATE,
        "customer": "one customer's",
        "since": {**MOMENT, "description": "written then or later"},
        "until": {**MOMENT, "description": "written before"},
    },
    answer=listing("texts", _TEXT),
)
async def listed(request: web.Request) -> web.Response:
    """The latest texts to customers, a page at a time."""
    query = request.query
    check_names(query, ("state", "customer", "since", "until", "limit", "cursor"))
    state = one_of(TextState, "state", query.get("state"))
    async with request.app[PARTS].db.read() as session:
        page = await text_page(
            session,
            state=state,
            customer_id=query.get("customer", ""),
            since=time_of("since", query.get("since")),
            until=time_of("until", query.get("until")),
            limit=limit_of(query.get("limit")),
            cursor=query.get("cursor", ""),
        )
    return json_answer({"texts": [_told(each) for each in page.texts], "cursor": page.cursor or None})


@routes.get("/api/v1/texts/figures")
@allowed(Right.EVENTS, Right.REPORTS)
@described(answer=listing("figures", _FIGURES))
async def figures(request: web.Request) -> web.Response:
    """What the texts of the last thirty days came to, by purpose and state."""
    check_names(request.query, ())
    parts = request.app[PARTS]
    now = parts.clock.now()
    async with parts.db.read() as session:
        found = await text_figures(session, now - timedelta(days=_DAYS), now + timedelta(seconds=1))
    return json_answer({"figures": [_counted(each) for each in found]})


def _counted(each: TextFigures) -> Mapping[str, Any]:
    return {
        "purpose": each.purpose,
        "state": each.state.value,
        "texts": each.texts,
        "segments": each.segments,
        "cost_micros": each.cost_micros,
    }


def _told(each: TextMessage) -> Mapping[str, Any]:
    return {
        "id": each.id,
        "number": mask_number(each.number) if each.number else "",
        "purpose": each.purpose,
        "state": each.state.value,
        "customer_id": each.customer_id,
        "about": each.about,
        "queued": each.queued,
        "sent": each.sent,
        "done": each.done,
        "segments": each.segments,
        "cost_micros": each.cost_micros,
        "code": each.code,
        "why": each.why,
    }
