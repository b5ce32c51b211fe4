"""`centralino dnc hold|lift`: customers who are left alone for a while."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from centralino.cli.dnc.words import print_json, settings_of_command, source_of_command
from centralino.cli.maycall import read_time
from centralino.settings import Settings
from dialer.gate import Suppression
from dialer.holds import hold, holds_of, lift
from dialer.models import HoldReason
from store import Database
from values import SystemClock

Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")]
Purpose = Annotated[Suppression, typer.Option("--purpose", help="What they are not called for.")]


def keep(
    customer: Customer,
    what: Purpose,
    reason: Annotated[HoldReason, typer.Option(help="Why.")] = HoldReason.OTHER,
    until: Annotated[str, typer.Option(help="Until when: 2026-12-24T18:30; until lifted if left out.")] = "",
    source: Annotated[str, typer.Option(help="Who said so; the account at the terminal if left out.")] = "",
) -> None:
    """Call a customer no more for something until a time, on any of their numbers; prints all their holds."""
    settings = settings_of_command()
    end_of_it = read_time(until, "", "--until") if until else None
    asyncio.run(_keep(settings, customer, what, reason, end_of_it, source_of_command(source)))


def end(
    customer: Customer,
    what: Purpose,
    reason: Annotated[HoldReason | None, typer.Option(help="Only the hold for this reason.")] = None,
) -> None:
    """Lift a customer's holds."""
    print_json({"lifted": asyncio.run(_end(settings_of_command(), customer, what, reason))})


async def _keep(
    settings: Settings,
    customer: str,
    what: Suppression,
    reason: HoldReason,
    until: datetime | None,
    source: str,
) -> None:
    now = SystemClock().now()
    async with Database(settings.database) as db, db.write() as session:
        await hold(session, customer, what, reason, until=until, source=source, at=now)
        print_json(
            [
                {
                    "for": each.purpose.value,
                    "reason": each.reason.value,
                    "until": each.until,
                    "source": each.source,
                    "at": each.at,
                }
                for each in await holds_of(session, customer)
            ]
        )


async def _end(settings: Settings, customer: str, what: Suppression, reason: HoldReason | None) -> int:
    async with Database(settings.database) as db, db.write() as session:
        return await lift(session, customer, what, reason)
