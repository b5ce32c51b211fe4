"""Files on their way into lists: received to the disk, then taken in by a task of their own."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web
from sqlalchemy import select

from dialer.lists import ImportPlan, import_file
from dialer.models import ListImport
from store import Database
from values import BadInputError, Clock, new_id

log = structlog.get_logger(__name__)

MOST_BYTES: Final = 2 * 1024**3
_PIECE: Final = 1 << 16
_COMING: Final = "coming"
_LOOK_SECONDS: Final = 0.05


class TooLargeError(BadInputError):
    """The file is larger than two gigabytes; split it."""

    error_id = "file-too-large"


class Imports:
    """Takes files into lists, one after the other. `folder` keeps them meanwhile, and the error reports."""

    def __init__(self, db: Database, folder: Path, clock: Clock) -> None:
        self._db = db
        self._folder = folder
        self._clock = clock
        self._tasks: set[asyncio.Task[str]] = set()
        self._turn = asyncio.Lock()

    def clear(self) -> None:
        """Remove files that an earlier process was killed over: they are full of numbers, and come again."""
        for left in (self._folder / _COMING).glob("*"):
            left.unlink(missing_ok=True)

    async def receive(self, pieces: AsyncIterator[bytes]) -> tuple[Path, str]:
        """Write a file down as it comes; its path and its SHA-256. Raises `TooLargeError`."""
        path, digest, size = self._folder / _COMING / new_id("f"), hashlib.sha256(), 0
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True, mode=0o700)
        file = await asyncio.to_thread(path.open, "wb")
        try:
            async for piece in pieces:
                size += len(piece)
                _check_size(size)
                digest.update(piece)
                await asyncio.to_thread(file.write, piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            file.close()
        return path, digest.hexdigest()

    async def begin(self, path: Path, digest: str, plan: ImportPlan, *, name: str, by: str) -> str:
        """Take a received file in, in the background; gives the import's id as soon as it has one.

        Raises `BadInputError` for a file that cannot be read or a plan that does not fit it.
        """
        task = asyncio.create_task(self._take(path, plan, name=name, by=by))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_tell)
        while not task.done():
            if found := await self._known(plan, digest):
                return found
            await asyncio.wait([task], timeout=_LOOK_SECONDS)
        return task.result()

    async def close(self) -> None:
        """Stop; an import that is under way goes on behind its last batch when its file comes again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, path: Path, plan: ImportPlan, *, name: str, by: str) -> str:
        try:
            async with self._turn:
                done = await import_file(self._db, path, plan, reports=self._folder, by=by, name=name)
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        return done.id

    async def _known(self, plan: ImportPlan, digest: str) -> str:
        query = (
            select(ListImport)
            .where(ListImport.list == plan.list, ListImport.digest == digest)
            .order_by(ListImport.started.desc())
        )
        async with self._db.read() as session:
            for row in await session.scalars(query):
                if dict(row.mapping) == plan.kept():
                    return row.id
        return ""

    def report(self, row: ListImport) -> Path | None:
        """Where an import's error report lies; None when there is none."""
        path = self._folder / Path(row.report).name if row.report else None
        return path if path is not None and path.is_file() else None


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise TooLargeError("is larger than two gigabytes; split the file", field="body")


def _tell(task: asyncio.Task[str]) -> None:
    """Whoever asked has gone by then, perhaps: its row says why it failed, and so does the log."""
    if not task.cancelled() and (problem := task.exception()):
        log.warning("web.import_failed", kind=type(problem).__name__, why=str(problem)[:200])


IMPORTS = web.AppKey("lists.imports", Imports)


async def pieces_of(request: web.Request) -> AsyncIterator[bytes]:
    """The body as it comes."""
    async for piece in request.content.iter_chunked(_PIECE):
        yield piece
