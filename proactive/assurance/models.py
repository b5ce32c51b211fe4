"""What is kept about repairs that customers are asked about."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base


class CheckState(StrEnum):
    """How far we are with one repair."""

    ASKING = "asking"
    """A contact is to ask."""
    CARING = "caring"
    """The customer wants to talk: an agent rings them."""
    WAITING = "waiting"
    """Nobody answered; unless they speak up, the rule closes it at `close_at`."""
    DONE = "done"


class RepairCheck(Base):
    """One repair of one fault, and whether the customer says that it works. Kept 24 months.

    Who was touched by an outage without a fault of their own has one too, without a `fault_id`.
    """

    __tablename__ = "repair_checks"

    id: Mapped[str] = mapped_column(primary_key=True)
    """The repair: told twice it is one."""
    ask: Mapped[str] = mapped_column(index=True)
    """The contact's event; repairs of one customer that are asked about in one call share it."""
    fault_id: Mapped[str] = mapped_column(index=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    outage_id: Mapped[str]
    """'' for a fault of its own."""
    opened: Mapped[datetime]
    restored: Mapped[datetime]
    state: Mapped[CheckState]
    result: Mapped[str]
    """`fixed`, `not_fixed`, `by_rule`, `repaired_again`, `settled_elsewhere`, or the last outcome."""
    close_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_repair_checks_due",
            "close_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_repair_checks_restored", "restored"),
    )
