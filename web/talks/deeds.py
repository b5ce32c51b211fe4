"""What an agent does: `POST /api/v1/agents/{name}/talk/{deed}`; how the talk stands: a GET without a deed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from agents import agent_cards
from customers import Customers
from store import Asker
from users import Right
from values import BadInputError, CustomerId, mask_number, parse_phone
from web.access import allowed, audit, who
from web.bodies import body_of
from web.desk.room import DESK
from web.errors import ForbiddenError, NotFoundError
from web.keys import PARTS
from web.queries import json_answer

routes = web.RouteTableDef()

DEED_SECONDS: Final = 6.0
"""How long the core may take: a deed waits for the one before it, and then for Asterisk."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed: the core's command, the fields of the body, and whether it is written down who did it."""

    command: str
    fields: frozenset[str] = frozenset()
    audited: bool = False


DEEDS: Final[Mapping[str, Deed]] = {
    "hold": Deed("talks.hold"),
    "retrieve": Deed("talks.retrieve"),
    "consult": Deed("talks.consult", frozenset({"target"})),
    "swap": Deed("talks.swap"),
    "cancel": Deed("talks.cancel"),
    "complete": Deed("talks.complete", audited=True),
    "conference": Deed("talks.conference"),
    "blind": Deed("talks.blind", frozenset({"target"}), audited=True),
    "into-flow": Deed("talks.into_flow", frozenset({"flow", "back", "fields"}), audited=True),
    "record-pause": Deed("talks.record_pause", audited=True),
    "record-resume": Deed("talks.record_resume", audited=True),
    "manual": Deed("talks.manual", frozenset({"number", "campaign", "customer_id"}), audited=True),
}
"""By what stands at the end of the path."""


@routes.get("/api/v1/agents/{name}/talk")
@allowed(Right.DESK, Right.MONITOR)
async def now(request: web.Request) -> web.Response:
    """How the agent's talk stands; its state is `over` when there is none."""
    return json_answer(await _ask(request, "talks.now", {}, await _own(request)))


def _handler(name: str, deed: Deed) -> Callable[[web.Request], Awaitable[web.Response]]:
    @allowed(Right.DESK, Right.MONITOR)
    async def done(request: web.Request) -> web.Response:
        agent, body = await _own(request), await body_of(request, deed.fields)
        if name == "manual":
            await _check_whose(request, body)
        if deed.audited:
            await _note(request, name, agent, body)
        return json_answer(await _ask(request, deed.command, body, agent))

    done.__doc__ = f"{name} for the agent's talk."
    return done


for _name, _deed in DEEDS.items():
    routes.post(f"/api/v1/agents/{{name}}/talk/{_name}")(_handler(_name, _deed))


async def _own(request: web.Request) -> str:
    """The agent, who is whoever asks, or whom they may monitor. Raises `ForbiddenError`, `NotFoundError`."""
    name, visitor = request.match_info["name"], who(request)
    if not visitor.may(Right.MONITOR) and visitor.agent != name:
        raise ForbiddenError("You work as another agent.")
    async with request.app[PARTS].db.read() as session:
        if not await agent_cards(session, [name]):
            raise NotFoundError("Nobody of that name works here.")
    return name


async def _ask(request: web.Request, command: str, body: Mapping[str, Any], agent: str) -> Any:
    parts = request.app[PARTS]
    return await Asker(parts.live, parts.clock, seconds=DEED_SECONDS).ask(command, {**body, "agent": agent})


async def _check_whose(request: web.Request, body: Mapping[str, Any]) -> None:
    """A number that is dialled in a customer's name is theirs: by their consent nobody else is rung.

    Raises `BadInputError`.
    """
    customer, number, parts = body.get("customer_id") or "", body.get("number"), request.app[PARTS]
    if not customer:
        return
    if not isinstance(customer, str) or not isinstance(number, str):
        raise BadInputError("write a text", field="number" if isinstance(customer, str) else "customer_id")
    dialled, known = parse_phone(number, parts.gate.house.country), CustomerId(customer)
    async with parts.db.read() as session:
        theirs = await Customers(parts.db).numbers_of(session, [known], parts.clock.now())
    if dialled not in {each.number for each in theirs.get(known, ())}:
        raise BadInputError(
            "is none of this customer's; dial it without their id, or correct it", field="number"
        )


async def _note(request: web.Request, name: str, agent: str, body: Mapping[str, Any]) -> None:
    """Write it down before it is done: no deed goes unseen because the core was slow to say so."""
    stands = await request.app[DESK].standing(agent)
    shown = _masked(str(body.get("target") or body.get("number") or body.get("flow") or ""))
    async with request.app[PARTS].db.write() as session:
        await audit(
            request,
            session,
            f"talk.{name.replace('-', '_')}",
            subject=stands.call if stands else "",
            detail={"agent": agent, **({"target": shown} if shown else {})},
        )


def _masked(target: str) -> str:
    """A target without the digits of a number."""
    kind, colon, name = target.rpartition(":")
    digits = sum(each.isdigit() for each in name)
    return kind + colon + (mask_number(name) if digits > len(name) / 2 else name)
