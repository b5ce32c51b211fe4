"""`centralino pin`: the PINs of welcome calls. One goes in, and none ever comes out."""

import asyncio
import getpass
import sys
from typing import Annotated, Any

import typer

from centralino.cli.campaign.desk import By, settings_here, show, who
from customers import orders
from proactive.provisioning.models import OrderPin
from proactive.provisioning.pins import NewPin, check_pin, keep_pins
from store import Database
from users import note_deed
from values import BadInputError, SystemClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Order = Annotated[str, typer.Argument(metavar="ORDER", help="The order's id.")]


@app.callback()
def pins() -> None:
    """The PINs by which customers hear more in their welcome call."""


@app.command("set")
def set_pin(order: Order, by: By = "") -> None:
    """Give an order a PIN, typed twice unseen, or piped in; it takes the place of the one before."""
    database = settings_here().database  # first: root becomes the service's account here, as another process
    pin = check_pin(_typed() if sys.stdin.isatty() else sys.stdin.readline().strip())
    show(asyncio.run(_set(database, order, pin, who(by))))


@app.command("show")
def show_pin(order: Order) -> None:
    """Whether an order has a PIN, how often it was keyed wrongly, and until when it is locked."""
    show(asyncio.run(_look(order)))


async def _set(database: str, order: str, pin: str, by: str) -> dict[str, Any]:
    now = SystemClock().now()
    async with Database(database) as db, db.write() as session:
        known = (await orders(session, [order])).get(order)
        if known is None:
            raise BadInputError(f"there is no order {order}", field="order")
        await keep_pins(session, [NewPin(order, pin, known.customer_id)], now)
        await note_deed(session, at=now, by=by, did="pin.set", subject=order)
    return {"order": order, "customer": known.customer_id, "set": now}


async def _look(order: str) -> dict[str, Any]:
    async with Database(settings_here().database) as db, db.read() as session:
        found = await session.get(OrderPin, order)
    if found is None:
        return {"order": order, "pin": False}
    return {
        "order": order,
        "pin": True,
        "customer": found.customer_id,
        "made": found.made,
        "failures": found.failures,
        "locked_until": found.locked_until,
        "used": found.used,
    }


def _typed() -> str:
    first = getpass.getpass("PIN: ")
    if first != getpass.getpass("Once more: "):
        raise BadInputError("the two differ; nothing is changed", field="pin")
    return first
