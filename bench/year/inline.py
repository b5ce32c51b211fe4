"""SQLite without a thread of its own: where time stands still while it works, waiting aside gains nothing.

What it is asked and how it writes are as ever (WAL, synchronous, one writer); only the changes of threads are
left out, four for each statement.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self


class InlineCursor:
    """As `aiosqlite.Cursor`, as far as SQLAlchemy asks it."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        """Run one."""
        self._cursor.execute(statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Run it for each."""
        self._cursor.executemany(statement, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return self._cursor.fetchall()

    async def fetchmany(self, size: int = 1) -> list[Any]:
        """So many rows."""
        return self._cursor.fetchmany(size)

    async def fetchone(self) -> Any:
        """One row, or None."""
        return self._cursor.fetchone()

    async def close(self) -> None:
        """Let go of it."""
        self._cursor.close()

    @property
    def description(self) -> Any:
        """The columns; None when there are no rows."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The key of the row that was inserted last."""
        return self._cursor.lastrowid


class InlineConnection:
    """As `aiosqlite.Connection`, as far as SQLAlchemy and the house ask it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    def cursor(self) -> InlineCursor:
        """A new one."""
        return InlineCursor(self._open.cursor())

    async def execute_fetchall(self, statement: str) -> list[Any]:
        """Run one, and give its rows."""
        return self._open.execute(statement).fetchall()

    async def create_function(
        self, name: str, arguments: int, function: Callable[..., Any] | None, **how: Any
    ) -> None:
        """Let statements call a function."""
        self._open.create_function(name, arguments, function, **how)

    async def commit(self) -> None:
        """Keep it."""
        self._open.commit()

    async def rollback(self) -> None:
        """Forget it."""
        self._open.rollback()

    async def close(self) -> None:
        """Close it; twice does no harm."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def stop(self) -> None:
        """Close it at once."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def isolation_level(self) -> str | None:
        """None: nobody begins transactions but we."""
        return self._open.isolation_level

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("no active connection")
        return self._connection


async def connect(database: str, **how: Any) -> InlineConnection:
    """What SQLAlchemy is given instead of `aiosqlite.connect`."""
    return InlineConnection(sqlite3.connect(database, **how))
