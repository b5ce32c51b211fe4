"""The REST API's trunks: what each bears, how it stands, and changing it while calls go on."""

from typing import Any, Final

from aiohttp import web

from dialer.trunks import TRUNK_SETTINGS, set_trunk, trunk_rows, trunk_told
from users import Right
from web.access import allowed, audit
from web.bodies import body_of, operator
from web.keys import PARTS
from web.openapi.describe import described, listing
from web.openapi.shapes import settings
from web.queries import check_names, json_answer

routes = web.RouteTableDef()

STATES: Final = "centralino:trunks"
"""Where each core tells how its trunks stand: a hash by node, each a list with name, used, state, …"""


@routes.get("/api/v1/trunks")
@allowed(Right.CAMPAIGNS, Right.FLOOR)
@described(answer=listing("trunks", {"type": "object"}))
async def listed(request: web.Request) -> web.Response:
    """All trunks in the order in which they are tried, with how they stand on each node."""
    check_names(request.query, ())
    parts = request.app[PARTS]
    async with parts.db.read() as session:
        rows = [trunk_told(each) for each in await trunk_rows(session)]
    standing = await parts.live.fields(STATES)
    return json_answer({"trunks": [row | {"nodes": _on_nodes(standing, row["name"])} for row in rows]})


@routes.patch("/api/v1/trunks/{name}")
@allowed(Right.CAMPAIGNS)
@described(body={"type": "object", "properties": settings(TRUNK_SETTINGS.values())})
async def tuned(request: web.Request) -> web.Response:
    """Change what is named; the rest stays."""
    body, parts = await body_of(request), request.app[PARTS]
    async with parts.db.write() as session:
        row = await set_trunk(
            session, request.match_info["name"], body, by=operator(request), at=parts.clock.now()
        )
        await audit(request, session, "trunk.tuned", subject=row.name, detail=body)
        return json_answer(trunk_told(row))


def _on_nodes(standing: dict[str, Any], trunk: str) -> dict[str, Any]:
    return {
        node: {name: value for name, value in each.items() if name != "name"}
        for node, told in sorted(standing.items())
        if isinstance(told, list)
        for each in told
        if isinstance(each, dict) and each.get("name") == trunk
    }
