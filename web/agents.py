"""The REST API's agents: who works here and where they stand, and what they ask of the voice core."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from agents import PLACES, AgentCard, Present, agent_card, agent_cards, present, put_agents
from store import Asker
from users import Right
from values import BadInputError
from web.access import allowed, as_agent, audit, who
from web.bodies import body_of
from web.desk.room import DESK
from web.keys import PARTS
from web.openapi.describe import FLAG, NUMBER, TEXT, Schema, described, listing, one_of, record
from web.openapi.shapes import AGENT
from web.problems import NotFoundError
from web.queries import check_names, json_answer
from web.telephones import Telephones

routes = web.RouteTableDef()

_LISTED: Final = frozenset({"state", "inactive"})
_CARD: Final = frozenset({"title", "phone", "skills", "node", "active", "team", "site", "partner"})
_COMMANDS: Final[Mapping[str, tuple[str, Mapping[str, Schema], str]]] = {
    "sign-in": ("agents.sign_in", {}, "They are here: their telephone is rung, and its leg stays up."),
    "sign-out": ("agents.sign_out", {}, "They go home, after the talk that is on."),
    "ready": ("agents.ready", {}, "They take calls (again)."),
    "wrapped-up": ("agents.wrapped_up", {}, "Their wrap-up is over."),
    "pause": ("agents.pause", {"reason": TEXT}, "They take no calls for a while, after the talk that is on."),
    "more-time": ("agents.more_time", {"seconds": NUMBER}, "They need longer for what comes after the talk."),
    "hang-up": ("agents.hang_up", {}, "End the call that they talk to; their own leg stays up."),
    "disposition": (
        "agents.dispose",
        {"attempt": TEXT, "disposition": TEXT, "fields": {"type": "object"}, "ready": FLAG},
        "Say what a talk came to.",
    ),
}
"""What stands at the end of the path: the core's command, the fields of the body, and what it does."""


@routes.get("/api/v1/agents")
@allowed(Right.FLOOR, Right.STEER, Right.MONITOR, Right.USERS)
@described(
    query={"state": "only who stands so", "inactive": one_of("true", "false")},
    answer=listing("agents", AGENT),
)
async def listed(request: web.Request) -> web.Response:
    """Everybody who works here; where each stands is from the voice core's last word."""
    query = request.query
    check_names(query, _LISTED)
    inactive = query.get("inactive", "false")
    if inactive not in {"true", "false"}:
        raise BadInputError("write true or false", field="inactive")
    parts = request.app[PARTS]
    async with parts.db.read() as session:
        cards = await agent_cards(session, inactive=inactive == "true")
    there = await present(parts.live, parts.clock.now())
    shown = [_shown(card, there.get(card.name)) for card in cards]
    wanted = query.get("state")
    return json_answer({"agents": [each for each in shown if wanted in {None, each["state"]}]})


@routes.get("/api/v1/agents/{name}")
@allowed(Right.FLOOR, Right.STEER, Right.MONITOR, Right.USERS)
@described(answer=AGENT)
async def one(request: web.Request) -> web.Response:
    """One agent."""
    parts = request.app[PARTS]
    card = await _card(request)
    there = await present(parts.live, parts.clock.now())
    return json_answer(_shown(card, there.get(card.name)))


