"""`centralino may-call`: what the gate would say, without calling."""

import asyncio
import json
import sys
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from centralino.cli.call import REFUSED, read_number
from centralino.rooms import Rooms
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from dialer import Verdict, may_call
from values import BadInputError, PhoneNumber, SystemClock

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def ask(
    number: Annotated[str, typer.Argument(help="Whom to call, as people write it or in E.164.")],
    campaign: Annotated[str, typer.Option("--campaign", help="For which campaign.")],
    at: Annotated[
        str,
        typer.Option("--at", help="When: 2026-12-24T18:30, with an offset or in --zone; now if left out."),
    ] = "",
    zone: Annotated[
        str, typer.Option(help="The zone of a time without an offset, and of the customer.")
    ] = "",
    customer: Annotated[str, typer.Option(help="The customer's id, for consent.")] = "",
) -> None:
    """Ask the gate whether a campaign might call a number at a time, by all that is known now.

    Prints its verdict as JSON; ends with 0 for a yes, 3 for a no.
    """
    settings = own_settings()
    set_up_logging("warning")
    moment = read_time(at, zone) if at else SystemClock().now()
    verdict = asyncio.run(
        _ask(settings, read_number(number, settings.country), campaign, moment, zone, customer)
    )
    answer = {
        "allowed": verdict.allowed,
        "reason": verdict.reason.value,
        "words": verdict.words,
        "retry_at": verdict.retry_at.isoformat() if verdict.retry_at else None,
    }
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    raise typer.Exit(0 if verdict.allowed else REFUSED)


async def _ask(
    settings: Settings, number: PhoneNumber, campaign: str, at: datetime, zone: str, customer: str
) -> Verdict:
    async with Rooms.open(settings, SystemClock()) as rooms, rooms.db.read() as session:
        return await may_call(
            session,
            rooms.gate,
            number,
            campaign,
            at,
            customer_id=customer,
            zone=zone,
            consents=rooms.consents,
        )


def read_time(text: str, zone: str) -> datetime:
    """A moment as people write it; Europe/Rome where nothing says otherwise. Raises `BadInputError`."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone or "Europe/Rome"))
    except (ValueError, KeyError) as problem:
        raise BadInputError(
            f"{text!r} in {zone!r} is no time; write 2026-12-24T18:30", field="--at"
        ) from problem
