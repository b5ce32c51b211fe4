"""Many small writes of the same moment, kept in one transaction."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from store.database import Database
from store.errors import StoreUnavailableError
from store.outages import lost_to_another

A = TypeVar("A")
"""What is to be written."""
B = TypeVar("B")
"""What comes of it."""

TRIES = 2
"""How often a group is tried that lost against another transaction, before it is halved."""


class Together(Generic[A, B]):
    """Collects what is to be written for a moment, and writes all of it in one transaction.

    `write(session, asked)` gives what came of each, in order. When it fails for several, the group is
    halved until only whose fault it is gets the error. Whoever is answered knows that it is committed; what
    nobody waits for any more when its turn comes is not written. Times are in seconds.
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
        task = asyncio.get_running_loop().create_task(
            self._settle(group),
            context=contextvars.Context(),  # log lines are not of whoever came first
        )
        self._groups.add(task)
        task.add_done_callback(self._groups.discard)

    async def _settle(self, group: Sequence[tuple[A, "asyncio.Future[B]"]], *, tries: int = TRIES) -> None:
        try:
            async with self._db.write() as session:
                # who gave up while others wrote has told the customer so: it must not be kept after all
                group = [each for each in group if not each[1].done()]
                if not group:
                    return
                found = await self._write(session, [asked for asked, _ in group])
                if len(found) != len(group):
                    raise RuntimeError(f"{len(found)} came of {len(group)}")  # noqa: TRY301  (undoes it)
        except asyncio.CancelledError:
            for _, answer in group:
                answer.cancel()
            raise
        except Exception as caught:  # noqa: BLE001  (it belongs to those who asked)
            problem = caught
        else:
            for (_, answer), each in zip(group, found, strict=True):
                if not answer.done():
                    answer.set_result(each)
            return
        await self._failed(group, problem, tries - 1)

    async def _failed(
        self, group: Sequence[tuple[A, "asyncio.Future[B]"]], problem: Exception, tries: int
    ) -> None:
        """Nothing of this group was kept: try again what may go well, and find out whose fault it is."""
        away = isinstance(problem, StoreUnavailableError)
        if away and tries and lost_to_another(problem):
            await self._settle(group, tries=tries)
        elif len(group) > 1 and (not away or lost_to_another(problem)):
            await self._settle(group[: len(group) // 2])
            await self._settle(group[len(group) // 2 :])
        else:
            for _, answer in group:
                if not answer.done():
                    answer.set_exception(problem)
