"""What customers ring about, and who wants to be called back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from store import Base


class Source(StrEnum):
    """Where a call-back request was left."""

    FLOW = "flow"
    """In a menu."""
    FALLBACK = "fallback"
    """With the stand-alone script, while the voice core was down."""


class ContactReason(Base):
    """Why a customer rang, as chosen in the menu; one call may have several reasons.

    Kept 24 months with its call; the customer is then blanked.
    """

    __tablename__ = "care_contact_reasons"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class CallbackRequest(Base):
    """Somebody wants to be called back on a number. One a call; asking again in it changes the number.

    Kept 6 months after it was settled.
    """

    __tablename__ = "care_callback_requests"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    number: Mapped[str]
    caller: Mapped[str]
    customer_id: Mapped[str]
    language: Mapped[str]
    source: Mapped[Source]
    settled: Mapped[datetime | None]
