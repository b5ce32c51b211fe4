"""What is kept for the welcome: the PINs by which customers hear more."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from store import Base


class OrderPin(Base):
    """The PIN of an order, hashed, and how often it was guessed at. Kept 90 days."""

    __tablename__ = "order_pins"

    order_id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    """'' until somebody says whose it is."""
    hash: Mapped[str]
    """Argon2id, salted, of order and PIN together. The PIN itself is nowhere."""
    made: Mapped[datetime] = mapped_column(index=True)
    failures: Mapped[int]
    """Wrong tries in a row, over all calls."""
    locked_until: Mapped[datetime | None]
    call_id: Mapped[str]
    """The call that tried last."""
    call_tries: Mapped[int]
    """How often that call has tried."""
    used: Mapped[datetime | None]
    """When it was keyed rightly for the last time."""


class ToldPin(Base):
    """A PIN that an event has brought, hashed, until that is worked and it holds. Kept 7 days at most."""

    __tablename__ = "told_pins"

    event_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str]
    customer_id: Mapped[str] = mapped_column(index=True)
    hash: Mapped[str]
    """As in `order_pins`."""
    told: Mapped[datetime] = mapped_column(index=True)
