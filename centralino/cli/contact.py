"""`centralino contact`: one person to be called: add, show, withdraw, promise a call-back."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from centralino.cli.agentnamed import check_agent
from centralino.cli.call import read_number
from centralino.cli.campaign.desk import settings_here, show
from centralino.cli.lists import read_mapping
from centralino.cli.maycall import read_time
from centralino.settings import Settings
from dialer import NewContact, contact_story, enqueue, withdraw
from dialer.campaigns import campaign as campaign_by_name
from dialer.contacts import UnknownContactError, promise
from dialer.models import Contact
from dialer.readers import Setting
from dialer.readers import zone as read_zone
from store import Database
from values import PhoneNumber, mask_number, new_id

WITHDRAWN = "withdrawn"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

ContactId = Annotated[str, typer.Argument(metavar="CONTACT", help="The contact's id, as `add` printed it.")]
Zone = Annotated[str, typer.Option(help="The time zone of a time without an offset, and of the customer.")]


@app.command("add")
def add(
    numbers: Annotated[
        list[str], typer.Argument(metavar="NUMBER…", help="Their numbers, in the order to try.")
    ],
    campaign: Annotated[str, typer.Option("--campaign", help="Which campaign is to call them.")],
    customer: Annotated[str, typer.Option(help="The customer's id, where there is one.")] = "",
    event: Annotated[str, typer.Option(help="What it comes from: the same twice is one contact.")] = "",
    fields: Annotated[
        list[str] | None, typer.Option("--field", metavar="NAME=TEXT", help="A value for the flow.")
    ] = None,
    zone: Zone = "",
    priority: Annotated[int, typer.Option(help="Higher goes first.")] = 0,
    score: Annotated[float, typer.Option(help="Within a priority the higher goes first.")] = 0.0,
    not_before: Annotated[str, typer.Option(help="Not before this time: 2026-12-24T18:30.")] = "",
    expires: Annotated[str, typer.Option(help="Not after this time.")] = "",
) -> None:
    """Have a campaign call somebody. Prints the contact's id."""
    settings = settings_here()
    read = [read_number(each, settings.country) for each in numbers]
    new = NewContact(
        campaign=campaign,
        event_id=event or new_id("by-hand-"),
        customer_id=customer,
        number=read[0],
        numbers=read if len(read) > 1 else (),
        zone=Setting("zone", read_zone, "").read(zone),
        fields=read_mapping(fields or ()),
        priority=priority,
        score=score,
        not_before=read_time(not_before, zone, "--not-before") if not_before else None,
        expires=read_time(expires, zone, "--expires") if expires else None,
    )
    show({"contact": asyncio.run(_add(settings, new))})


@app.command("show")
def tell(contact: ContactId) -> None:
    """Print a contact with its attempts and the gate's refusals, as JSON; numbers are masked."""
    show(asyncio.run(_show(settings_here(), contact)))


@app.command("withdraw")
def take_out(contact: ContactId) -> None:
    """Leave somebody alone; one who is being called now is not called again."""
    asyncio.run(_withdraw(settings_here(), contact))


@app.command("callback")
def call_back(
    contact: ContactId,
    at: Annotated[str, typer.Option("--at", help="When: 2026-12-24T18:30, with an offset or in --zone.")],
    agent: Annotated[str, typer.Option(help="By which agent; anybody if left out.")] = "",
    number: Annotated[str, typer.Option(help="On which number, if not the one tried last.")] = "",
    zone: Zone = "",
) -> None:
    """Promise somebody a call-back: before all others at that time, and by the agent if one is named."""
    settings = settings_here()
    read = read_number(number, settings.country) if number else None
    when = read_time(at, zone, "--at")
    show(asyncio.run(_promise(settings, contact, when, agent, read)))


async def _add(settings: Settings, new: NewContact) -> str:
    async with Database(settings.database) as db, db.write() as session:
        await campaign_by_name(session, new.campaign)
        (made,) = await enqueue(session, [new], db.clock.now())
        return made


async def _show(settings: Settings, contact_id: str) -> dict[str, Any]:
    async with Database(settings.database) as db, db.read() as session:
        story = await contact_story(session, contact_id)
    if story is None:
        raise UnknownContactError(f"there is no contact {contact_id!r}", field="contact")
    attempts = [
        {
            "attempt": each.id,
            "number": mask_number(each.number),
            "committed": _time(each.committed),
            "answered": _time(each.answered),
            "over": _time(each.over),
            "outcome": each.outcome,
            "agent": each.agent,
            "disposition": each.disposition,
        }
        for each in story.attempts
    ]
    refusals = [
        {"at": _time(each.at), "reason": each.reason.value, "words": each.words, "until": _time(each.until)}
        for each in story.refusals
    ]
    return _told(story.contact) | {"attempts": attempts, "refusals": refusals}


def _told(contact: Contact) -> dict[str, Any]:
    return {
        "contact": contact.id,
        "campaign": contact.campaign,
        "list": contact.list,
        "customer": contact.customer_id,
        "number": mask_number(contact.number),
        "numbers": [mask_number(each) for each in contact.numbers],
        "zones": contact.zones,
        "state": contact.state.value,
        "priority": contact.priority,
        "score": contact.score,
        "not_before": _time(contact.not_before),
        "expires": _time(contact.expires),
        "promised": _time(contact.promised),
        "agent": contact.agent,
        "outcome": contact.outcome,
        "goal": contact.goal,
    }


async def _withdraw(settings: Settings, contact_id: str) -> None:
    async with Database(settings.database) as db, db.write() as session:
        contact = await session.get(Contact, contact_id)
        if contact is None:
            raise UnknownContactError(f"there is no contact {contact_id!r}", field="contact")
        await withdraw(session, [contact.event_id], WITHDRAWN, db.clock.now())


async def _promise(
    settings: Settings, contact_id: str, at: datetime, agent: str, number: PhoneNumber | None
) -> dict[str, Any]:
    async with Database(settings.database) as db, db.write() as session:
        await check_agent(session, agent)
        return _told(await promise(session, contact_id, at, now=db.clock.now(), agent=agent, number=number))


def _time(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
