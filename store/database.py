"""The database: sessions to read and to write in, on SQLite and on PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, Executable, Row, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from store.engines import (
    LOOKUP_THREADS,
    Connect,
    known,
    postgresql,
    sqlite_lookups,
    sqlite_readers,
    sqlite_writer,
)
from store.errors import StoreUnavailableError
from store.outages import outages, reaching
from values import Clock, SystemClock

EMITTED = "store.emitted"
"""A session's `info` key: it holds events that are worth waking the dispatcher for."""


class Database:
    """One database. Make it once a process; `close()` it at the end, or use it in `async with`.

    `url` is SQLAlchemy's: `sqlite+aiosqlite:////path/file.db` or `postgresql+asyncpg://user@host/name` (the
    driver may be left out). Nothing is opened before the first session. Raises `StoreAddressError` for any
    other address.
    """

    def __init__(self, url: str, *, clock: Clock | None = None, connect: Connect | None = None) -> None:
        """`connect` opens connections to SQLite in another way (`store.engines.Connect`)."""
        self.url = known(url)
        self.clock: Clock = clock or SystemClock()
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._lookups: Engine | None = None
        self._threads = ThreadPoolExecutor(LOOKUP_THREADS, "lookup")  # starts none before the first look-up
        self._turn = asyncio.Lock()
        self._writer: asyncio.Task[Any] | None = None
        self._listeners: list[Callable[[], None]] = []
        if self.is_sqlite:
            self._reading = sqlite_readers(self.url, connect=connect)
            self._writing = sqlite_writer(self.url, connect=connect)
            self._lookups = sqlite_lookups(self.url)
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
        """A session for reading; changing anything in it is refused.

        Raises `StoreUnavailableError` when the database is away.
        """
        async with _session(self._reading, read_only=True) as session:
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

    async def rows(self, query: Executable, parameters: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """What one reading statement finds, in no session: the cheapest way, for look-ups on a call's path.

        Raises `StoreUnavailableError`.
        """
        with outages(), reaching():
            if self._lookups is not None:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, _rows, self._lookups, query, parameters)
            async with self._reading.connect() as connection:
                single = await connection.execution_options(isolation_level="AUTOCOMMIT")
                return (await single.execute(query, parameters)).all()

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
        self._threads.shutdown(wait=False)
        if self._lookups is not None:
            self._lookups.dispose()


@asynccontextmanager
async def _session(engine: AsyncEngine, *, read_only: bool = False) -> AsyncIterator[AsyncSession]:
    session = AsyncSession(engine, expire_on_commit=False)
    try:
        with outages():
            with reaching():  # now, so that a missing database shows here and not somewhere in the block
                await session.connection(execution_options={"postgresql_readonly": read_only})
            yield session
    finally:
        await session.close()


def _rows(engine: Engine, query: Executable, parameters: Mapping[str, Any]) -> Sequence[Row[Any]]:
    with engine.connect() as connection:
        return connection.execute(query, parameters).all()
