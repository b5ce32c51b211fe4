"""What is kept about visits, and about the times that several customers may want."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Json


class AppointmentState(StrEnum):
    """Where a visit stands."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    """The customer takes the time that was proposed."""
    MOVED = "moved"
    """The customer has chosen another of those offered."""
    CANCELLED = "cancelled"
    SET = "set"
    """Another system has set its time."""


class Appointment(Base):
    """One visit. Kept 24 months after it was offered."""

    __tablename__ = "appointments"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    """`installation`, `repair`, …"""
    state: Mapped[AppointmentState]
    slots: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(Json)
    """The times on offer, the proposed one first: start, end, slot, capacity."""
    until: Mapped[datetime]
    """Until when one of them may be chosen."""
    offered: Mapped[datetime] = mapped_column(index=True)
    said_at: Mapped[datetime]
    """When another system said its last word on it: what was said before that changes nothing."""
    begins: Mapped[datetime | None]
    """When the technician comes; None while nothing is agreed."""
    ends: Mapped[datetime | None]
    slot: Mapped[str]
    """The shared slot that it holds; '' for none."""
    changed: Mapped[datetime]
    by: Mapped[str]
    """Who changed it last: `customer`, or the system that told us."""
    call_id: Mapped[str]
    """The call in which the customer did; '' otherwise."""


class AppointmentSlot(Base):
    """A time of some technicians that is offered to several customers. Kept 3 months after it."""

    __tablename__ = "appointment_slots"

    id: Mapped[str] = mapped_column(primary_key=True)
    ends: Mapped[datetime] = mapped_column(index=True)
    capacity: Mapped[int]
    """How many customers may have it."""
    taken: Mapped[int]
    """How many have."""
