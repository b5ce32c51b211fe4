"""To whom a talk can be given: colleagues who are there, queues, flows; for the desk's transfer."""

from aiohttp import web

from agents import agent_cards, present
from agents.queues import queues
from users import Right
from web.access import allowed
from web.desk.room import agent_of
from web.keys import PARTS
from web.queries import json_answer

routes = web.RouteTableDef()


@routes.get("/desk/targets")
@allowed(Right.DESK)
async def targets(request: web.Request) -> web.Response:
    """By kind: the word to give, and what people read beside it (of an agent their state)."""
    parts, me = request.app[PARTS], agent_of(request)
    async with parts.db.read() as session:
        cards = await agent_cards(session)
        named = await queues(session)
    there = await present(parts.live, parts.clock.now())
    return json_answer(
        {
            "agent": [
                {"name": card.name, "title": card.title, "state": there[card.name].state}
                for card in cards
                if card.name in there and card.name != me and not card.simulated
            ],
            "queue": [{"name": each.name, "title": each.title} for each in named.values()],
            "flow": [
                {"name": name, "title": parts.library.flow(name).title}
                for name in sorted(parts.library.names())
            ],
        }
    )
