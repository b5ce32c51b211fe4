"""The pages of webhooks: all endpoints, and one with its tellings."""

from typing import Final

from aiohttp import web

from messages.webhooks import CHOICES, DeliveryState, delivery_page, endpoint, endpoints
from users import Right
from web.access import allowed
from web.keys import PARTS
from web.pages import page
from web.queries import check_names, one_of
from web.webhooks.telling import delivery_told, endpoint_told

SHOWN: Final = 50


@allowed(Right.WEBHOOKS)
async def listed(request: web.Request) -> web.Response:
    """All endpoints, and a form for another."""
    async with request.app[PARTS].db.read() as session:
        found = [endpoint_told(each) for each in await endpoints(session)]
    return page(request, "webhooks/webhooks.html", endpoints=found, kinds=CHOICES)


@allowed(Right.WEBHOOKS)
async def one(request: web.Request) -> web.Response:
    """One endpoint, its settings and its tellings."""
    check_names(request.query, {"state", "cursor"})
    state = one_of(DeliveryState, "state", request.query.get("state") or None)
    async with request.app[PARTS].db.read() as session:
        found = await endpoint(session, request.match_info["id"])
        told = await delivery_page(
            session, found.id, state=state, limit=SHOWN, cursor=request.query.get("cursor", "")
        )
    return page(
        request,
        "webhooks/webhook.html",
        endpoint=endpoint_told(found),
        kinds=CHOICES,
        deliveries=[delivery_told(each) for each in told.deliveries],
        cursor=told.cursor,
        state=state.value if state else "",
        states=list(DeliveryState),
    )
