"""The account with which an agent's page registers as a telephone."""

from aiohttp import web

from agents import agent_cards
from users import Right
from web.access import allowed, who
from web.errors import NotFoundError
from web.keys import PARTS
from web.queries import json_answer

routes = web.RouteTableDef()


@routes.get("/desk/phone")
@allowed(Right.DESK)
async def own_phone(request: web.Request) -> web.Response:
    """The account of the browser that belongs to the agent whom the user works as, and of nobody else."""
    visitor, parts = who(request), request.app[PARTS]
    if not visitor.agent:
        raise NotFoundError("You work as no agent, so you have no telephone.")
    async with parts.db.read() as session:
        cards = await agent_cards(session, [visitor.agent])
    account = parts.telephones.of_agent(cards[0].endpoint) if cards and parts.telephones else None
    if account is None:
        raise NotFoundError("Your telephone is none of this house's; sign in with the one on your desk.")
    return json_answer({"agent": visitor.agent, **account.shown()})
