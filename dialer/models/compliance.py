"""What is kept about who is not to be called."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from dialer.gate import Suppression
from store import Base


class DoNotCall(Base):
    """Somebody is not to be called for something. Kept until withdrawn."""

    __tablename__ = "do_not_call"

    number: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[Suppression] = mapped_column(primary_key=True)
    source: Mapped[str]
    """Who said so: the customer in a flow, an agent, a register."""
    at: Mapped[datetime]


class Exclusion(Base):
    """Somebody is not to be called by one campaign. Kept as long as the campaign."""

    __tablename__ = "exclusions"

    campaign: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    at: Mapped[datetime]


class Register(Base):
    """A public opt-out register as it was last read in; `RegisterEntry` has its numbers. Kept."""

    __tablename__ = "registers"

    name: Mapped[str] = mapped_column(primary_key=True)
    """As the jurisdiction names it: `rpo`, `tps`."""
    dated: Mapped[datetime]
    """When the authority made the file."""
    loaded: Mapped[datetime]
    numbers: Mapped[int]
    file: Mapped[str]
    edition: Mapped[str]
    """Which of its entries hold: those of another edition are being read in, or are over."""


class RegisterEntry(Base):
    """A number that stands in a public opt-out register. Kept until the register is read in anew."""

    __tablename__ = "register_entries"

    register: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)


class HoldReason(StrEnum):
    """Why a customer is left alone."""

    COMPLAINT = "complaint"
    DISPUTE = "dispute"
    """They say that they do not owe it."""
    PROMISE = "promise"
    """They have promised to pay."""
    PLAN = "plan"
    """They pay by instalments."""
    VULNERABILITY = "vulnerability"
    BANKRUPTCY = "bankruptcy"
    OTHER = "other"


class Hold(Base):
    """A customer who is not to be called for a while: a complaint, a dispute, a plan. Kept until lifted."""

    __tablename__ = "holds"

    customer_id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[Suppression] = mapped_column(primary_key=True)
    reason: Mapped[HoldReason] = mapped_column(primary_key=True)
    """One may be lifted while another lasts."""
    until: Mapped[datetime | None]
    """None: until somebody lifts it."""
    source: Mapped[str]
    at: Mapped[datetime]
