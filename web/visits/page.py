"""The page of visits: whose, what for, which times were offered, and what is agreed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.appointments import Appointment, AppointmentState
from proactive.appointments.looking import VisitFilter, visit_page
from proactive.appointments.slots import slots_of
from users import Right
from web.access import allowed
from web.customer.lists import SHOWN, listed
from web.customer.wanted import Wanted

routes = web.RouteTableDef()
TONES: Final[Mapping[AppointmentState, str]] = {
    AppointmentState.OFFERED: "odd", AppointmentState.CONFIRMED: "good", AppointmentState.MOVED: "good",
    AppointmentState.SET: "good", AppointmentState.CANCELLED: "quiet",
}  # fmt: skip


@routes.get("/visits")
@allowed(Right.EVENTS, Right.CALLS, Right.CUSTOMERS)
async def visits(request: web.Request) -> web.Response:
    """The visits offered last; by customer, state and day."""
    return await listed(
        request, "visits/visits.html", states=AppointmentState, find=_found, tell=_row, noted="visits.opened"
    )


async def _found(
    session: AsyncSession, asked: Wanted, state: AppointmentState | None, cursor: str
) -> tuple[Sequence[Appointment], str]:
    which = VisitFilter(state=state, customer_id=asked.customer, since=asked.since, until=asked.until)
    found = await visit_page(session, which, limit=SHOWN, cursor=cursor)
    return found.visits, found.cursor


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
