"""Changing the tables themselves: one process at a time, all of it or nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.engines import known, postgresql, sqlite_writer
from store.outages import outages, reaching

_LOCK = 0x63656E74
"""PostgreSQL's advisory lock for whoever changes tables; any fixed number does."""


@asynccontextmanager
async def changing_tables(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection in one transaction, beside which no other process changes tables; committed at the end.

    On SQLite foreign keys are not enforced meanwhile: there a table is changed by copying and dropping it,
    which would empty those that point to it. Raises `StoreAddressError` and `StoreUnavailableError`.
    """
    address = known(url)
    sqlite = address.get_backend_name() == "sqlite"
    engine = sqlite_writer(address, foreign_keys=False) if sqlite else postgresql(address)
    try:
        with outages():
            with reaching():
                connection = await engine.connect()
            try:
                with reaching():
                    await connection.begin()  # on SQLite this is the lock already
                if not sqlite:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                yield connection
                await connection.commit()
            finally:
                await connection.close()
    finally:
        await engine.dispose()
