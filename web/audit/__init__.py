"""The audit log on a page: who did what, when and from where."""

from aiohttp import web

from users import DeedFilter, Right, deeds
from values import BadInputError
from web.access import allowed
from web.keys import PARTS
from web.pages import page
from web.queries import limit_of
from web.users.api import deed_filter

routes = web.RouteTableDef()

SHOWN = 100


@routes.get("/audit")
@allowed(Right.AUDIT)
async def log(request: web.Request) -> web.Response:
    """The latest deeds that fit, a page at a time."""
    query, problem = dict(request.query), ""
    days = {name: query.get(name, "") for name in ("since", "until")}
    asked = {**query, **{name: f"{day}T00:00:00+00:00" for name, day in days.items() if day}}
    try:
        wanted = deed_filter(asked)
        cursor, limit = query.get("cursor", ""), limit_of(query.get("limit"), usual=SHOWN)
    except BadInputError as wrong:
        wanted, cursor, limit, problem = DeedFilter(), "", SHOWN, str(wrong)
    async with request.app[PARTS].db.read() as session:
        found = await deeds(session, wanted, limit=limit, cursor=cursor)
    kept = {name: value for name, value in query.items() if value and name != "cursor"}
    onward = request.rel_url.with_query({**kept, "cursor": found.cursor}) if found.cursor else None
    return page(
        request, "audit/log.html", deeds=found.deeds, wanted=query, onward=str(onward or ""), problem=problem
    )
