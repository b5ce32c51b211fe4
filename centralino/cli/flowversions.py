"""`centralino flow publish`, `rollback`, `versions`, `diff`: flows in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from centralino.cli.flowshelf import is_file, open_rooms, read_flow, read_text
from centralino.cli.flowshow import out, show_problems, who
from centralino.settings import Settings
from centralino.stepdown import own_settings
from ivr import FlowStore, difference
from ivr.language import Flow, FlowError, load_flow
from ivr.versions import Change
from values import BadInputError

T = TypeVar("T")
SHORT = 12
"""Digits of a version that are shown."""

By = Annotated[str, typer.Option(help="Who does it, for the history; you when left out.")]
Note = Annotated[str, typer.Option(help="Why, for those who read the history.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (publish, rollback, versions, diff):
        app.command()(command)


def publish(
    names: Annotated[
        list[str], typer.Argument(help="Files, - for what is piped in; or a flow whose draft is published.")
    ],
    note: Note = "",
    by: By = "",
    draft: Annotated[bool, typer.Option("--draft", help="Only keep them as drafts, right or wrong.")] = False,
) -> None:
    """Put flows in force, all or none. Calls that are up keep their version."""
    by = by or who()
    settings = own_settings()  # before any file is read: as the account that goes on from here
    texts = {name: read_text(Path(name)) for name in names if is_file(name)}

    async def work(flows: FlowStore) -> Change | None:
        if draft:
            for name, text in texts.items():
                await flows.save_draft(load_flow(text, file=name).flow.flow, text, by=by)
            return None
        drafts = [await flows.draft(name) for name in names if name not in texts]
        return await flows.publish([*texts.values(), *drafts], by=by, note=note)

    _show(_with_store(settings, work), "published")


def rollback(
    name: Annotated[str, typer.Argument(help="The flow.")],
    to: Annotated[
        str, typer.Option(help="A version (or its first digits); the one before the present.")
    ] = "",
    by: By = "",
) -> None:
    """Put an earlier version of a flow back in force."""
    by = by or who()

    async def work(flows: FlowStore) -> Change:
        return await flows.roll_back(name, by=by, to=to)

    _show(_with_store(own_settings(), work), "rolled back")


def versions(
    name: Annotated[str, typer.Argument(help="A flow; all flows in force when left out.")] = "",
) -> None:
    """Show a flow's history, or the versions in force."""

    async def work(flows: FlowStore) -> Table:
        if not name:
            table = Table("flow", "version", "edition", title="in force")
            for one in await flows.published():
                table.add_row(one.name, one.version[:SHORT], str(one.number))
            for each in await flows.drafts():
                table.add_row(each, "draft", "")
            return table
        table = Table("edition", "when", "what", "version", "by", "note", title=name)
        for entry in await flows.history(name):
            when = entry.at.strftime("%Y-%m-%d %H:%M:%S")
            version = entry.version[:SHORT]
            table.add_row(str(entry.number), when, entry.what.value, version, entry.by, entry.note)
        return table

    out.print(_with_store(own_settings(), work))


def diff(
    before: Annotated[str, typer.Argument(help="A file, a flow in force, or a version.")],
    after: Annotated[str, typer.Argument(help="The same.")],
) -> None:
    """Tell what changed between two versions of a flow."""

    async def work(flows: FlowStore) -> list[str]:
        return difference(await _flow(flows, before), await _flow(flows, after)).lines()

    for line in _with_store(own_settings(), work):
        out.print(line, markup=False)


async def _flow(flows: FlowStore, name: str) -> Flow:
    if is_file(name):
        return read_flow(Path(name)).flow
    in_force = {one.name: one.text for one in await flows.published()}
    text = in_force[name] if name in in_force else await flows.text(name)
    return load_flow(text, file=name).flow


def _with_store(settings: Settings, work: Callable[[FlowStore], Awaitable[T]]) -> T:
    async def main() -> T:
        async with open_rooms(settings) as rooms:
            return await work(rooms.flows)

    try:
        return asyncio.run(main())
    except FlowError as error:
        show_problems(error.problems)
        raise BadInputError("refused; what was in force stays in force", field="flow") from None


def _show(change: Change | None, done: str) -> None:
    if change is None:
        out.print("kept as a draft")
        return
    show_problems(change.problems)
    out.print(f"{done}: {', '.join(change.names)}" if change.names else "in force already, nothing changed")
