"""`centralino may-call`: what the gate would say, without calling."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from centralino.cli.call import REFUSED, read_number
from centralino.rooms import Rooms
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from dialer.gate import Explanation, Verdict
from dialer.questions import explain_call
from values import HOUSE_ZONE, BadInputError, PhoneNumber, SystemClock, check_year, mask_number

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
    customer: Annotated[str, typer.Option(help="The customer's id: consent, holds, caps over numbers.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Ask the gate whether a campaign might call a number at a time, by all that is known now.

    Prints each rule with what it says, and the answer; ends with 0 for a yes, 3 for a no.
    """
    settings = own_settings()
    set_up_logging("warning")
    moment = read_time(at, zone, "--at") if at else SystemClock().now()
    whom = read_number(number, settings.country)
    explained = asyncio.run(_ask(settings, whom, campaign, moment, zone, customer))
    if as_json:
        sys.stdout.write(json.dumps(as_data(explained), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(explained, whom, campaign, moment, zone or HOUSE_ZONE)
    raise typer.Exit(0 if explained.verdict.allowed else REFUSED)


async def _ask(
    settings: Settings, number: PhoneNumber, campaign: str, at: datetime, zone: str, customer: str
) -> Explanation:
    async with Rooms.open(settings, SystemClock()) as rooms, rooms.db.read() as session:
        return await explain_call(
            session,
            rooms.gate,
            number,
            campaign,
            at,
            customer_id=customer,
            zone=zone,
            consents=rooms.consents,
        )


def as_data(explained: Explanation) -> Mapping[str, Any]:
    """The answer and all checks, for programs."""
    checks = [
        {"rule": check.rule, **_verdict(check.verdict), "source": check.source} for check in explained.checks
    ]
    return {**_verdict(explained.verdict), "checks": checks}


def _verdict(verdict: Verdict) -> Mapping[str, Any]:
    return {
        "allowed": verdict.allowed,
        "reason": verdict.reason.value,
        "words": verdict.words,
        "retry_at": verdict.retry_at.isoformat() if verdict.retry_at else None,
    }


def _show(explained: Explanation, number: str, campaign: str, at: datetime, zone: str) -> None:
    console = Console()
    table = Table("rule", "says", "why", "from", "source", box=SIMPLE_HEAD)
    for check in explained.checks:
        said = "[green]yes[/]" if check.verdict.allowed else "[red]no[/]"
        again = "" if check.verdict.allowed else _when(check.verdict, zone)
        table.add_row(check.rule, said, escape(check.verdict.words), again, escape(check.source))
    console.print(table)
    verdict = explained.verdict
    asked = f"{mask_number(number)} for {escape(campaign)} at {_local(at, zone)}"
    if verdict.allowed:
        console.print(f"[green]yes[/]: {asked}")
        return
    console.print(f"[red]no[/] ({verdict.reason}): {asked}: {escape(verdict.words)}")
    if verdict.retry_at:
        console.print(f"allowed again: {_when(verdict, zone)}")
    else:
        console.print("no waiting cures this: the contact would be done")


def _when(verdict: Verdict, zone: str) -> str:
    return _local(verdict.retry_at, zone) if verdict.retry_at else "never"


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M} {zone}"


def read_time(text: str, zone: str, field: str) -> datetime:
    """A moment as people write it; Europe/Rome where nothing says otherwise. Raises `BadInputError`."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone or HOUSE_ZONE))
    except (ValueError, KeyError, OSError) as problem:
        where = f" in {zone!r}" if zone else ""
        raise BadInputError(f"{text!r}{where} is no time; write 2026-12-24T18:30", field=field) from problem
    check_year(field, moment.year)
    return moment
