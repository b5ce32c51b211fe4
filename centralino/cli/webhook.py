"""`centralino webhook`: which other systems are told of what, and what became of each message."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.campaign.desk import By, settings_here, show, who
from centralino.settings import Settings
from messages.webhooks import (
    CHOICES,
    Addresses,
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
    change_endpoint,
    delivery_page,
    endpoint,
    endpoints,
    make_endpoint,
    new_secret,
    remove_endpoint,
    send_again,
    send_dead_again,
    try_out,
)
from reports import names_of
from store import Database
from users import note_deed
from values import SystemClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")]
Deed = Callable[[AsyncSession], Awaitable[Any]]


@app.command("events")
def events() -> None:
    """Print what other systems can be told of."""
    for kind in CHOICES:
        sys.stdout.write(f"{kind.name}\n    {kind.says} ({', '.join(kind.fields)})\n")


@app.command("list")
def list_endpoints() -> None:
    """Print all systems that are told, as JSON."""

    async def found(session: AsyncSession) -> Any:
        return [_told(each) for each in await endpoints(session)]

    show(_read(found))


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where: https://…")],
    events: Annotated[str, typer.Option("--events", help="Which, with commas; `webhook events` lists them.")],
    title: Annotated[str, typer.Option(help="What it is called here.")] = "",
    by: By = "",
) -> None:
    """Have another system told. Prints its secret, which is shown this once."""
    settings, name, now = settings_here(), who(by), SystemClock().now()

    async def made(session: AsyncSession) -> Any:
        found = await make_endpoint(
            session, _addresses(settings), url=url, events=names_of(events), by=name, at=now, title=title
        )
        return _told(found) | {"secret": found.secret}

    show(_write(made, name, "webhook.made", settings=settings))


@app.command("set")
def change(
    which: Id,
    url: Annotated[str | None, typer.Option(help="Another address.")] = None,
    events: Annotated[str | None, typer.Option(help="Other events, with commas.")] = None,
    title: Annotated[str | None, typer.Option(help="Another name.")] = None,
    active: Annotated[bool | None, typer.Option("--on/--off", help="Whether it is told.")] = None,
    by: By = "",
) -> None:
    """Change what is given. Prints the system."""
    settings = settings_here()

    async def changed(session: AsyncSession) -> Any:
        wanted = None if events is None else names_of(events)
        return _told(
            await change_endpoint(
                session, _addresses(settings), which, url=url, events=wanted, title=title, active=active
            )
        )

    show(_write(changed, who(by), "webhook.changed", which, settings=settings))


@app.command("secret")
def secret(which: Id, by: By = "") -> None:
    """Make a new secret and print it; the old one holds for a day more."""

    async def turned(session: AsyncSession) -> Any:
        found = await new_secret(session, which, SystemClock().now())
        return _told(found) | {"secret": found.secret}

    show(_write(turned, who(by), "webhook.secret_turned", which))


@app.command("test")
def test(which: Id) -> None:
    """Tell it something of no meaning; prints the event's id."""
    show({"event": _write(lambda session: try_out(session, which, SystemClock().now()))})


@app.command("deliveries")
def deliveries(
    which: Id,
    state: Annotated[DeliveryState | None, typer.Option(help="Only those.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """Print what became of its last messages, as JSON."""

    async def found(session: AsyncSession) -> Any:
        await endpoint(session, which)
        page = await delivery_page(session, which, state=state, limit=limit)
        return [_delivery(each) for each in page.deliveries]

    show(_read(found))


@app.command("replay")
def replay(
    which: Id,
    event: Annotated[str, typer.Option(help="One event by its id; else all dead ones.")] = "",
    by: By = "",
) -> None:
    """Have messages sent again, with the same ids."""
    now = SystemClock().now()

    async def again(session: AsyncSession) -> Any:
        if event:
            await send_again(session, which, event, now)
            return 1
        await endpoint(session, which)
        return await send_dead_again(session, which, now)

    show({"events": _write(again, who(by), "webhook.replayed", which)})


@app.command("remove")
def remove(which: Id, by: By = "") -> None:
    """Remove a system, with all that is on its way to it."""
    _write(lambda session: remove_endpoint(session, which), who(by), "webhook.removed", which)


def _read(deed: Deed) -> Any:
    async def go() -> Any:
        async with Database(settings_here().database) as db, db.read() as session:
            return await deed(session)

    return asyncio.run(go())


def _write(
    deed: Deed, by: str = "", did: str = "", subject: str = "", *, settings: Settings | None = None
) -> Any:
    """Do it; with `did` the audit keeps who did what."""

    async def go() -> Any:
        async with Database((settings or settings_here()).database) as db, db.write() as session:
            result = await deed(session)
            if did:
                about = subject or result["id"]
                await note_deed(session, at=SystemClock().now(), by=by, did=did, subject=about)
            return result

    return asyncio.run(go())


def _addresses(settings: Settings) -> Addresses:
    return Addresses(settings.webhook_networks)


def _told(found: WebhookEndpoint) -> dict[str, Any]:
    names = ("id", "title", "url", "events", "active", "stopped_why", "failures", "failing_since", "created")
    return {name: getattr(found, name) for name in names}


def _delivery(found: WebhookDelivery) -> dict[str, Any]:
    names = ("event_id", "kind", "at", "state", "tries", "next_at", "status", "said")
    return {name: getattr(found, name) for name in names}
