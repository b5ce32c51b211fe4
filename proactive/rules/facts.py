"""What rules decide on: a fact about a customer, and who that customer is. Values, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from customers import CustomerCard, NumberCard
from values import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened to one customer: a business event, or what a process found out itself."""

    id: str
    """The business event's, or another that is the same each time the fact is told."""
    type: str
    """`fault.restored`."""
    at: datetime
    customer_id: str
    key: str
    """What it is about: the fault's, the order's id."""
    thing: str = ""
    """The order or fault itself, where `key` says something else; '' where it does not."""
    values: Mapping[str, Scalar] = field(default_factory=dict)
    """The event's own fields, and what look-ups add."""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer, and the numbers they can be rung on, the best first."""

    card: CustomerCard
    numbers: Sequence[NumberCard] = ()
