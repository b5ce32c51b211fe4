"""Visits for programs: `/api/v1/visits`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from proactive.appointments import Appointment, AppointmentState
from proactive.appointments.looking import VisitFilter, visit_page
from proactive.appointments.slots import slots_of
from users import Right
from web.access import allowed
from web.errors import NotFoundError
from web.keys import PARTS
from web.openapi.describe import MOMENT, PAGE, described, listing, one_of, record
from web.queries import check_names, json_answer, limit_of, time_of
from web.queries import one_of as word_of

routes = web.RouteTableDef()
_STATE: Final = one_of(*AppointmentState, says="where it stands")
_PERHAPS: Final[Mapping[str, Any]] = {"type": ["string", "null"], "format": "date-time"}
_SLOT: Final = record(start=MOMENT, end=MOMENT, slot="'' for one of this customer's alone")
VISIT: Final = record(
    id="the other system's",
    customer_id="whose it is",
    kind="`installation`, `repair`, …",
    state=_STATE,
    slots={"type": "array", "items": _SLOT, "description": "what is on offer, the proposed time first"},
    until={**MOMENT, "description": "until when one of them may be chosen"},
    offered=MOMENT,
    start={**_PERHAPS, "description": "when the technician comes; null while nothing is agreed"},
    end=_PERHAPS,
    slot="the shared time that it holds; '' for none",
    changed=MOMENT,
    by="who changed it last: `customer`, or the system that told us",
    call_id="the call in which the customer did; '' otherwise",
)
_KNOWN: Final = frozenset({"limit", "cursor", "state", "customer", "since", "until"})


@routes.get("/api/v1/visits")
@allowed(Right.EVENTS)
@described(
    query={
        **PAGE,
        "state": _STATE,
        "customer": "one customer's",
        "since": {**MOMENT, "description": "agreed for then or later; where nothing is agreed: changed then"},
        "until": {**MOMENT, "description": "before"},
    },
    answer=listing("visits", VISIT),
)
async def listed(request: web.Request) -> web.Response:
    """The visits offered last, a page at a time."""
    query = request.query
    check_names(query, _KNOWN)
    wanted = VisitFilter(
        state=word_of(AppointmentState, "state", query.get("state")),
        customer_id=query.get("customer", ""),
        since=time_of("since", query.get("since")),
        until=time_of("until", query.get("until")),
    )
    async with request.app[PARTS].db.read() as session:
        found = await visit_page(
            session, wanted, limit=limit_of(query.get("limit")), cursor=query.get("cursor", "")
        )
    return json_answer({"visits": [told(each) for each in found.visits], "cursor": found.cursor or None})


@routes.get("/api/v1/visits/{id:.+}")
@allowed(Right.EVENTS)
@described(answer=VISIT)
async def one(request: web.Request) -> web.Response:
    """One visit."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        visit = await session.get(Appointment, request.match_info["id"])
    if visit is None:
        raise NotFoundError("There is no such visit.")
    return json_answer(told(visit))


def told(visit: Appointment) -> Mapping[str, Any]:
    """One as programs read it."""
    return {
        "id": visit.id,
        "customer_id": visit.customer_id,
        "kind": visit.kind,
        "state": visit.state.value,
        "slots": _slots(visit),
        "until": visit.until,
        "offered": visit.offered,
        "start": visit.begins,
        "end": visit.ends,
        "slot": visit.slot,
        "changed": visit.changed,
        "by": visit.by,
        "call_id": visit.call_id,
    }


def _slots(visit: Appointment) -> Sequence[Mapping[str, Any]]:
    return [{"start": each.begins, "end": each.ends, "slot": each.id} for each in slots_of(visit.slots)]
