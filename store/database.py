"""The database: sessions to read and to write in, on SQLite and on PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Self

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from store.engines import is_away, known, postgresql, sqlite_readers, sqlite_writer
from store.errors import StoreUnavailableError
from values import Clock, SystemClock

EMITTED = "store.emitted"
"""A session's `info` key: it holds events that are worth waking the dispatcher for."""


class Database:
    """One database. Make it once a process; `close()` it at the end, or use it in `async with`.

    `url` is SQLAlchemy's: `sqlite+aiosqlite:////path/file.db` or `postgresql+asyncpg://user@host/name` (the
    driver may be left out). Nothing is opened before the first session. Raises `StoreAddressError` for any
    other address.
    """

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        self.url = known(url)
        self.clock: Clock = clock or SystemClock()
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turn = asyncio.Lock()
        self._writer: asyncio.Task[Any] | None = None
        self._listeners: list[Callable[[], None]] = []
        if self.is_sqlite:
            self._reading = sqlite_readers(self.url)
            self._writing = sqlite_writer(self.url)
        else:
            self._reading = self._writing = postgresql(self.url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; nothing it changes is kept (SQLite refuses it at once).

        Raises `StoreUnavailableError` when the database is away.
        """
        async with _session(self._reading) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session that is committed at the end, or rolled back when the block raises.

        On SQLite one writer goes at a time, in turn, and holds the write lock from its start: keep the block
        short and wait for nothing but the database in it. Raises `StoreUnavailableError` when the database is
        away (nothing was kept), and `RuntimeError` for a write within a write of the same task, which would
        wait for itself.
        """
        if not self.is_sqlite:
            async with self._transaction() as session:
                yield session
            return
        task = asyncio.current_task()
        if self._writer is not None and self._writer is task:
            raise RuntimeError("this task is writing already: pass its session on instead of opening another")
        async with self._turn:
            self._writer = task
            try:
                async with self._transaction() as session:
                    yield session
            finally:
                self._writer = None

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        async with _session(self._writing) as session:
            yield session
            await session.commit()
        if session.info.get(EMITTED):
            for listener in self._listeners:
                listener()

    def on_emitted(self, listener: Callable[[], None]) -> None:
        """Call this, without arguments, after each commit that emitted events. It must not block or raise."""
        self._listeners.append(listener)

    async def healthy(self, *, seconds: float = 2.0, tries: int = 2) -> bool:
        """Whether the database answers within so many tries and so many seconds in all. Never raises."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for _ in range(tries):
                    with suppress(StoreUnavailableError):
                        async with self.read() as session:
                            await session.execute(text("SELECT 1"))
                            return True
                    await self.clock.sleep(0.1)
        return False

    async def close(self) -> None:
        """Close every connection. Sessions in use go on until their end."""
        await self._writing.dispose()
        await self._reading.dispose()


@asynccontextmanager
async def _session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    session = AsyncSession(engine, expire_on_commit=False)
    try:
        try:
            await (
                session.connection()
            )  # begins now, so that a missing database shows here and not in the block
        except (OSError, TimeoutError) as problem:
            raise StoreUnavailableError(f"the database cannot be reached: {problem}") from problem
        yield session
    except DBAPIError as problem:
        if is_away(problem):
            raise StoreUnavailableError(f"the database is away: {problem.orig}") from problem
        raise
    except PoolTimeoutError as problem:
        raise StoreUnavailableError("every database connection is taken") from problem
    finally:
        await session.close()
