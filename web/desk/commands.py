"""What an agent does at the desk, asked by the page's scripts: their presence, their drafts, their word."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from agents.drafts import save_draft
from customers import Customers
from dialer.dispositions import Then
from users import Right
from values import BadInputError, CustomerId
from web.access import allowed, audit, who
from web.bodies import body_of
from web.desk.call import CUSTOMER, AtHand
from web.desk.callbacks import Promise, book, customer_zone, may_promise, moment_of
from web.desk.outcome import (
    FIELDS,
    check_word,
    contact_note,
    keep_caller,
    keep_rest,
    read_word,
    told_core,
)
from web.desk.room import DESK, DeskRoom, agent_of
from web.errors import NotFoundError
from web.keys import PARTS
from web.queries import json_answer

routes = web.RouteTableDef()

_VERBS: Final[Mapping[str, str]] = {
    "sign-in": "agents.sign_in",
    "sign-out": "agents.sign_out",
    "ready": "agents.ready",
    "pause": "agents.pause",
    "wrapped-up": "agents.wrapped_up",
    "more-time": "agents.more_time",
    "hang-up": "agents.hang_up",
}
MORE_SECONDS: Final = 60
_TYPED: Final = frozenset({"call", "notes", "disposition", "fields", "callback", "opt_out"})
_LONGEST_DRAFT: Final = 60_000
"""Characters of a draft; far more than may be said, so that nothing is lost while it is being shortened."""


@routes.post("/desk/presence/{verb}")
@allowed(Right.DESK)
async def presence(request: web.Request) -> web.Response:
    """Sign in to the shift, be ready, pause, and so on; the core answers with where the agent stands."""
    verb = request.match_info["verb"]
    if verb not in _VERBS:
        raise NotFoundError
    room, agent = request.app[DESK], agent_of(request)
    body = await body_of(request, {"reason"} if verb == "pause" else ())
    asked: dict[str, Any] = {"agent": agent}
    if verb == "pause":
        asked["reason"] = _reason(room, body.get("reason"))
    if verb == "more-time":
        asked["seconds"] = MORE_SECONDS
    answer = await room.asker.ask(_VERBS[verb], asked)
    return json_answer(answer["agents"][0])


@routes.get("/desk/call")
@allowed(Right.DESK)
async def call_now(request: web.Request) -> web.Response:
    """The call at hand with the customer's card; null when there is none."""
    room, visitor = request.app[DESK], who(request)
    return json_answer(await room.current(agent_of(request), visitor.language))


@routes.put("/desk/draft")
@allowed(Right.DESK)
async def draft(request: web.Request) -> web.Response:
    """What is typed so far; sent whenever typing rests."""
    room, agent, parts = request.app[DESK], agent_of(request), request.app[PARTS]
    body = await body_of(request, _TYPED)
    call = _call(body)
    if len(str(body)) > _LONGEST_DRAFT:
        raise BadInputError("this is too long to be kept; shorten it", field="notes")
    async with parts.db.write() as session:
        hand = await room.mine(session, agent, call)
        typed = {name: value for name, value in body.items() if name != "call"}
        if found := hand.typed.get(CUSTOMER):
            typed[CUSTOMER] = found
        await save_draft(session, agent, call, typed, room.clock.now(), customer=hand.customer)
    return json_answer({"saved": room.clock.now()})


@routes.post("/desk/customer")
@allowed(Right.DESK)
async def attach(request: web.Request) -> web.Response:
    """The agent has found out who it is: the call is this customer's from now on."""
    room, visitor, parts = request.app[DESK], who(request), request.app[PARTS]
    agent = agent_of(request)
    body = await body_of(request, {"call", "customer"})
    call, wanted = _call(body), CustomerId(str(body.get("customer") or ""))
    async with parts.db.write() as session:
        hand = await room.mine(session, agent, call)
        if wanted not in await room.customers.find_by_ids(session, [wanted]):
            raise BadInputError("there is no such customer", field="customer")
        typed = {**hand.typed, CUSTOMER: wanted}
        await save_draft(session, agent, call, typed, room.clock.now(), customer=wanted)
        found = await room.hand(session, agent, call, await room.feed.last_pop(agent))
        await room.customers.note_contacts(session, [contact_note(found, room.clock.now())])
        await audit(request, session, "customer.attached", subject=wanted, customer_id=wanted)
    return json_answer(await room.shown(agent, call, await room.feed.last_pop(agent), visitor.language))


