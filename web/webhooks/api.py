"""Webhooks for programs, and what the page's scripts ask: `/api/v1/webhooks`."""

from collections.abc import Collection, Mapping
from typing import Any

from aiohttp import web

from messages.webhooks import (
    Addresses,
    DeliveryState,
    change_endpoint,
    delivery_page,
    endpoint,
    endpoints,
    make_endpoint,
    new_secret,
    remove_endpoint,
    send_again,
    send_dead_again,
    try_out,
)
from users import Right
from values import BadInputError
from web.access import allowed, audit, who
from web.again import told_once
from web.bodies import body_of
from web.keys import PARTS
from web.openapi.describe import PAGE, WHOLE, described, listing, record
from web.queries import check_names, json_answer, limit_of, one_of
from web.webhooks.described import CHANGE, DELIVERY, ENDPOINT, NEW, SHOWN_ONCE, STATE
from web.webhooks.telling import delivery_told, endpoint_told, kinds_told

_FIELDS = frozenset({"url", "events", "title"})


@allowed(Right.WEBHOOKS)
@described(answer=listing("events", record(name="its name", says="when it is told")))
async def kinds(request: web.Request) -> web.Response:
    """What other systems can be told of."""
    check_names(request.query, ())
    return json_answer({"events": kinds_told()})


@allowed(Right.WEBHOOKS)
@described(answer=listing("webhooks", ENDPOINT))
async def listed(request: web.Request) -> web.Response:
    """All endpoints."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        return json_answer({"webhooks": [endpoint_told(each) for each in await endpoints(session)]})


@allowed(Right.WEBHOOKS)
@described(answer=ENDPOINT)
async def one(request: web.Request) -> web.Response:
    """One endpoint."""
    async with request.app[PARTS].db.read() as session:
        return json_answer(endpoint_told(await endpoint(session, request.match_info["id"])))


@allowed(Right.WEBHOOKS)
@described(body=NEW, needed=True, answer=SHOWN_ONCE, status=201)
async def made(request: web.Request) -> web.Response:
    """A new endpoint; `secret` is told here and never again."""
    body = _checked(await body_of(request, _FIELDS))
    for name in ("url", "events"):
        if name not in body:
            raise BadInputError("is needed", field=name)
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        found = await make_endpoint(
            session, _addresses(request), by=who(request).name, at=parts.clock.now(), **body
        )
        await audit(request, session, "webhook.made", subject=found.id, detail={"url": found.url})
        told_once(request)
        answer = json_answer(endpoint_told(found) | {"secret": found.secret})
    answer.set_status(201)
    return answer


@allowed(Right.WEBHOOKS)
@described(body=CHANGE, answer=ENDPOINT)
async def changed(request: web.Request) -> web.Response:
    """Change what is named; `active` switches it on and off."""
    body = _checked(await body_of(request, _FIELDS | {"active"}))
    async with request.app[PARTS].db.write() as session:
        found = await change_endpoint(session, _addresses(request), request.match_info["id"], **body)
        await audit(
            request,
            session,
            "webhook.changed",
            subject=found.id,
            detail={"fields": sorted(body), "url": found.url},
        )
        return json_answer(endpoint_told(found))


@allowed(Right.WEBHOOKS)
@described(status=204)
async def removed(request: web.Request) -> web.Response:
    """Remove one, with all that is on its way to it."""
    async with request.app[PARTS].db.write() as session:
        found = await endpoint(session, request.match_info["id"])
        await audit(request, session, "webhook.removed", subject=found.id, detail={"url": found.url})
        await remove_endpoint(session, found.id)
    return web.Response(status=204)


@allowed(Right.WEBHOOKS)
@described(answer=SHOWN_ONCE)
async def turned(request: web.Request) -> web.Response:
    """A new secret, told here and never again; the old one signs as well for a day."""
    await body_of(request, ())
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        found = await new_secret(session, request.match_info["id"], parts.clock.now())
        await audit(request, session, "webhook.secret_turned", subject=found.id)
        told_once(request)
        return json_answer(endpoint_told(found) | {"secret": found.secret})


@allowed(Right.WEBHOOKS)
@described(answer=record(event="the event's id"), status=202)
async def tried(request: web.Request) -> web.Response:
    """Tell it something of no meaning; gives the event's id."""
    await body_of(request, ())
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        event = await try_out(session, request.match_info["id"], parts.clock.now())
    answer = json_answer({"event": event})
    answer.set_status(202)
    return answer


@allowed(Right.WEBHOOKS)
@described(query={**PAGE, "state": STATE}, answer=listing("deliveries", DELIVERY))
async def deliveries(request: web.Request) -> web.Response:
    """An endpoint's tellings, the latest first."""
    check_names(request.query, {"state", "limit", "cursor"})
    query = request.query
    async with request.app[PARTS].db.read() as session:
        found = await endpoint(session, request.match_info["id"])
        told = await delivery_page(
            session,
            found.id,
            state=one_of(DeliveryState, "state", query.get("state")),
            limit=limit_of(query.get("limit"), most=200),
            cursor=query.get("cursor", ""),
        )
    rows = [delivery_told(each) for each in told.deliveries]
    return json_answer({"deliveries": rows, "cursor": told.cursor or None})


@allowed(Right.WEBHOOKS)
@described(status=202)
async def replayed(request: web.Request) -> web.Response:
    """Have one event sent again, with its id."""
    await body_of(request, ())
    parts, about = request.app[PARTS], request.match_info
    async with parts.db.write() as session:
        await send_again(session, about["id"], about["event"], parts.clock.now())
        await audit(
            request, session, "webhook.replayed", subject=about["id"], detail={"event": about["event"]}
        )
    return web.Response(status=202)


@allowed(Right.WEBHOOKS)
@described(answer=record(events=WHOLE), status=202)
async def revived(request: web.Request) -> web.Response:
    """Have all dead events of an endpoint sent again; gives how many."""
    await body_of(request, ())
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        found = await endpoint(session, request.match_info["id"])
        count = await send_dead_again(session, found.id, parts.clock.now())
        await audit(request, session, "webhook.replayed", subject=found.id, detail={"events": count})
    answer = json_answer({"events": count})
    answer.set_status(202)
    return answer


def _addresses(request: web.Request) -> Addresses:
    return Addresses(request.app[PARTS].webhook_networks)


def _checked(body: Mapping[str, Any]) -> dict[str, Any]:
    """Each field of its kind. Raises `BadInputError` naming it."""
    for name in ("url", "title"):
        if not isinstance(body.get(name, ""), str):
            raise BadInputError("write a text", field=name)
    events: Collection[object] = body.get("events", [])
    if not isinstance(events, list) or not all(isinstance(each, str) for each in events):
        raise BadInputError("write a list of names", field="events")
    if not isinstance(body.get("active", True), bool):
        raise BadInputError("write true or false", field="active")
    return dict(body)
