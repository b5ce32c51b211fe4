"""The system of record: database engine and sessions, the outbox, Redis. Floor 0.

`Database` gives sessions to read and to write in; every room's tables derive from `Base`.
"""

from store.base import Base
from store.columns import Big, Json, UtcDateTime, words
from store.database import Database
from store.errors import StoreAddressError, StoreUnavailableError

__all__ = [
    "Base",
    "Big",
    "Database",
    "Json",
    "StoreAddressError",
    "StoreUnavailableError",
    "UtcDateTime",
    "words",
]
