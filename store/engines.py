"""Engines for the two databases, set up the way the house needs them."""

import json
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from store.errors import StoreAddressError

CONNECTIONS = 6
"""Kept open for reading SQLite, or for everything on PostgreSQL besides `OVERFLOW`."""
OVERFLOW = 10
BUSY_SECONDS = 10.0
"""How long a SQLite writer waits for another process's transaction."""
CACHE_KILOBYTES = 16_000
"""What one connection to SQLite keeps of the file at most; its own 2 MB are little for gigabytes."""
CHECKPOINT_PAGES = 8_000
"""After so many pages (32 MB) SQLite's log is taken into the file: pages written again and again go once."""
CONNECT_SECONDS = 5.0
LOOKUP_THREADS = 2
POOL_SECONDS = 30.0
"""How long a session waits for a free connection."""


def known(url: str) -> URL:
    """An address with the driver we use for it. Raises `StoreAddressError` for any we do not know."""
    try:
        parsed = make_url(url)
    except ArgumentError as problem:
        raise StoreAddressError(f"{url!r} is no database address", field="database_url") from problem
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise StoreAddressError(
                "SQLite needs a file: sqlite+aiosqlite:////path/to/file.db", field="database_url"
            )
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+asyncpg")
    raise StoreAddressError(
        f"{backend!r} is no database of ours; use sqlite or postgresql", field="database_url"
    )


def _dumps(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # mostly half a character out of a header; what no JSON can hold raises again
        clean = json.dumps(value, ensure_ascii=False).encode(errors="replace")
        return orjson.dumps(orjson.loads(clean)).decode()


class _Connection(sqlite3.Connection):
    """Lets its transaction go when it is closed.

    SQLite keeps a closed connection, and its lock on the file, for as long as Python keeps a cursor of it. A
    task that was cancelled in mid-write leaves such cursors in its traceback until they are collected: for
    all that time nobody could write, in any process.
    """

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


Connect = Callable[..., Awaitable[Any]]
"""Opens a connection to SQLite instead of `aiosqlite.connect`: for benches that need no thread of its own."""


def sqlite_writer(url: URL, *, foreign_keys: bool = True, connect: Connect | None = None) -> AsyncEngine:
    """One connection, whose transactions hold the write lock from their start."""
    return _sqlite(url, "BEGIN IMMEDIATE", 1, foreign_keys=foreign_keys, connect=connect)


def sqlite_readers(url: URL, *, connect: Connect | None = None) -> AsyncEngine:
    """Connections that see one state each transaction long, and refuse to write."""
    return _sqlite(url, "BEGIN", CONNECTIONS, connect=connect)


def _sqlite(
    url: URL, begin: str, connections: int, *, foreign_keys: bool = True, connect: Connect | None = None
) -> AsyncEngine:
    engine = create_async_engine(
        url,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # errors are logged, and numbers must not be
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        # the driver would begin by itself, late and deferred; it is told not to, and we begin below
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS, "factory": _Connection}
        | ({"async_creator_fn": connect} if connect else {}),
    )
    _prepare(engine.sync_engine, begin, foreign_keys=foreign_keys)
    return engine


def _prepare(engine: Engine, begin: str, *, foreign_keys: bool = True) -> None:
    @event.listens_for(engine, "connect")
    def _settle(connection: Any, record: object) -> None:  # noqa: ARG001  (the pool's record is not needed)
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # a power cut must not forget an attempt that was dialled
        cursor.execute(f"PRAGMA cache_size = {-CACHE_KILOBYTES}")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        cursor.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
        cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        if begin != "BEGIN IMMEDIATE":
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    if not begin:
        return

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # straight to the driver: one change of threads instead of three
        connection.connection.dbapi_connection.run_async(lambda driver: driver.execute_fetchall(begin))


def sqlite_lookups(url: URL) -> Engine:
    """Connections for single statements, used from a thread: all of a look-up in one change of threads."""
    engine = create_engine(
        url.set(drivername="sqlite"),
        json_deserializer=orjson.loads,
        hide_parameters=True,
        pool_size=LOOKUP_THREADS,
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    _prepare(engine, "")
    return engine


def postgresql(url: URL) -> AsyncEngine:
    """Connections for everything."""
    return create_async_engine(
        url,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # errors are logged, and numbers must not be
        pool_size=CONNECTIONS,
        max_overflow=OVERFLOW,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,  # a restarted server must not cost a caller his look-up
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": 60.0,
            "server_settings": {"timezone": "UTC"},
        },
    )
