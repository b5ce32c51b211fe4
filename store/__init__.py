"""The system of record: database engine and sessions, the outbox, Redis. Floor 0.

`Database` gives sessions to read and to write in; every room's tables derive from `Base`. Facts for other
rooms go through `emit` and reach them by the `Dispatcher`. `LiveStore` is for what may be lost.
`note_audit` writes down who looked at whose data; `store.lifetime` has the rules by which rows go.
"""

from store.asking import Answerer, Answering, Asker, CoreAwayError, RefusedError
from store.audit import AuditEntry, AuditNote, note_audit
from store.base import Base
from store.batcher import Batcher
from store.columns import Big, CleanText, Json, UtcDateTime, words
from store.database import Database
from store.dispatcher import Dispatcher
from store.errors import StoreAddressError, StoreUnavailableError
from store.handlers import Courier, Handler, Patience, Subscriptions
from store.inserts import insert_missing, upsert
from store.live import LiveStore
from store.outages import blames_data
from store.outbox import Event, OutboxDelivery, OutboxEvent, emit, forget_delivered
from store.schema import changing_tables
from store.together import Together

__all__ = [
    "Answerer",
    "Answering",
    "Asker",
    "AuditEntry",
    "AuditNote",
    "Base",
    "Batcher",
    "Big",
    "CleanText",
    "CoreAwayError",
    "Courier",
    "Database",
    "Dispatcher",
    "Event",
    "Handler",
    "Json",
    "LiveStore",
    "OutboxDelivery",
    "OutboxEvent",
    "Patience",
    "RefusedError",
    "StoreAddressError",
    "StoreUnavailableError",
    "Subscriptions",
    "Together",
    "UtcDateTime",
    "blames_data",
    "changing_tables",
    "emit",
    "forget_delivered",
    "insert_missing",
    "note_audit",
    "upsert",
    "words",
]
