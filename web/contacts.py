"""The REST API's contacts: taken in many at a time, once each, and looked at one by one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from dialer import ContactStory, NewContact, contact_story, enqueue
from dialer import campaign as campaign_by_name
from dialer.models import Attempt
from dialer.readers import Setting, moment, number, optional, table, text, texts, whole, zone
from users import Right
from values import BadInputError, PhoneNumber, Scalar, from_json, parse_phone
from web.access import allowed
from web.bodies import body_of, check_fields
from web.keys import PARTS
from web.lawful import may_feed
from web.openapi.describe import described, record
from web.openapi.shapes import settings
from web.problems import NotFoundError
from web.queries import json_answer

routes = web.RouteTableDef()

MOST: Final = 1000
"""Contacts in one request."""

FIELDS: Final[Mapping[str, Setting]] = {
    each.name: each
    for each in (
        Setting("event_id", text, "the event it comes from: the same one twice is one contact"),
        Setting("customer_id", text, "whose contact it is"),
        Setting("number", text, "whom to call, as people write it or in E.164"),
        Setting("numbers", texts, "further numbers of theirs, in the order they are tried"),
        Setting("zone", zone, "the time zone of the customer's address"),
        Setting("fields", table, "what the flow is started with"),
        Setting("priority", whole(-1000, 1000), "higher goes first"),
        Setting("score", number(), "within a priority the higher goes first"),
        Setting("not_before", optional(moment), "not to be called before"),
        Setting("expires", optional(moment), "not to be called from then on"),
    )
}


@routes.post("/api/v1/campaigns/{name}/contacts")
@allowed(Right.CAMPAIGNS)
@described(
    body={
        "type": "object",
        "required": ["contacts"],
        "properties": {
            "contacts": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST,
                "items": {
                    "type": "object",
                    "required": ["event_id", "number"],
                    "properties": settings(FIELDS.values()),
                },
            }
        },
    },
    needed=True,
    answer=record(contacts={"type": "array"}, problems={"type": "array"}),
)
async def taken_in(request: web.Request) -> web.Response:
    """Take contacts in; what is wrong with one of them is told, and the others are taken."""
    body = await body_of(request, ("contacts",))
    given = body.get("contacts")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise BadInputError(f"write a list of 1 to {MOST} contacts", field="contacts")
    parts, name = request.app[PARTS], request.match_info["name"]
    now = parts.clock.now()
    good: dict[int, NewContact] = {}
    problems: list[dict[str, Any]] = []
    for place, each in enumerate(given):
        try:
            good[place] = _read(name, each, parts.gate.house.country, now)
        except BadInputError as problem:
            problems.append({"index": place, "field": problem.field, "detail": str(problem)})
    async with parts.db.write() as session:
        campaign = await campaign_by_name(session, name)
        may_feed(request, campaign)
        if campaign.archived:
            raise BadInputError("is archived; take it out again first", field="campaign")
        ids = await enqueue(session, list(good.values()), now)
    taken = [
        {"index": place, "event_id": new.event_id, "contact_id": contact_id}
        for (place, new), contact_id in zip(good.items(), ids, strict=True)
    ]
    answer = json_answer({"contacts": taken, "problems": problems})
    answer.set_status(200 if taken else 400)
    return answer


@routes.get("/api/v1/contacts/{contact_id}")
@allowed(Right.CAMPAIGNS)
async def one(request: web.Request) -> web.Response:
    """One contact with its attempts and what the gate refused."""
    async with request.app[PARTS].db.read() as session:
        story = await contact_story(session, request.match_info["contact_id"])
    if story is None:
        raise NotFoundError("There is no such contact.")
    return json_answer(_story(story))


def _read(campaign: str, given: Any, country: str, now: datetime) -> NewContact:
    if not isinstance(given, dict):
        raise BadInputError("write a JSON object", field="contact")
    check_fields(given, FIELDS)
    read: dict[str, Any] = {name: FIELDS[name].read(value) for name, value in given.items()}
    for needed in ("event_id", "number"):
        if not read.get(needed):
            raise BadInputError("this must be told", field=needed)
    if read.get("expires") and read["expires"] <= (read.get("not_before") or now):
        raise BadInputError("must come after not_before, and be to come", field="expires")
    first = parse_phone(read.pop("number"), country)
    others = [_other(each, country) for each in read.pop("numbers", ())]
    return NewContact(
        campaign=campaign,
        number=first,
        numbers=list(dict.fromkeys([first, *others])) if others else (),
        fields={name: _scalar(name, value) for name, value in read.pop("fields", {}).items()},
        customer_id=read.pop("customer_id", ""),
        **read,
    )


def _other(text: str, country: str) -> PhoneNumber:
    try:
        return parse_phone(text, country)
    except BadInputError as problem:
        raise BadInputError(str(problem).partition(": ")[2], field="numbers") from problem


def _scalar(name: str, value: Any) -> Scalar:
    try:
        return from_json(value)
    except BadInputError as problem:
        raise BadInputError(
            "write a text, a number, true or false, or null", field=f"fields.{name}"
        ) from problem


def _story(story: ContactStory) -> dict[str, Any]:
    contact = story.contact
    return {
        "contact_id": contact.id,
        "campaign": contact.campaign,
        "list": contact.list or None,
        "event_id": contact.event_id,
        "customer_id": contact.customer_id or None,
        "number": contact.number,
        "numbers": list(contact.numbers) or [contact.number],
        "state": contact.state,
        "outcome": contact.outcome,
        "goal": contact.goal,
        "priority": contact.priority,
        "score": contact.score,
        "not_before": contact.not_before,
        "expires": contact.expires,
        "promised": contact.promised,
        "agent": contact.agent or None,
        "created": contact.created,
        "finished": contact.finished,
        "fields": dict(contact.fields),
        "attempts": [_attempt(each) for each in story.attempts],
        "refusals": [
            {"reason": each.reason, "words": each.words, "until": each.until, "at": each.at}
            for each in story.refusals
        ],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt_id": attempt.id,
        "number": attempt.number,
        "trunk": attempt.trunk,
        "state": attempt.state,
        "committed": attempt.committed,
        "answered": attempt.answered,
        "over": attempt.over,
        "outcome": attempt.outcome,
        "disposition": attempt.disposition or None,
        "agent": attempt.agent or None,
        "cause": attempt.cause,
        "sip_cause": attempt.sip_cause,
    }
