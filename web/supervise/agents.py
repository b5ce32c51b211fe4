"""The grid of agents, and setting somebody's presence: with a reason, and their page says who it was."""

from typing import Any, Final

from aiohttp import web

from agents import agent_cards
from agents.pauses import load_pauses
from store import Asker
from users import Right
from values import BadInputError
from web.access import allowed, audit, who
from web.bodies import body_of
from web.errors import NotFoundError
from web.floor.embedding import embedded
from web.floor.feed import FEED
from web.keys import PARTS
from web.pages import page
from web.queries import json_answer

STATES: Final = ("ready", "talking", "wrap_up", "paused", "reserved", "offline")
COMMANDS: Final = {
    "ready": "agents.ready",
    "wrapped-up": "agents.wrapped_up",
    "pause": "agents.pause",
    "sign-out": "agents.sign_out",
}
LONGEST: Final = 120


@allowed(Right.STEER, Right.MONITOR)
async def grid(request: web.Request) -> web.Response:
    """Everybody, by state, with timers and filters."""
    visitor, feed = who(request), request.app[FEED]
    await feed.look()
    pauses = load_pauses()
    return page(
        request,
        "supervise/agents.html",
        words=("floor", "phone"),
        states=STATES,
        pauses=[{"name": each.name, "title": each.words(visitor.language)} for each in pauses],
        data=embedded(
            {
                "state": feed.first_word(visitor.partner),
                "steer": visitor.may(Right.STEER),
                "monitor": visitor.may(Right.MONITOR),
                "me": visitor.agent,
                "pauses": {each.name: each.words(visitor.language) for each in pauses},
                "longest": {each.name: 60 * each.longest for each in pauses},
            }
        ),
    )


@allowed(Right.STEER)
async def presence(request: web.Request) -> web.Response:
    """Set somebody's presence: `state` and, for a pause, `reason`; `why` goes into the audit."""
    body, parts, name = (
        await body_of(request, ("state", "reason", "why")),
        request.app[PARTS],
        request.match_info["name"],
    )
    state = body.get("state")
    if state not in COMMANDS:
        raise BadInputError(f"write one of: {', '.join(COMMANDS)}", field="state")
    reason, why = _text(body, "reason"), _text(body, "why")
    if state in {"pause", "sign-out"} and not (reason or why):
        raise BadInputError("say why: the agent and the audit are told", field="reason")
    async with parts.db.read() as session:
        if not await agent_cards(session, [name]):
            raise NotFoundError("Nobody of that name works here.")
    asked = {"agent": name, "by": who(request).title, **({"reason": reason} if state == "pause" else {})}
    async with parts.db.write() as session:
        detail = {"state": state, "reason": reason, "why": why}
        await audit(request, session, "agent.presence_set", subject=name, detail=detail)
    answer = await Asker(parts.live, parts.clock).ask(COMMANDS[state], asked)
    (shown,) = answer["agents"]
    return json_answer(shown)


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field, "")
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise BadInputError(f"write up to {LONGEST} letters, on one line", field=field)
    return value.strip()
