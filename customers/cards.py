"""What other rooms get to see of a customer."""

from dataclasses import dataclass, field
from datetime import date, datetime

from customers.faults import FaultStatus
from customers.models import Channel, ContactDirection, InvoiceState, LineType, OrderStatus, Tier
from values import CustomerId, Money, PhoneNumber, new_id


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer, as far as a call needs to know them."""

    id: CustomerId
    name: str
    tier: Tier
    language: str
    slow_speech: bool
    zone: str
    """Time zone of the address."""


@dataclass(frozen=True, slots=True)
class NumberCard:
    """A number a customer can be rung on, with its own time zone."""

    number: PhoneNumber
    zone: str
    line_type: LineType


@dataclass(frozen=True, slots=True)
class Balance:
    """What a customer owes: one amount a currency, the largest first, and the earliest due date."""

    amounts: tuple[Money, ...]
    due: date
    invoices: int

    @property
    def amount(self) -> Money:
        """The amount, for customers billed in one currency."""
        return self.amounts[0]


@dataclass(frozen=True, slots=True)
class InvoiceCard:
    """An invoice."""

    id: str
    issued: date
    due: date
    amount: Money
    open: Money
    """What is still to be paid."""
    state: InvoiceState


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order."""

    id: str
    customer_id: CustomerId
    kind: str
    status: OrderStatus
    placed: datetime
    planned: date | None


@dataclass(frozen=True, slots=True)
class FaultCard:
    """A fault."""

    id: str
    customer_id: CustomerId
    line_id: str
    symptom: str
    status: FaultStatus
    opened_at: datetime
    restored_at: datetime | None
    closed_at: datetime | None
    reopened_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactNote:
    """A contact to be remembered. Noted again under the same id, it takes the new words."""

    customer_id: CustomerId
    at: datetime
    channel: Channel
    direction: ContactDirection
    reason: str
    outcome: str = ""
    call_id: str = ""
    id: str = field(default_factory=lambda: new_id("h"))
