"""Facts on their way from one room to another: written with the fact, delivered afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.columns import Big, Json
from store.database import EMITTED
from store.inserts import insert_missing
from values import BadInputError, EventId, new_id


def _fresh_id() -> EventId:
    return EventId(new_id("e"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. Handlers know it by its id and do it once."""

    kind: str
    """`room.fact`, as in `customers.fault_closed`."""
    at: datetime
    key: str = ""
    """What it is about (a call's, a customer's, a fault's id): events of one key reach a handler in order."""
    payload: Mapping[str, object] = field(default_factory=dict)
    """What JSON can hold; see `values.to_json` for money and dates."""
    id: EventId = field(default_factory=_fresh_id)

    def __post_init__(self) -> None:
        """Refuse a kind that does not say whose it is."""
        if "." not in self.kind.strip("."):
            raise BadInputError(f"{self.kind!r} is no event; write room.fact", field="kind")


class OutboxEvent(Base):
    """A fact to be delivered.

    Kept for 30 days after its last delivery (`forget_delivered`), so that a handler's work can be traced.
    Its payload may name a customer, a number or a call; it holds no keys and no words of a talk.
    """

    __tablename__ = "outbox_events"

    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    key: Mapped[str]
    payload: Mapped[object] = mapped_column(Json)
    done_at: Mapped[datetime | None]
    """When every handler had it, or had it parked."""

    __table_args__ = (
        Index(
            "ix_outbox_events_pending",
            "seq",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_outbox_events_done_at", "done_at"),
    )


class OutboxDelivery(Base):
    """Where one event stands with one handler: delivered, waiting for its next try, or parked with its error.

    A delivered mark goes as soon as the whole event is done; a parked one stays until it is taken up again,
    or goes with its event (30 days).
    """

    __tablename__ = "outbox_deliveries"

    event_seq: Mapped[int] = mapped_column(
        ForeignKey("outbox_events.seq", ondelete="CASCADE"), primary_key=True
    )
    handler: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    error: Mapped[str]
    next_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]


async def emit(session: AsyncSession, events: Sequence[Event]) -> None:
    """Hand events out with this transaction: delivered once it is committed, and not at all otherwise.

    An event whose id was emitted before is passed over.
    """
    rows = [
        {"id": event.id, "kind": event.kind, "at": event.at, "key": event.key, "payload": dict(event.payload)}
        for event in events
    ]
    await insert_missing(session, OutboxEvent, rows)
    if rows:
        session.info[EMITTED] = True


async def forget_delivered(session: AsyncSession, before: datetime) -> None:
    """Erase events that were done before this time, with their marks."""
    await session.execute(delete(OutboxEvent).where(OutboxEvent.done_at < before))
