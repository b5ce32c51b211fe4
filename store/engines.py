"""Engines for the two databases, set up the way the house needs them, and what their errors mean."""

from typing import Any

import orjson
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from store.errors import StoreAddressError

CONNECTIONS = 6
"""Kept open for reading SQLite, or for everything on PostgreSQL besides `OVERFLOW`."""
OVERFLOW = 10
BUSY_SECONDS = 10.0
"""How long a SQLite writer waits for another process's transaction."""
CONNECT_SECONDS = 5.0
POOL_SECONDS = 30.0
"""How long a session waits for a free connection."""

_SQLITE_AWAY = (
    "locked",
    "unable to open",
    "disk i/o",
    "disk is full",
    "not a database",
    "malformed",
)
_POSTGRES_AWAY = ("08", "53", "57P", "58")
"""SQLSTATE beginnings: connection, resources, shutting down or starting, system."""


def is_away(problem: DBAPIError) -> bool:
    """Tell a database that is gone from a statement that is wrong."""
    if problem.connection_invalidated:
        return True
    code = str(getattr(problem.orig, "sqlstate", "") or "")
    if code:
        return code.startswith(_POSTGRES_AWAY)
    words = str(problem.orig).lower()
    return any(sign in words for sign in _SQLITE_AWAY) or "connection is closed" in words


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
    return orjson.dumps(value).decode()


def sqlite_writer(url: URL) -> AsyncEngine:
    """One connection, whose transactions hold the write lock from their start."""
    return _sqlite(url, "BEGIN IMMEDIATE", 1)


def sqlite_readers(url: URL) -> AsyncEngine:
    """Connections that see one state each transaction long, and refuse to write."""
    return _sqlite(url, "BEGIN", CONNECTIONS)


def _sqlite(url: URL, begin: str, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # errors are logged, and numbers must not be
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        # the driver would begin by itself, late and deferred; it is told not to, and we begin below
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
    )
    _prepare(engine.sync_engine, begin)
    return engine


def _prepare(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def _settle(connection: Any, record: object) -> None:  # noqa: ARG001  (the pool's record is not needed)
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        if begin == "BEGIN":
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


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
