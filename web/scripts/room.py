"""What the scripts' handlers work with, put together once an application."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from ivr import FlowStore
from ivr.language import FlowError, LoadedFlow, Problem, check_flow, load_flow
from ivr.language.model import FlowKind
from ivr.scripts import ScriptRuns
from ivr.versions import UnknownVersionError
from web.errors import NotFoundError
from web.keys import PARTS

LARGEST: Final = 256 * 1024
"""Characters of a script."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A script's text, proved."""

    loaded: LoadedFlow | None
    """None when its form is wrong."""
    problems: Sequence[Problem]


class ScriptRoom:
    """Runs, versions, and proving what somebody is writing."""

    def __init__(self, app: web.Application) -> None:
        parts = app[PARTS]
        self._parts = parts
        self.runs = ScriptRuns(parts.db, parts.clock, parts.library, parts.actions)
        self.store = FlowStore(parts.db, parts.clock, actions=parts.actions, transfers=parts.transfers)

    def names(self) -> list[str]:
        """The scripts in force."""
        return self._parts.library.scripts()

    def check(self, text: str, name: str) -> Checked:
        """Prove a text as it would stand among the flows in force; each problem has its line."""
        library = self._parts.library
        try:
            loaded = load_flow(text, file=f"{name}.yaml")
        except FlowError as error:
            return Checked(None, error.problems)
        around = {each: library.flow(each) for each in (*library.names(), *library.scripts())}
        around[loaded.flow.flow] = loaded.flow
        problems = check_flow(
            loaded, actions=self._parts.actions, flows=around, transfers=self._parts.transfers
        )
        return Checked(loaded, problems)

    async def text(self, name: str) -> str:
        """What is being worked on: the draft, else the version in force. Raises `NotFoundError`."""
        try:
            return await self.store.draft(name)
        except UnknownVersionError:
            return await self.in_force(name)

    async def in_force(self, name: str) -> str:
        """The text in force. Raises `NotFoundError` for what is no script."""
        for one in await self.store.published():
            if one.name == name and load_flow(one.text, file=name).flow.kind is FlowKind.SCRIPT:
                return one.text
        raise NotFoundError(f"There is no script {name}.")

    async def refresh(self) -> None:
        """Take over what was just published, so that the next page shows it."""
        await self._parts.library.refresh()


SCRIPTS = web.AppKey("scripts", ScriptRoom)
