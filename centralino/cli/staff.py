"""`centralino agents simulate`: agents who are a program, on the town's telephones."""

import asyncio
import signal
import sys
from contextlib import suppress
from random import Random
from typing import Annotated

import orjson
import typer

from agents import PLACES, AgentCard, put_agents
from agents.cards import CITY
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from city import Model, Staff
from store import Asker, Database, LiveStore
from values import BadInputError, SystemClock

MOST = 500


def simulate(
    count: Annotated[int, typer.Option(help="How many.", min=1, max=MOST)] = 40,
    talk: Annotated[float, typer.Option(help="Mean seconds of a talk.")] = 20.0,
    talk_cv: Annotated[float, typer.Option(help="Its standard deviation over its mean.")] = 0.5,
    wrap: Annotated[float, typer.Option(help="Mean seconds of a wrap-up.")] = 5.0,
    wrap_cv: Annotated[float, typer.Option(help="Its standard deviation over its mean.")] = 0.3,
    skills: Annotated[str, typer.Option(help="What they know, with commas.")] = "",
    dispositions: Annotated[
        str, typer.Option(help="What they say of talks, with weights: `done=8,not_interested=2`.")
    ] = "done",
    minutes: Annotated[float, typer.Option(help="How long they work; 0: until Ctrl-C.", min=0.0)] = 0.0,
    first: Annotated[int, typer.Option(help="The number of the first one.", min=1, max=999)] = 1,
    seed: Annotated[int, typer.Option(help="Of their chance.")] = 2009,
) -> None:
    """Sign in simulated agents, who talk and wrap up for a modelled time; at the end print what they did.

    They work as long as this command runs, and no call is placed for those of one that died.
    """
    settings = own_settings()
    set_up_logging("warning")
    if not settings.city_trunk:
        raise BadInputError("simulated agents need the simulated town; set CENTRALINO_CITY=on", field="city")
    if first + count - 1 > 999:  # noqa: PLR2004  (three digits)
        raise BadInputError("the last one's number is above 999", field="--first")
    model = Model(talk, wrap, talk_cv, wrap_cv, read_weights(dispositions))
    cards = [
        AgentCard(
            f"sim-{number:03d}",
            f"{CITY}{number:03d}",
            f"Simulated agent {number}",
            frozenset(word for word in (each.strip() for each in skills.split(",")) if word),
        )
        for number in range(first, first + count)
    ]
    figures = asyncio.run(_work(settings, cards, model, minutes * 60.0, Random(seed)))
    sys.stdout.write(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode() + "\n")


def read_weights(text: str) -> list[tuple[str, float]]:
    """`done=8,busy=2`, or names alone. Raises `BadInputError`."""
    read = []
    for each in text.split(","):
        name, sign, weight = each.strip().partition("=")
        try:
            read.append((name, float(weight) if sign else 1.0))
        except ValueError:
            raise BadInputError(
                "write names with weights, as in done=8,busy=2", field="--dispositions"
            ) from None
    return read


async def _work(
    settings: Settings, cards: list[AgentCard], model: Model, seconds: float, chance: Random
) -> dict[str, object]:
    clock = SystemClock()
    async with Database(settings.database, clock=clock) as db, db.write() as session:
        await put_agents(session, cards, now=clock.now(), unsaid=PLACES)
    live = LiveStore(settings.redis, clock)
    names = [card.name for card in cards]
    staff = Staff(names, model, Asker(live, clock), live, clock, chance)
    loop = asyncio.get_running_loop()
    task = loop.create_task(staff.run())
    told: list[int] = []

    def end(number: int) -> None:
        told.append(number)
        if len(told) == 1:
            staff.finish()
        else:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end, number)
    if seconds:
        loop.call_later(seconds, staff.finish)
    try:
        with suppress(asyncio.CancelledError):
            await task
    finally:
        await live.close()
    return staff.figures()
