"""By what other rooms recognise a customer: the id, the numbers from when until when, the calls."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from customers.models import ContactHistory, CustomerNumber
from values import BadInputError, CustomerId, PhoneNumber


@dataclass(frozen=True, slots=True)
class NumberHeld:
    """A number that is or was a customer's."""

    number: PhoneNumber
    since: datetime
    until: datetime | None
    shared: bool
    """Somebody else has had it at the same time: what only the number tells may be theirs."""

    def during(self, at: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        """Whether the number was this customer's at the time in a column."""
        return at >= self.since if self.until is None else and_(at >= self.since, at < self.until)


@dataclass(frozen=True, slots=True)
class Trail:
    """All by which one customer is recognised."""

    customer_id: CustomerId
    numbers: tuple[NumberHeld, ...] = ()
    calls: frozenset[str] = frozenset()
    """Calls on which they spoke, from whatever number."""
    mentions: frozenset[str] = frozenset()
    """Other people's calls whose trace names them."""

    def __post_init__(self) -> None:
        """Refuse an empty id, which would mean everybody who is unknown."""
        if not self.customer_id:
            raise BadInputError("a customer has an id", field="customer_id")

    @property
    def own(self) -> list[NumberHeld]:
        """The numbers that were theirs alone."""
        return [held for held in self.numbers if not held.shared]

    @property
    def shared(self) -> Collection[str]:
        """The numbers that are somebody else's too."""
        return {held.number for held in self.numbers if held.shared}


async def trail_of(session: AsyncSession, customer_id: CustomerId) -> Trail:
    """What this room knows: the numbers, and the calls in the history of contacts."""
    mine, other = CustomerNumber, aliased(CustomerNumber)
    elsewhere = (
        select(other.number)
        .where(
            other.number == mine.number,
            other.customer_id != mine.customer_id,
            or_(other.valid_to.is_(None), other.valid_to > mine.valid_from),
            or_(mine.valid_to.is_(None), other.valid_from < mine.valid_to),
        )
        .exists()
    )
    numbers = await session.execute(
        select(mine.number, mine.valid_from, mine.valid_to, elsewhere.label("shared"))
        .where(mine.customer_id == customer_id)
        .order_by(mine.number, mine.valid_from)
    )
    held = (NumberHeld(PhoneNumber(row[0]), row[1], row[2], shared=bool(row[3])) for row in numbers)
    calls = await session.scalars(
        select(ContactHistory.call_id).where(
            and_(ContactHistory.customer_id == customer_id, ContactHistory.call_id != "")
        )
    )
    return Trail(customer_id, tuple(held), frozenset(calls))
