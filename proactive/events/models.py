"""The table of business events."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big
from store.columns import Json


class EventState(StrEnum):
    """How far an event has come."""

    PENDING = "pending"
    """Taken, and not worked yet."""
    DONE = "done"
    REFUSED = "refused"
    """It cannot be so; its result says why."""
    PARKED = "parked"
    """It came before what it builds on, and waits for that."""


class BusinessEvent(Base):
    """What another system told us of an order, a fault, an outage, traffic, a visit or a contact.

    Kept 13 months, so that rules can be tried on a whole year; then it goes. An erased customer's loses its
    words at once.
    """

    __tablename__ = "business_events"

    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    """In the order they came."""
    id: Mapped[str] = mapped_column(unique=True)
    """The sender's."""
    type: Mapped[str]
    at: Mapped[datetime]
    received: Mapped[datetime]
    source: Mapped[str]
    """The system that told it."""
    customer_id: Mapped[str]
    """'' where it is about nobody alone, or nobody knows yet."""
    key: Mapped[str]
    """What it is about: the order's, the fault's id."""
    data: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """Its own fields as JSON."""
    state: Mapped[EventState]
    tries: Mapped[int]
    """How often it has been parked."""
    next_at: Mapped[datetime | None]
    """When a parked one is looked at again, unless what it waits for comes first."""
    result: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """What came of it: `refused` with words, or what each rule did."""
    done_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_business_events_pending",
            "seq",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_business_events_parked",
            "next_at",
            sqlite_where=text("state = 'parked'"),
            postgresql_where=text("state = 'parked'"),
        ),
        Index("ix_business_events_customer", "customer_id"),
        Index("ix_business_events_received", "received"),
    )
