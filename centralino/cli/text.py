"""`centralino text`: what became of texts to customers, and what they came to."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any

import typer

from centralino.cli.campaign.desk import settings_here, show
from messages.sms import TextMessage, TextState, size_of
from messages.sms.looking import text_figures, text_page
from store import Database
from values import SystemClock, mask_number

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command("list")
def list_texts(
    state: Annotated[TextState | None, typer.Option(help="Only those that stand so.")] = None,
    customer: Annotated[str, typer.Option(help="Only this customer's, by id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
) -> None:
    """Print the latest texts as JSON, without their words."""
    show(asyncio.run(_list(state, customer, limit)))


@app.command("figures")
def figures(days: Annotated[int, typer.Option(min=1, max=400, help="Of how many days.")] = 30) -> None:
    """Print what became of the texts of the last days, with their segments and their cost."""
    show(asyncio.run(_figures(days)))


@app.command("size")
def size(words: Annotated[str, typer.Argument(metavar="WORDS", help="What a text would say.")]) -> None:
    """Print how many messages the network makes of some words."""
    found = size_of(words)
    show({"alphabet": found.alphabet.value, "units": found.units, "segments": found.segments})


async def _list(state: TextState | None, customer: str, limit: int) -> list[dict[str, Any]]:
    async with Database(settings_here().database) as db, db.read() as session:
        page = await text_page(session, state=state, customer_id=customer, limit=limit)
        return [_told(each) for each in page.texts]


async def _figures(days: int) -> list[dict[str, Any]]:
    now = SystemClock().now()
    async with Database(settings_here().database) as db, db.read() as session:
        found = await text_figures(session, now - timedelta(days=days), now + timedelta(seconds=1))
    return [
        {
            "purpose": each.purpose,
            "state": each.state.value,
            "texts": each.texts,
            "segments": each.segments,
            "cost": each.cost_micros / 1_000_000,
        }
        for each in found
    ]


def _told(each: TextMessage) -> dict[str, Any]:
    return {
        "id": each.id,
        "number": mask_number(each.number) if each.number else "",
        "state": each.state.value,
        "purpose": each.purpose,
        "customer": each.customer_id,
        "about": each.about,
        "queued": each.queued,
        "done": each.done,
        "segments": each.segments,
        "why": each.why,
    }