@routes.get("/desk/callback")
@allowed(Right.DESK)
async def callback(request: web.Request) -> web.Response:
    """Whether a time on the customer's clock may be promised, and why not; without `at` only whose clock."""
    room, agent, parts = request.app[DESK], agent_of(request), request.app[PARTS]
    async with parts.db.read() as session:
        hand = await room.mine(session, agent, request.query.get("call", ""))
        zone = await _zone(room, session, hand)
        if "at" not in request.query:
            return json_answer({"zone": zone})
        at = moment_of(request.query["at"], zone, room.clock.now())
        promised = await may_promise(session, room.gate, room.customers, hand, at, zone)
    return json_answer(promised.told())


@routes.post("/desk/outcome")
@allowed(Right.DESK)
async def outcome(request: web.Request) -> web.Response:
    """What the talk came to. With `ready` the wrap-up is over, and the next call may come."""
    room, agent, parts = request.app[DESK], agent_of(request), request.app[PARTS]
    body = await body_of(request, FIELDS)
    call, word = _call(body), read_word(body)
    async with parts.db.read() as session:
        hand = await room.mine(session, agent, call)
        meaning = check_word(hand, word)
        promised = None
        if meaning.then is Then.CALL_BACK:
            promised = await _promise(room, session, hand, word.callback_at)
    if not hand.inbound:
        at = promised.at if promised else None
        await room.asker.ask("agents.dispose", told_core(hand, word, at, agent))
    async with parts.db.write() as session:
        now = room.clock.now()
        if hand.inbound:
            await keep_caller(session, hand, word, agent, now)
            if promised:
                mine = agent if word.mine else ""
                await book(session, room.gate, room.shown_number, hand, promised, agent=mine, now=now)
        await keep_rest(session, room.customers, hand, word, agent, now)
        subject = hand.customer or call
        await audit(request, session, "talk.disposed", subject=subject, detail={"as": word.disposition})
    stands = await room.standing(agent) if hand.inbound and word.ready else None
    if stands is not None and stands.call == call:  # who has gone home, or talks to another, wraps up nothing
        await room.asker.ask("agents.wrapped_up", {"agent": agent})
    return json_answer({"said": word.disposition, "callback": promised.told() if promised else None})


async def _promise(room: DeskRoom, session: Any, hand: AtHand, local: str) -> Promise:
    zone = await _zone(room, session, hand)
    at = moment_of(local, zone, room.clock.now())
    promised = await may_promise(session, room.gate, room.customers, hand, at, zone)
    if not promised.allowed:
        raise BadInputError(promised.words, field="callback_at")
    return promised


async def _zone(room: DeskRoom, session: Any, hand: AtHand) -> str:
    address = ""
    if hand.customer:
        customers: Customers = room.customers
        found = await customers.find_by_ids(session, [CustomerId(hand.customer)])
        address = next((card.zone for card in found.values()), "")
    return customer_zone(hand, address, room.gate.house.zone)


def _reason(room: DeskRoom, reason: object) -> str:
    if reason not in {each.name for each in room.pauses}:
        known = ", ".join(each.name for each in room.pauses)
        raise BadInputError(f"write one of: {known}", field="reason")
    return str(reason)


def _call(body: Mapping[str, Any]) -> str:
    call = body.get("call")
    if not isinstance(call, str) or not 0 < len(call) <= 120:  # noqa: PLR2004  (no id is longer)
        raise BadInputError("write the call's id", field="call")
    return call
