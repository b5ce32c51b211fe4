"""The REST API's figures of proactive care: volumes by month, and what the calls are good for."""

from datetime import timedelta
from typing import Final

from aiohttp import web

from proactive.volumes import volumes, volumes_told
from users import Right
from values import HOUSE_ZONE
from web.access import allowed
from web.keys import PARTS
from web.openapi.describe import MOMENT, TEXT, described
from web.queries import check_names, json_answer, time_of

USUAL: Final = timedelta(days=365)
KNOWN: Final = frozenset({"since", "until", "zone"})


@allowed(Right.REPORTS)
@described(
    query={
        "since": {**MOMENT, "description": "contacts made at or after; a year before the end when left out"},
        "until": {**MOMENT, "description": "contacts made before; now when left out"},
        "zone": {**TEXT, "description": "whose months, as in Europe/Rome"},
    }
)
async def proactive_volumes(request: web.Request) -> web.Response:
    """The proactive processes by month, and their effect against the customers who were left alone."""
    check_names(request.query, KNOWN)
    parts = request.app[PARTS]
    now = parts.clock.now()
    until = time_of("until", request.query.get("until")) or now
    since = time_of("since", request.query.get("since")) or until - USUAL
    zone = request.query.get("zone") or HOUSE_ZONE
    async with parts.db.read() as session:
        found = await volumes(session, since, until, zone=zone, now=now)
    return json_answer(volumes_told(found))
