"""`centralino agents`: who works here, who is there, and simulated ones for the town."""

import asyncio
import sys
from collections.abc import Collection
from typing import Annotated, Any

import orjson
import typer

from agents import PLACES, AgentCard, agent_card, agent_cards, present, put_agents
from agents.cards import Place
from centralino.cli.staff import simulate
from centralino.secrets import load_secrets, phone_secret
from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from store import Asker, Database, LiveStore
from values import BadInputError, SystemClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(simulate)

Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="One agent or several.")]


@app.command("list")
def show() -> None:
    """Print everybody who works here, with where they stand, as JSON."""
    _print(asyncio.run(_list(_settings())))


@app.command()
def add(
    names: Names,
    phone: Annotated[
        str, typer.Option(help="Their telephone, as `phones` shows them; unset: the one of their own name.")
    ] = "",
    title: Annotated[str, typer.Option(help="What people call them.")] = "",
    skills: Annotated[str, typer.Option(help="What they know, with commas: `fibre,mobile`.")] = "",
    node: Annotated[str, typer.Option(help="Where their leg is nailed up; unset: anywhere.")] = "",
    team: Annotated[str | None, typer.Option(help="With whom they work; unset: as it was.")] = None,
    site: Annotated[
        str | None, typer.Option(help="Where: the call centre's place; unset: as it was.")
    ] = None,
    partner: Annotated[
        str | None, typer.Option(help="The company that employs them, '' our own; unset: as it was.")
    ] = None,
    gone: Annotated[bool, typer.Option("--gone", help="They work here no more.")] = False,
) -> None:
    """Add agents, or change those who are there: all but team, site and partner is set back when unset."""
    if len(names) > 1 and (phone or title):
        raise BadInputError("one agent at a time, when a telephone or a title is given", field="NAME")
    cards = [
        agent_card(
            name,
            endpoint=phone,
            title=title,
            skills=split(skills),
            node=node,
            active=not gone,
            team=team or "",
            site=site or "",
            partner=partner or "",
        )
        for name in names
    ]
    said = zip(PLACES, (team, site, partner), strict=True)
    asyncio.run(_put(_settings(), cards, [place for place, value in said if value is None]))


@app.command()
def phones() -> None:
    """Print the accounts of agents' telephones, for setting them up: server, name and password."""
    settings = _settings()
    secrets = load_secrets(settings.home)
    _print(
        [
            {"server": str(settings.sip), "name": name, "password": phone_secret(secrets, name)}
            for name in settings.phones
        ]
    )


@app.command("sign-in")
def sign_in(names: Names) -> None:
    """They are here: their telephone is rung and stays up until they sign out."""
    _ask("agents.sign_in", agents=names)


@app.command("sign-out")
def sign_out(names: Names) -> None:
    """They go home, after the talk that is on."""
    _ask("agents.sign_out", agents=names)


@app.command()
def ready(names: Names) -> None:
    """They take calls (again); a wrap-up is over."""
    _ask("agents.ready", agents=names)


@app.command()
def pause(
    names: Names, reason: Annotated[str, typer.Option(help="Why; it is kept with their day.")] = ""
) -> None:
    """They take no calls for a while, after the talk that is on."""
    _ask("agents.pause", agents=names, reason=reason)


@app.command("hang-up")
def hang_up(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """End the call that an agent talks to; their own line stays up."""
    _ask("agents.hang_up", agent=name)


@app.command()
def dispose(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    disposition: Annotated[str, typer.Argument(metavar="WORD", help="One of the campaign's dispositions.")],
    attempt: Annotated[str, typer.Option(help="The call; unset: the last one.")] = "",
    given: Annotated[
        list[str] | None, typer.Option("--with", metavar="NAME=VALUE", help="What the word asks for besides.")
    ] = None,
) -> None:
    """Say what a talk came to, and be ready for the next."""
    fields = {}
    for each in given or []:
        field, sign, value = each.partition("=")
        if not sign:
            raise BadInputError("write NAME=VALUE", field="--with")
        fields[field] = value
    _ask("agents.dispose", agent=name, disposition=disposition, attempt=attempt, fields=fields, ready=True)


def split(text: str) -> list[str]:
    """Words between commas."""
    return [word for word in (each.strip() for each in text.split(",")) if word]


async def _list(settings: Settings) -> list[dict[str, Any]]:
    clock = SystemClock()
    live = LiveStore(settings.redis, clock)
    try:
        there = await present(live, clock.now())
    finally:
        await live.close()
    async with Database(settings.database) as db, db.read() as session:
        cards = await agent_cards(session)
    return [
        {
            "name": card.name,
            "title": card.title,
            "phone": card.endpoint,
            "skills": sorted(card.skills),
            "node": card.node,
            "team": card.team,
            "site": card.site,
            "partner": card.partner,
            "state": seen.state if (seen := there.get(card.name)) else "offline",
            "since": seen.since if seen else None,
            "reason": seen.reason if seen else "",
            "campaign": seen.campaign if seen else "",
            "call": seen.call if seen else "",
        }
        for card in cards
    ]


async def _put(settings: Settings, cards: list[AgentCard], unsaid: Collection[Place]) -> None:
    async with Database(settings.database) as db, db.write() as session:
        await put_agents(session, cards, now=SystemClock().now(), unsaid=unsaid)


def _ask(command: str, **fields: Any) -> None:
    _print(asyncio.run(_asked(_settings(), command, fields)))


async def _asked(settings: Settings, command: str, fields: dict[str, Any]) -> Any:
    live = LiveStore(settings.redis, SystemClock())
    try:
        return await Asker(live, SystemClock()).ask(command, fields)
    finally:
        await live.close()


def _settings() -> Settings:
    settings = own_settings()
    set_up_logging("warning")
    return settings


def _print(answer: object) -> None:
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode() + "\n")
