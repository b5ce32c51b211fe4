"""Finding flows for the command line: by file, by name among the house's own; and opening the rooms."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from centralino.cli.given import account, lost
from centralino.rooms import FLOW_FOLDERS, Rooms, flow_files, script_files
from centralino.settings import Settings
from ivr.language import Flow, LoadedFlow, load_flow
from values import BadInputError, CentralinoError, SystemClock

ENDINGS = (".yaml", ".yml")
PIPE = "-"


class UnpreparedError(CentralinoError):
    """The database is not ready for this; `centralino prepare` brings it up to date."""

    error_id = "unprepared"


@asynccontextmanager
async def open_rooms(settings: Settings) -> AsyncIterator[Rooms]:
    """The rooms. Raises `UnpreparedError` when the database lacks tables."""
    try:
        async with Rooms.open(settings, SystemClock()) as rooms:
            yield rooms
    except DBAPIError as problem:
        raise UnpreparedError(
            f"the database is not ready ({problem.orig}); `centralino prepare` brings it up to date"
        ) from None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The flows a command is about, and all it can see besides."""

    chosen: tuple[LoadedFlow, ...]
    others: tuple[LoadedFlow, ...]

    @property
    def flows(self) -> dict[str, Flow]:
        """All by name; those chosen win."""
        return {loaded.flow.flow: loaded.flow for loaded in (*self.others, *self.chosen)}

    @property
    def neighbours(self) -> list[Flow]:
        """All but the first chosen."""
        return [flow for name, flow in self.flows.items() if name != self.chosen[0].flow.flow]


def find_flows(names: Sequence[str]) -> Shelf:
    """Flows by file or by name among the house's own; all of the house's when nothing is named.

    Raises `FlowError` for a file that is wrong in form, `BadInputError` for a name nobody has.
    """
    house = {str(path): read_flow(path) for path in (*flow_files(), *script_files())}
    if not names:
        return Shelf(tuple(house.values()), ())
    by_name = {loaded.flow.flow: loaded for loaded in house.values()}
    chosen = [read_flow(Path(name)) if is_file(name) else _by_name(name, by_name) for name in names]
    return Shelf(tuple(chosen), tuple(by_name.values()))


def scenario_files() -> list[Path]:
    """The scenarios of the house's own flows."""
    return sorted(path for folder in FLOW_FOLDERS for path in (folder.parent / "scenarios").glob("*.yaml"))


def is_file(name: str) -> bool:
    """Whether a word means a file rather than a flow; `-` is what is piped in."""
    return name == PIPE or name.endswith(ENDINGS) or Path(name).is_file()


def read_flow(path: Path) -> LoadedFlow:
    """A flow's file. Raises `FlowError`, or `BadInputError` when it cannot be read."""
    return load_flow(read_text(path), file=str(path))


def read_text(path: Path) -> str:
    """A file's text. Raises `BadInputError`."""
    # started by root, the command goes on as an account that may not see root's folders
    unseen = BadInputError(f"{path} cannot be read by {account()}; pipe it in: … - < {path}", field="file")
    if str(path) != PIPE and lost(path):
        raise unseen
    try:
        return sys.stdin.read() if str(path) == PIPE else path.read_text(encoding="utf-8")
    except PermissionError:
        raise unseen from None
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInputError(f"{path} cannot be read: {problem}", field="file") from None


def _by_name(name: str, flows: dict[str, LoadedFlow]) -> LoadedFlow:
    if name not in flows:
        raise BadInputError(
            f"there is no flow {name!r}; the house has {', '.join(sorted(flows))}", field="flow"
        )
    return flows[name]
