"""What is kept about other systems: where they are to be told, and where each telling stands."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Json


class WebhookEndpoint(Base):
    """Where another system wants to be told. Kept until removed."""

    __tablename__ = "webhook_endpoints"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    url: Mapped[str]
    events: Mapped[Sequence[str]] = mapped_column(Json)
    """Which kinds (`messages.webhooks.kinds`)."""
    secret: Mapped[str]
    """What its messages are signed with; it is shown once, when it is made."""
    old_secret: Mapped[str]
    """The one before, with which they are signed as well until `old_until`; '' for none."""
    old_until: Mapped[datetime | None]
    active: Mapped[bool]
    stopped_why: Mapped[str]
    """Why it was stopped by itself; '' when somebody did, or it is active."""
    failures: Mapped[int]
    """In a row, over all its events."""
    failing_since: Mapped[datetime | None]
    created: Mapped[datetime]
    created_by: Mapped[str]


class DeliveryState(StrEnum):
    """Where a telling stands."""

    WAITING = "waiting"
    """To be tried at `next_at`."""
    DELIVERED = "delivered"
    DEAD = "dead"
    """Tried for a day in vain; somebody may have it sent again."""


class WebhookDelivery(Base):
    """One event for one endpoint. Its words are the outbox's. Kept 30 days after its event."""

    __tablename__ = "webhook_deliveries"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    """When the fact happened."""
    state: Mapped[DeliveryState]
    tries: Mapped[int]
    next_at: Mapped[datetime]
    """When it is tried next; while it is being tried, when another may take it that its process has died."""
    since: Mapped[datetime]
    """When it was first to be tried, in this round."""
    done: Mapped[datetime | None]
    status: Mapped[int]
    """The last answer's HTTP status; 0 when there was none."""
    said: Mapped[str]
    """Why the last try failed."""

    __table_args__ = (
        Index(
            "ix_webhook_deliveries_due",
            "endpoint",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_webhook_deliveries_latest", "endpoint", "at", "event_id"),
        Index("ix_webhook_deliveries_at", "at"),
    )
