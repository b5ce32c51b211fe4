"""What is kept about texts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big


class TextState(StrEnum):
    """Where a text stands."""

    WAITING = "waiting"
    """To be sent at `next_at`."""
    SENDING = "sending"
    """Being handed over. It is never handed over again, so nobody gets it twice."""
    SENT = "sent"
    """The carrier has taken it; the network has not said yet that it arrived."""
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    """The network could not bring it to the telephone."""
    REFUSED = "refused"
    """The carrier would not take it, or has given up too often."""
    FORBIDDEN = "forbidden"
    """It must not go: a wish not to be contacted, somebody else's number, a line that takes no texts."""
    EXPIRED = "expired"
    """It could not go in time."""
    WITHDRAWN = "withdrawn"
    """Its reason went away before it did."""
    NOT_SENT = "not_sent"
    """Texts are not set up; nobody has had it."""
    UNSURE = "unsure"
    """The connection broke while it was handed over: it may have gone, or not."""


OVER = frozenset(TextState) - {TextState.WAITING, TextState.SENDING, TextState.SENT}
"""States that are final, but for word of a telephone that was out of reach."""


class TextMessage(Base):
    """One text to one telephone. Kept 24 months; its words and its number are blanked after six."""

    __tablename__ = "text_messages"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Its writer's: the same text again is passed over."""
    number: Mapped[str]
    words: Mapped[str]
    purpose: Mapped[str]
    """As of calls: `service`, `mandatory_notice`, `marketing`…"""
    customer_id: Mapped[str] = mapped_column(index=True)
    """'' for nobody known."""
    zone: Mapped[str]
    """The time zone of the address, '' when unknown."""
    about: Mapped[str]
    """What it is about, in its writer's words: a contact's id."""
    state: Mapped[TextState]
    queued: Mapped[datetime]
    next_at: Mapped[datetime]
    """When it is tried next; while it is being handed over, when that must be over."""
    expires: Mapped[datetime]
    """From then on it would only puzzle."""
    tries: Mapped[int]
    sent: Mapped[datetime | None]
    done: Mapped[datetime | None]
    sid: Mapped[str] = mapped_column(index=True)
    """The carrier's id; '' before it has one."""
    segments: Mapped[int]
    """How many messages the network makes of it: what is paid for."""
    cost_micros: Mapped[int] = mapped_column(Big)
    """What it cost, in millionths of the house's currency (one is less than a cent can show); 0: unknown."""
    code: Mapped[str]
    """The carrier's error code; '' for none."""
    why: Mapped[str]
    """In words for a person; '' when all is well."""

    __table_args__ = (
        Index(
            "ix_text_messages_due",
            "next_at",
            sqlite_where=text("state IN ('waiting', 'sending', 'sent')"),
            postgresql_where=text("state IN ('waiting', 'sending', 'sent')"),
        ),
        Index("ix_text_messages_queued", "queued"),
    )
