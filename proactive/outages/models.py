"""What is kept about outages: one cause, many lines."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base


class Outage(Base):
    """A fault of the network that touches many lines. Kept 24 months after it was opened."""

    __tablename__ = "outages"

    id: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[str]
    """As the network names it: `fibre_cut`, `power`, or in words."""
    area: Mapped[str]
    """Where, in words; the province, when that alone says what it touches; '' when it was not said."""
    opened: Mapped[datetime]
    expected_end: Mapped[datetime | None]
    restored: Mapped[datetime | None]
    unknown: Mapped[int]
    """Lines and customers it named that we do not know."""
    asked_to: Mapped[str] = mapped_column(default="")
    """Once it is over: the last customer, in the order of their ids, who has been asked about it."""
    asked_at: Mapped[datetime | None]
    """When everybody had been."""

    __table_args__ = (
        Index(
            "ix_outages_lasting",
            "opened",
            sqlite_where=text("restored IS NULL"),
            postgresql_where=text("restored IS NULL"),
        ),
        Index(
            "ix_outages_to_ask",
            "restored",
            sqlite_where=text("restored IS NOT NULL AND asked_at IS NULL"),
            postgresql_where=text("restored IS NOT NULL AND asked_at IS NULL"),
        ),
    )


class OutageLine(Base):
    """A line, or a customer as a whole, that an outage touches. Kept 24 months after it was opened."""

    __tablename__ = "outage_lines"

    outage_id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    line_id: Mapped[str] = mapped_column(primary_key=True)
    """'' for all that the customer has."""
    opened: Mapped[datetime]


class OutageFault(Base):
    """A customer's own fault that has this cause. Kept 24 months after the outage was opened."""

    __tablename__ = "outage_faults"

    outage_id: Mapped[str] = mapped_column(primary_key=True)
    fault_id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    opened: Mapped[datetime]
