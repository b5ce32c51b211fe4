"""The REST API's preview: an agent sees the next contact, and asks for the call or leaves it."""

from typing import Any, Final

from aiohttp import web

from agents import agent_cards
from dialer.preview import Offer, ask_for, leave, offer
from users import Right
from values import BadInputError
from web.access import allowed, as_agent
from web.bodies import body_of
from web.keys import PARTS
from web.openapi.describe import described, record
from web.problems import NotFoundError
from web.queries import json_answer

routes = web.RouteTableDef()

_OFFER: Final = frozenset({"campaign"})
_CONTACT: Final = frozenset({"contact"})


@routes.post("/api/v1/agents/{name}/preview")
@allowed(Right.DESK, Right.STEER)
@described(body=record(campaign="whose next contact"), needed=True)
async def offered(request: web.Request) -> web.Response:
    """The next contact of a preview campaign; null when nobody is due."""
    agent = await _agent(request)
    campaign = _text(await body_of(request, _OFFER), "campaign")
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        found = await offer(session, parts.gate, campaign, agent, parts.clock.now())
    return json_answer({"offer": _shown(found) if found else None})


@routes.post("/api/v1/agents/{name}/preview/call")
@allowed(Right.DESK, Right.STEER)
@described(body=record(contact="which one"), needed=True)
async def called(request: web.Request) -> web.Response:
    """Call the contact that was offered."""
    agent = await _agent(request)
    contact = _text(await body_of(request, _CONTACT), "contact")
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        await ask_for(session, contact, agent, parts.clock.now())
    return json_answer({"contact": contact, "agent": agent})


@routes.post("/api/v1/agents/{name}/preview/leave")
@allowed(Right.DESK, Right.STEER)
@described(body=record(contact="which one"), needed=True)
async def left(request: web.Request) -> web.Response:
    """Leave the contact to others."""
    agent = await _agent(request)
    contact = _text(await body_of(request, _CONTACT), "contact")
    async with request.app[PARTS].db.write() as session:
        await leave(session, contact, agent)
    return json_answer({"contact": contact})


async def _agent(request: web.Request) -> str:
    name = as_agent(request, request.match_info["name"])
    async with request.app[PARTS].db.read() as session:
        if not await agent_cards(session, [name]):
            raise NotFoundError(f"Nobody called {name[:40]} works here.")
    return name


def _text(body: Any, field: str) -> str:
    text = body.get(field, "")
    if not isinstance(text, str) or not text:
        raise BadInputError("is missing; write a text", field=field)
    return text


def _shown(found: Offer) -> dict[str, Any]:
    contact = found.contact
    return {
        "contact": contact.id,
        "campaign": contact.campaign,
        "customer_id": contact.customer_id,
        "number": contact.number,
        "fields": dict(contact.fields),
        "attempts": contact.attempts,
        "promised": contact.promised,
        "until": found.until,
    }
