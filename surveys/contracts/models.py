"""The tables of contracts with partners, and of what their months came to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big, Json


class PartnerContract(Base):
    """One version of a contract. It is never changed. Kept as long as the house has it."""

    __tablename__ = "partner_contracts"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    partner: Mapped[str] = mapped_column(index=True)
    terms: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """All of it, as it was read."""
    added: Mapped[datetime]
    by: Mapped[str]


class PartnerSettlement(Base):
    """What a partner's month came to, with all that it takes to reckon it again. Kept 120 months."""

    __tablename__ = "partner_settlements"

    contract: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    """`2026-11`."""
    partner: Mapped[str]
    version: Mapped[int]
    terms: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """The contract's version, word for word."""
    inputs: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """`tallies`: by question and value how many, their weights' sum and the weights' squares' sum."""
    invoice: Mapped[int] = mapped_column(Big)
    """In minor units."""
    currency: Mapped[str]
    result: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """Each indicator's value, interval, score and why; index and per cent."""
    minor: Mapped[int] = mapped_column(Big)
    """The bonus in minor units; below 0 a malus."""
    reckoned: Mapped[datetime]
    by: Mapped[str]
    closed: Mapped[datetime | None]
    """From here on nothing changes it."""
    closed_by: Mapped[str]

    __table_args__ = (Index("ix_partner_settlements_partner", "partner", "month"),)
