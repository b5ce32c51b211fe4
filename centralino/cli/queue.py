"""`centralino queue`: callers' queues, their settings, how they stand and what they came to."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
import typer

from agents.queues import Queue, put_queue, queues
from agents.queues.intervals import Interval, midnight
from agents.queues.kpis import told
from agents.queues.statistics import By, tallies
from centralino.cli.campaign.desk import By as Operator
from centralino.cli.campaign.desk import settings_here, show, who
from centralino.settings import Settings
from store import Asker, Database, LiveStore
from values import BadInputError, SystemClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command("list")
def list_queues() -> None:
    """Print all queues with their settings, as JSON."""
    show([each.told() for each in asyncio.run(_list(settings_here()))])


@app.command("set")
def change(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The queue; a new one is made.")],
    given: Annotated[
        list[str], typer.Argument(metavar="SETTING=VALUE...", help="As in target_seconds=30 skill=fibre.")
    ],
    by: Operator = "",
) -> None:
    """Make a queue, or change some of its settings; calls heed it within a second. Prints the queue."""
    show(asyncio.run(_set(settings_here(), name, _settings(given), who(by))).told())


@app.command()
def live() -> None:
    """Print how the queues stand now, with who waits in them."""
    show(asyncio.run(_live(settings_here())))


@app.command()
def stats(
    days: Annotated[int, typer.Option(min=1, max=370, help="How many days back; 1 is today.")] = 1,
    interval: Annotated[Interval, typer.Option(help="How fine.")] = Interval.DAY,
    by: Annotated[By, typer.Option(help="What figures are told apart by.")] = By.QUEUE,
    zone: Annotated[str, typer.Option(help="Whose midnight.")] = "Europe/Rome",
) -> None:
    """Print what the queues came to; ratios from 0 to 1, null where there is nothing to divide by."""
    show(asyncio.run(_stats(settings_here(), days, interval, by, zone)))


def _settings(given: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign:
            raise BadInputError("write SETTING=VALUE", field=name)
        try:
            found[name] = orjson.loads(value)
        except orjson.JSONDecodeError:
            found[name] = value  # a text needs no quotes
    return found


async def _list(settings: Settings) -> list[Queue]:
    async with Database(settings.database) as db, db.read() as session:
        return list((await queues(session)).values())


async def _set(settings: Settings, name: str, given: dict[str, Any], by: str) -> Queue:
    async with Database(settings.database) as db, db.write() as session:
        return await put_queue(session, name, given, by=by, now=SystemClock().now())


async def _live(settings: Settings) -> dict[str, Any]:
    clock = SystemClock()
    live_store = LiveStore(settings.redis, clock)
    try:
        asker = Asker(live_store, clock)
        return {**await asker.ask("queues.live"), **await asker.ask("queues.waiting")}
    finally:
        await live_store.close()


async def _stats(
    settings: Settings, days: int, interval: Interval, by: By, zone: str
) -> list[dict[str, Any]]:
    now, place = SystemClock().now(), ZoneInfo(zone)
    since = midnight(now.astimezone(place).date() - timedelta(days=days - 1), place)
    async with Database(settings.database) as db, db.read() as session:
        rows = await tallies(session, since, now + timedelta(seconds=1), interval=interval, by=by, zone=zone)
    return [{"begins": each.begins, by.value: each.who} | told(each.tally) for each in rows]
