"""What a supervisor does: `POST /api/v1/agents/{name}/supervise/{deed}`, and stop. Each is written down."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from agents import agent_cards
from store import Asker
from users import Right
from values import BadInputError
from web.access import allowed, audit, who
from web.bodies import body_of
from web.errors import NotFoundError
from web.keys import PARTS
from web.queries import json_answer

routes = web.RouteTableDef()

DEEDS: Final = ("listen", "whisper", "barge", "take-over")
_AS: Final = frozenset({"supervisor"})


@routes.get("/api/v1/supervise")
@allowed(Right.MONITOR)
async def everybody(request: web.Request) -> web.Response:
    """Who supervises whom now."""
    parts = request.app[PARTS]
    return json_answer(await Asker(parts.live, parts.clock).ask("supervise.list"))


@routes.post("/api/v1/supervise/stop")
@allowed(Right.MONITOR)
async def stop(request: web.Request) -> web.Response:
    """Listen no more."""
    supervisor = _supervisor(request, await body_of(request, _AS))
    return json_answer(await _done(request, "stop", {"supervisor": supervisor}))


def _handler(name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    @allowed(Right.MONITOR)
    async def done(request: web.Request) -> web.Response:
        agent = request.match_info["name"]
        supervisor = _supervisor(request, await body_of(request, _AS))
        async with request.app[PARTS].db.read() as session:
            if not await agent_cards(session, [agent]):
                raise NotFoundError("Nobody of that name works here.")
        return json_answer(await _done(request, name, {"supervisor": supervisor, "agent": agent}))

    done.__doc__ = f"{name} at an agent's talk."
    return done


for _name in DEEDS:
    routes.post(f"/api/v1/agents/{{name}}/supervise/{_name}")(_handler(_name))


async def _done(request: web.Request, name: str, fields: Mapping[str, Any]) -> Any:
    """Write it down, then do it: nobody listens unseen because the core was slow to say so."""
    parts, did = request.app[PARTS], name.replace("-", "_")
    async with parts.db.write() as session:
        await audit(
            request, session, f"supervise.{did}", subject=str(fields.get("agent", "")), detail=dict(fields)
        )
    return await Asker(parts.live, parts.clock).ask(f"supervise.{did}", fields)


def _supervisor(request: web.Request, body: Mapping[str, Any]) -> str:
    """The telephone they listen with: their own; a program names one."""
    visitor = who(request)
    named = body.get("supervisor", "")
    if not isinstance(named, str):
        raise BadInputError("write an agent's name", field="supervisor")
    if visitor.user is not None and named not in {"", visitor.agent}:
        raise BadInputError("you listen with your own telephone", field="supervisor")
    supervisor = visitor.agent or named
    if not supervisor:
        raise BadInputError("name the agent whose telephone is to listen", field="supervisor")
    return supervisor