@routes.put("/api/v1/agents/{name}")
@allowed(Right.STEER, Right.USERS)
@described(
    body=record(
        title=TEXT,
        phone=TEXT,
        skills={"type": "array", "items": TEXT},
        node=TEXT,
        active=FLAG,
        team=TEXT,
        site=TEXT,
        partner=TEXT,
    ),
    answer=AGENT,
)
async def put(request: web.Request) -> web.Response:
    """Add an agent, or replace what is known of one; team, site and partner stay as they are if left out."""
    body, parts = await body_of(request, _CARD), request.app[PARTS]
    skills = body.get("skills", [])
    if not isinstance(skills, list) or not all(isinstance(each, str) for each in skills):
        raise BadInputError("write a list of texts", field="skills")
    active = body.get("active", True)
    if not isinstance(active, bool):
        raise BadInputError("write true or false", field="active")
    card = agent_card(
        request.match_info["name"],
        endpoint=_text(body, "phone"),
        title=_text(body, "title"),
        skills=skills,
        node=_text(body, "node"),
        active=active,
        team=_text(body, "team"),
        site=_text(body, "site"),
        partner=_text(body, "partner"),
    )
    if body.get("phone") and not card.simulated:
        _check_telephone(card.endpoint, parts.telephones)
    async with parts.db.write() as session:
        unsaid = [place for place in PLACES if place not in body]
        await put_agents(session, [card], now=parts.clock.now(), unsaid=unsaid)
        await audit(request, session, "agent.put", subject=card.name)
        (kept,) = await agent_cards(session, [card.name], inactive=True)
    return json_answer(_shown(kept, None))


def _command(path: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    command, known, words = _COMMANDS[path]

    @allowed(Right.DESK, Right.STEER)
    @described(body=record(**known), answer=AGENT)
    async def asked(request: web.Request) -> web.Response:
        as_agent(request, request.match_info["name"])
        body, parts = await body_of(request, known), request.app[PARTS]
        card = await _card(request)
        if path == "disposition" and body.get("attempt"):
            await _named_call(request, card.name, body)
        answer = await Asker(parts.live, parts.clock).ask(command, {**body, "agent": card.name})
        (shown,) = answer["agents"]
        return json_answer(shown)

    asked.__doc__ = words
    return asked


for _path in _COMMANDS:
    routes.post(f"/api/v1/agents/{{name}}/{_path}")(_command(_path))


async def _named_call(request: web.Request, agent: str, body: Mapping[str, Any]) -> None:
    """What is said of a call that is named: of one's own, or of anybody's by who may steer; written down.

    Whose it is the desk knows best: after a transfer it is still the attempt of who talked first.
    Raises `NotYoursError`.
    """
    attempt, parts = _text(body, "attempt"), request.app[PARTS]
    if not who(request).may(Right.STEER):
        async with parts.db.read() as session:
            await request.app[DESK].mine(session, agent, attempt)
    async with parts.db.write() as session:
        said = {"agent": agent, "disposition": str(body.get("disposition", ""))[:80]}
        await audit(request, session, "talk.disposed", subject=attempt[:80], detail=said)


def _check_telephone(phone: str, telephones: Telephones | None) -> None:
    """Raises `BadInputError` for what nobody could be rung on."""
    if telephones is None or phone in telephones.desks:
        return
    ours = telephones.desks
    there = f"{ours[0]} to {ours[-1]}" if ours else "none (see the setting agent_phones)"
    raise BadInputError(f"{phone!r} is no telephone of ours; there are: {there}", field="phone")


async def _card(request: web.Request) -> AgentCard:
    name = request.match_info["name"]
    async with request.app[PARTS].db.read() as session:
        found = await agent_cards(session, [name], inactive=True)
    if not found:
        raise NotFoundError("Nobody of that name works here.")
    return found[0]


def _text(body: Mapping[str, Any], field: str) -> str:
    value = body.get(field, "")
    if not isinstance(value, str):
        raise BadInputError("write a text", field=field)
    return value


def _shown(card: AgentCard, seen: Present | None) -> dict[str, Any]:
    return {
        "name": card.name,
        "title": card.title or card.name,
        "phone": card.endpoint,
        "skills": sorted(card.skills),
        "node": card.node or None,
        "active": card.active,
        "team": card.team,
        "site": card.site,
        "partner": card.partner,
        "state": seen.state if seen else "offline",
        "since": seen.since if seen else None,
        "reason": seen.reason if seen else "",
        "campaign": (seen.campaign if seen else "") or None,
        "call": (seen.call if seen else "") or None,
        "leaving": bool(seen and seen.leaving),
    }
