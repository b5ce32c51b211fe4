"""The customers' tables. Invoices, orders and faults are mirrors of what other systems own."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from customers.faults import FaultStatus
from store import Base, Big


class Tier(StrEnum):
    """How dear a customer is to the house."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"


class LineType(StrEnum):
    """What a number rings."""

    MOBILE = "mobile"
    LANDLINE = "landline"


class LineStatus(StrEnum):
    """Where a line stands."""

    ORDERED = "ordered"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CEASED = "ceased"


class InvoiceState(StrEnum):
    """How far an invoice is paid."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CANCELLED = "cancelled"


class OrderStatus(StrEnum):
    """Where an order stands."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    PLANNED = "planned"
    """A day is set for the technician or the activation."""
    DONE = "done"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """The way a contact went, or may go."""

    VOICE = "voice"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


class ContactDirection(StrEnum):
    """Who turned to whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Customer(Base):
    """A customer, and how to speak with them. Kept as long as the contract and ten years after it (tax law).

    Erasing one takes along every other row of this room.
    """

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    code: Mapped[str]
    """Digits on the bill, by which callers from other numbers prove who they are. Never logged or shown."""
    tier: Mapped[Tier]
    language: Mapped[str]
    slow_speech: Mapped[bool]
    """Speak slowly and wait long for keys."""
    zone: Mapped[str]
    """Time zone of the address, as `Europe/Rome`."""
    region: Mapped[str] = mapped_column(server_default="", index=True)
    """The province of the address, as `Roma`; '' unknown."""


class CustomerNumber(Base):
    """A telephone number of a customer, from when until when. A household's has several owners at a time.

    Kept while valid and 24 months after, to understand older calls.
    """

    __tablename__ = "customer_numbers"

    number: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    valid_from: Mapped[datetime] = mapped_column(primary_key=True)
    valid_to: Mapped[datetime | None]
    """The first instant at which it is no longer theirs."""
    zone: Mapped[str]
    """Time zone of the number; a mobile's is its country's."""
    line_type: Mapped[LineType]


class Line(Base):
    """A service a customer has or had with us. Kept as long as its customer."""

    __tablename__ = "customer_lines"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    service: Mapped[str]
    """`mobile`, `fibre`, `adsl`, `voice`."""
    status: Mapped[LineStatus]
    activated: Mapped[datetime | None]
    contract_until: Mapped[date | None]
    """The last day of the present contract; empty when nothing binds the customer."""


class Consent(Base):
    """A customer's word on being contacted for a purpose by a channel: given, withdrawn, or refused outright.

    Kept as the proof the law asks for: five years after it was withdrawn.
    """

    __tablename__ = "customer_consents"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    """`marketing`, `survey`, `service`, `credit`."""
    channel: Mapped[Channel]
    given_at: Mapped[datetime | None]
    """Empty when it was never given but refused."""
    withdrawn_at: Mapped[datetime | None]
    source: Mapped[str]
    """Where it was said: `contract`, `call:<call id>`, `web`."""

    __table_args__ = (Index("ix_customer_consents_asked", "customer_id", "purpose", "channel"),)


class Invoice(Base):
    """Mirror of an invoice. Kept 24 months after its due date, once paid; billing keeps the original."""

    __tablename__ = "customer_invoices"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    issued: Mapped[date]
    due: Mapped[date]
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(Big)
    open_minor: Mapped[int] = mapped_column(Big)
    """What is still to be paid, in minor units."""
    state: Mapped[InvoiceState]

    __table_args__ = (
        Index("ix_customer_invoices_latest", "customer_id", "issued"),
        Index(
            "ix_customer_invoices_open",
            "customer_id",
            sqlite_where=text("open_minor > 0"),
            postgresql_where=text("open_minor > 0"),
        ),
    )


class Order(Base):
    """Mirror of an order. Kept 12 months after its planned day, once done or cancelled."""

    __tablename__ = "customer_orders"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """`activation`, `move`, `upgrade`, `router`."""
    status: Mapped[OrderStatus]
    placed: Mapped[datetime]
    planned: Mapped[date | None]


class Fault(Base):
    """Mirror of a fault on a line; its closing or reopening starts here and is told to the network by event.

    Kept 24 months after it is closed.
    """

    __tablename__ = "customer_faults"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("customer_lines.id", ondelete="CASCADE"), index=True)
    symptom: Mapped[str]
    """`no_line`, `slow`, `drops`, `noise`."""
    status: Mapped[FaultStatus] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    restored_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]


class ContactHistory(Base):
    """One contact with a customer, whichever way it went. Kept 24 months."""

    __tablename__ = "customer_contacts"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(index=True)
    channel: Mapped[Channel]
    direction: Mapped[ContactDirection]
    reason: Mapped[str]
    outcome: Mapped[str]
    call_id: Mapped[str] = mapped_column(index=True)
    """'' when it was no call."""

    __table_args__ = (Index("ix_customer_contacts_of", "customer_id", "at"),)
