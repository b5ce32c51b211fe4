"""Telling a database that is gone from a statement that is wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from store.errors import StoreUnavailableError

_SQLITE_AWAY = (
    "locked",
    "unable to open",
    "disk i/o",
    "disk is full",
    "not a database",
    "malformed",
)
_LOST = ("40001", "40P01")
"""The two that say "try again": lost against another transaction, and picked to end a deadlock."""
_POSTGRES_AWAY = ("08", "53", "57P", "58", *_LOST)
"""SQLSTATE beginnings: connection, resources, shutting down or starting, system; and those that were lost."""
_DATA_REFUSED = ("22", "23")
"""SQLSTATE classes that blame the data: wrong data, broken constraint."""


def _is_away(problem: DBAPIError) -> bool:
    if problem.connection_invalidated:
        return True
    code = str(getattr(problem.orig, "sqlstate", "") or "")
    if code:
        return code.startswith(_POSTGRES_AWAY)
    words = str(problem.orig).lower()
    return any(sign in words for sign in _SQLITE_AWAY) or "connection is closed" in words


def lost_to_another(problem: BaseException) -> bool:
    """Whether this `StoreUnavailableError` says that another transaction was in the way, not an outage."""
    said = problem.__cause__
    return isinstance(said, DBAPIError) and str(getattr(said.orig, "sqlstate", "") or "") in _LOST


def blames_data(problem: Exception) -> bool:
    """Tell data that no database takes from a database that is in no state to take any."""
    if isinstance(problem, DBAPIError):
        state = str(getattr(problem.orig, "sqlstate", "") or "")
        return isinstance(problem, IntegrityError | DataError) or state.startswith(_DATA_REFUSED)
    return isinstance(problem, StatementError | UnicodeError | ValueError | TypeError)


@contextmanager
def reaching() -> Iterator[None]:
    """While a connection is made: what the operating system says about it becomes `StoreUnavailableError`."""
    try:
        yield
    except (OSError, TimeoutError, sqlite3.OperationalError) as problem:
        raise StoreUnavailableError(f"the database cannot be reached: {problem}") from problem


@contextmanager
def outages() -> Iterator[None]:
    """While the database works: its absence becomes `StoreUnavailableError`, other errors stay."""
    try:
        yield
    except DBAPIError as problem:
        if _is_away(problem):
            raise StoreUnavailableError(f"the database is away: {problem.orig}") from problem
        raise
    except PoolTimeoutError as problem:
        raise StoreUnavailableError("every database connection is taken") from problem
