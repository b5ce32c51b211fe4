"""`centralino call`: one call, placed by hand, through the gate and by the running core."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from centralino.rooms import Rooms
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from dialer import (
    NO_RETRY,
    CampaignPlan,
    ContactStory,
    NewContact,
    Purpose,
    Verdict,
    contact_story,
    enqueue,
    may_call,
    set_up,
    withdraw,
)
from dialer.models import ContactState
from ivr.language import Flow
from values import BadInputError, Money, PhoneNumber, Scalar, SystemClock, new_id, parse_phone

REFUSED, NOT_PLACED = 3, 4
"""How the command ends when the gate says no, and when no core takes the call in time."""
LOOK_SECONDS = 0.25
BY_HAND = "by_hand"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def call(
    number: Annotated[str, typer.Argument(help="Whom to call, as people write it or in E.164.")],
    flow: Annotated[str, typer.Option("--flow", help="The flow an answered call goes through.")],
    wait: Annotated[bool, typer.Option("--wait", help="Stay until the call is over.")] = False,
    given: Annotated[
        list[str] | None, typer.Option("--with", metavar="NAME=VALUE", help="A value the flow starts with.")
    ] = None,
    profile: Annotated[
        str, typer.Option(help="The jurisdiction whose hours and caps hold; you answer for the call.")
    ] = "none",
    ring: Annotated[float, typer.Option(help="Seconds to let it ring.", min=5, max=120)] = 30.0,
    seconds: Annotated[float, typer.Option("--timeout", help="Seconds to wait at most.", min=1)] = 900.0,
) -> None:
    """Place one call through the gate and print what came of it as JSON.

    Ends with 0 when the call was placed, 3 when the gate refuses it, 4 when no running core took it in time.
    """
    settings = own_settings()
    set_up_logging("warning")
    whom = read_number(number, settings.country)
    answer, code = asyncio.run(
        _call(settings, whom, flow, given or [], profile, ring, seconds if wait else 0)
    )
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    raise typer.Exit(code)


async def _call(
    settings: Settings,
    number: PhoneNumber,
    flow: str,
    given: list[str],
    profile: str,
    ring: float,
    seconds: float,
) -> tuple[Mapping[str, Any], int]:
    clock = SystemClock()
    async with Rooms.open(settings, clock) as rooms:
        await rooms.library.refresh()
        fields = read_fields(rooms.library.flow(flow), given)
        plan = CampaignPlan(
            name=f"{BY_HAND}.{flow}",
            title=f"Calls placed by hand: {flow}",
            flow=flow,
            purpose=Purpose.SERVICE,
            profile=profile,
            caller_id=settings.caller_id,
            lines=20,
            priority=100,
            retry=NO_RETRY.model_dump(mode="json"),
            ring_seconds=ring,
        )
        now = clock.now()
        async with rooms.db.write() as session:
            await set_up(session, rooms.gate, plan)
            verdict = await may_call(session, rooms.gate, number, plan.name, now, consents=rooms.consents)
            if not verdict.allowed:
                return _refused(number, plan, verdict), REFUSED
            contact = NewContact(
                campaign=plan.name,
                event_id=new_id(f"{BY_HAND}-"),
                customer_id="",
                number=number,
                fields=fields,
                expires=now + timedelta(seconds=max(seconds, 60.0)),
            )
            (contact_id,) = await enqueue(session, [contact], now)
        if not seconds:
            return {"contact": contact_id, "number": number, "flow": flow, "state": "ready"}, 0
        return await _outcome(rooms, contact_id, contact.event_id, plan, seconds)


async def _outcome(
    rooms: Rooms, contact_id: str, event_id: str, plan: CampaignPlan, seconds: float
) -> tuple[Mapping[str, Any], int]:
    """Wait for the end; take the call back when nobody has placed it by then, or the gate refuses it."""
    clock = SystemClock()
    until = clock.monotonic() + seconds
    while True:
        async with rooms.db.read() as session:
            story = await contact_story(session, contact_id)
        if story is None:
            raise BadInputError("the contact has gone", field=contact_id)
        refused = bool(story.refusals) and not story.attempts
        if story.contact.state is ContactState.DONE or refused or clock.monotonic() > until:
            break
        await clock.sleep(LOOK_SECONDS)
    if story.contact.state is ContactState.READY:
        async with rooms.db.write() as session:
            await withdraw(session, [event_id], "withdrawn", clock.now())
            session.expire_all()
            story = await contact_story(session, contact_id) or story
    if refused:
        return _told(story, plan), REFUSED
    return _told(story, plan), 0 if story.attempts else NOT_PLACED


def _told(story: ContactStory, plan: CampaignPlan) -> Mapping[str, Any]:
    return {
        "contact": story.contact.id,
        "number": story.contact.number,
        "flow": plan.flow,
        "state": story.contact.state.value,
        "outcome": story.contact.outcome,
        "goal": story.contact.goal,
        "attempts": [
            {
                "id": attempt.id,
                "trunk": attempt.trunk,
                "outcome": attempt.outcome,
                "cause": attempt.cause,
                "sip_cause": attempt.sip_cause,
                "placed": _iso(attempt.placed),
                "answered": _iso(attempt.answered),
                "over": _iso(attempt.over),
            }
            for attempt in story.attempts
        ],
        "refusals": [
            {"reason": refusal.reason.value, "words": refusal.words, "retry_at": _iso(refusal.until)}
            for refusal in story.refusals
        ],
    }


def _refused(number: PhoneNumber, plan: CampaignPlan, verdict: Verdict) -> Mapping[str, Any]:
    refusal = {"reason": verdict.reason.value, "words": verdict.words, "retry_at": _iso(verdict.retry_at)}
    return {
        "number": number,
        "flow": plan.flow,
        "state": "refused",
        "outcome": verdict.reason.value,
        "goal": False,
        "attempts": [],
        "refusals": [refusal],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def read_number(text: str, country: str) -> PhoneNumber:
    """A number as people write it; one in use nowhere goes on as it is, for the gate to say why not."""
    try:
        return parse_phone(text, country)
    except BadInputError:
        return PhoneNumber(text)


def read_fields(flow: Flow, given: list[str]) -> dict[str, Scalar]:
    """What a flow is started with, out of `name=value` words. Raises `BadInputError` naming the wrong one.

    A language is taken by every flow.
    """
    fields: dict[str, Scalar] = {}
    for each in given:
        name, equals, text = each.partition("=")
        known = flow.inputs.get(name)
        if not equals or (known is None and name != "language"):
            inputs = ", ".join([*flow.inputs, "language"])
            raise BadInputError(f"{each!r}: write NAME=VALUE; {flow.flow} takes {inputs}", field="--with")
        try:
            fields[name] = _READERS[known.type if known else "text"](text)
        except (ValueError, InvalidOperation) as problem:
            raise BadInputError(f"{text!r} is no {known.type if known else 'text'}", field=name) from problem
    return fields


def _flag(text: str) -> bool:
    if text.lower() not in {"true", "false", "yes", "no"}:
        raise ValueError(text)
    return text.lower() in {"true", "yes"}


def _money(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    return Money(int(Decimal(amount) * 100), currency or "EUR")


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)


_READERS: Mapping[str, Any] = {
    "text": str,
    "number": _number,
    "flag": _flag,
    "money": _money,
    "date": date.fromisoformat,
    "time": datetime.fromisoformat,
}
