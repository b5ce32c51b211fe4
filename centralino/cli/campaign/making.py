"""Making campaigns and tuning them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from centralino.cli.campaign.desk import By, Given, Name, open_house, settings_here, show, who
from centralino.cli.campaign.looking import change_told
from centralino.cli.campaign.words import from_file, spoken
from centralino.cli.given import given
from centralino.jurisdiction import profile_of
from centralino.settings import Settings
from dialer.campaigns import change, clone, create, told
from dialer.campaigns import undo as take_back
from dialer.changes import Change
from values import SystemClock

File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        help="A YAML file of settings; what is told here besides wins.",
        readable=False,
        callback=given,
    ),
]


def create_campaign(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, dots, dashes.")],
    flow: Annotated[str, typer.Option(help="The published flow an answered call goes through.")] = "",
    purpose: Annotated[
        str, typer.Option(help="mandatory_notice, service, collections, survey or marketing.")
    ] = "",
    mode: Annotated[str, typer.Option(help="How calls and agents come together; see `modes`.")] = "",
    given: Given = None,
    file: File = None,
    paused: Annotated[bool, typer.Option("--paused", help="It calls nobody until `resume`.")] = False,
    by: By = "",
) -> None:
    """Make a campaign and print it. Jurisdiction and shown number are the house's unless told."""
    settings = settings_here()
    named = {"flow": flow, "purpose": purpose, "mode": mode}
    told_here = _settings(file, given) | {field: word for field, word in named.items() if word}
    wanted = {"profile": profile_of(settings), "caller_id": settings.caller_id} | told_here
    show(asyncio.run(_create(settings, name, wanted, paused=paused, by=who(by))))


def set_campaign(
    name: Name,
    pairs: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE…", help="Settings, as in lines=30.")
    ] = None,
    given: Given = None,
    file: File = None,
    by: By = "",
) -> None:
    """Change settings of a campaign; it goes by them within two seconds. Prints what was changed."""
    wanted = _settings(file, [*(pairs or []), *(given or [])])
    _show(asyncio.run(_set(settings_here(), name, wanted, by=who(by))))


def clone_campaign(
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new campaign's name.")],
    by: By = "",
) -> None:
    """Make a campaign with the settings of another, without its contacts; it is paused. Prints it."""
    show(asyncio.run(_clone(settings_here(), name, new, by=who(by))))


def undo(name: Name, by: By = "") -> None:
    """Take back the last change of settings; twice is as before. Prints what was changed."""
    _show(asyncio.run(_undo(settings_here(), name, by=who(by))))


def _settings(file: Path | None, pairs: Sequence[str] | None) -> dict[str, Any]:
    return (from_file(file) if file else {}) | spoken(pairs or [], SystemClock().now())


def _show(changes: Sequence[Change]) -> None:
    show([change_told(each) for each in changes])


async def _create(
    settings: Settings, name: str, wanted: dict[str, Any], *, paused: bool, by: str
) -> dict[str, Any]:
    async with open_house(settings) as (rooms, house), rooms.db.write() as session:
        now = rooms.db.clock.now()
        return told(await create(session, house, name, wanted, by=by, at=now, paused=paused))


async def _set(settings: Settings, name: str, wanted: dict[str, Any], *, by: str) -> Sequence[Change]:
    async with open_house(settings) as (rooms, house), rooms.db.write() as session:
        return await change(session, house, name, wanted, by=by, at=rooms.db.clock.now())


async def _clone(settings: Settings, name: str, new: str, *, by: str) -> dict[str, Any]:
    async with open_house(settings) as (rooms, house), rooms.db.write() as session:
        return told(await clone(session, house, name, new, by=by, at=rooms.db.clock.now()))


async def _undo(settings: Settings, name: str, *, by: str) -> Sequence[Change]:
    async with open_house(settings) as (rooms, house), rooms.db.write() as session:
        return await take_back(session, house, name, by=by, at=rooms.db.clock.now())
