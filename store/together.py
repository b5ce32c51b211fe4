"""Many small writes of the same moment, kept in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from store.database import Database
from store.errors import StoreUnavailableError

A = TypeVar("A")
"""What is to be written."""
B = TypeVar("B")
"""What comes of it."""


class Together(Generic[A, B]):
    """Collects what is to be written for a moment, and writes all of it in one transaction.

    `write(session, asked)` gives what came of each, in order. When it fails for several, each is written by
    itself, so that only whose fault it is gets the error. Whoever is answered knows that it is committed; who
    waits no longer does not undo it. Times are in seconds.
    """

    def __init__(
        self,
        db: Database,
        write: Callable[[AsyncSession, Sequence[A]], Awaitable[Sequence[B]]],
        *,
        seconds: float = 0.002,
        most: int = 200,
    ) -> None:
        self._db = db
        self._write = write
        self._seconds = seconds
        self._most = most
        self._waiting: list[tuple[A, asyncio.Future[B]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._groups: set[asyncio.Task[None]] = set()

    async def do(self, asked: A) -> B:
        """Have this written, together with what others ask for within the same moment."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[B] = loop.create_future()
        self._waiting.append((asked, answer))
        if len(self._waiting) >= self._most:
            self._begin()
        elif self._timer is None:
            self._timer = loop.call_later(self._seconds, self._begin)
        return await answer

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        group, self._waiting = self._waiting, []
        task = asyncio.get_running_loop().create_task(self._settle(group))
        self._groups.add(task)
        task.add_done_callback(self._groups.discard)

    async def _settle(self, group: Sequence[tuple[A, "asyncio.Future[B]"]]) -> None:
        try:
            async with self._db.write() as session:
                found = await self._write(session, [asked for asked, _ in group])
        except asyncio.CancelledError:
            for _, answer in group:
                answer.cancel()
            raise
        except Exception as problem:  # noqa: BLE001  (it belongs to those who asked)
            if len(group) > 1 and not isinstance(problem, StoreUnavailableError):
                for one in group:
                    await self._settle([one])
                return
            for _, answer in group:
                if not answer.done():
                    answer.set_exception(problem)
            return
        for (_, answer), each in zip(group, found, strict=True):
            if not answer.done():
                answer.set_result(each)
