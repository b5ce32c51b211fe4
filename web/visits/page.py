"""The page of visits: whose, what for, which times were offered, and what is agreed."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from proactive.appointments import Appointment, AppointmentState
from proactive.appointments.looking import VisitFilter, visit_page
from proactive.appointments.slots import slots_of
from users import Right
from web.access import allowed
from web.customer.wanted import note_seen, wanted
from web.keys import PARTS
from web.pages import page
from web.queries import check_names, one_of

routes = web.RouteTableDef()
KNOWN: Final = frozenset({"customer", "day", "state", "cursor"})
SHOWN: Final = 50
TONES: Final[Mapping[AppointmentState, str]] = {
    AppointmentState.OFFERED: "odd", AppointmentState.CONFIRMED: "good", AppointmentState.MOVED: "good",
    AppointmentState.SET: "good", AppointmentState.CANCELLED: "quiet",
}  # fmt: skip


@routes.get("/visits")
@allowed(Right.EVENTS, Right.CALLS, Right.CUSTOMERS)
async def visits(request: web.Request) -> web.Response:
    """The visits offered last; by customer, state and day. Whoever sees no whole lists names the customer."""
    query, db = request.query, request.app[PARTS].db
    check_names(query, KNOWN)
    state = one_of(AppointmentState, "state", query.get("state") or None)
    rows: list[Appointment] = []
    cursor = ""
    async with db.read() as session:
        asked = await wanted(request, session)
        if asked.shows:
            which = VisitFilter(state=state, customer_id=asked.customer, since=asked.since, until=asked.until)
            found = await visit_page(session, which, limit=SHOWN, cursor=query.get("cursor", ""))
            rows, cursor = list(found.visits), found.cursor
    if rows:
        await note_seen(request, "visits.opened", asked.customer, [each.customer_id for each in rows])
    kept = {name: value for name, value in asked.asked.items() if value}
    return page(
        request,
        "visits/visits.html",
        words=("texts",),
        wanted=asked,
        states=[each.value for each in AppointmentState],
        rows=[_row(each) for each in rows],
        earlier={**kept, "cursor": cursor} if cursor else None,
    )


def _row(visit: Appointment) -> Mapping[str, Any]:
    return {
        "id": visit.id,
        "customer": visit.customer_id,
        "kind": visit.kind,
        "state": visit.state.value,
        "tone": TONES[visit.state],
        "begins": visit.begins,
        "ends": visit.ends,
        "until": visit.until,
        "open": visit.state is AppointmentState.OFFERED,
        "slots": [
            (each.begins, each.ends, each.begins == visit.begins and each.ends == visit.ends)
            for each in slots_of(visit.slots)
        ],
        "changed": visit.changed,
        "by": visit.by,
        "call": visit.call_id,
    }
