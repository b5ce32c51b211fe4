"""Customers who are left alone for a while."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Suppression
from dialer.models import Hold, HoldReason
from store import upsert
from values import BadInputError


async def hold(
    session: AsyncSession,
    customer_id: str,
    what: Suppression,
    reason: HoldReason,
    *,
    until: datetime | None,
    source: str,
    at: datetime,
) -> None:
    """Call a customer no more for something, for a reason, until a time (None: until it is lifted).

    From this commit on, on all their numbers; the same reason again changes its end. Raises `BadInputError`
    for what is a matter of one number, and for an end that has passed.
    """
    if what in {Suppression.NOT_THEIRS, Suppression.REGISTER}:
        raise BadInputError(f"{what} is said of a number, not of a customer; use dnc add", field="purpose")
    if until is not None and until <= at:
        raise BadInputError("must lie ahead", field="until")
    row = {
        "customer_id": customer_id,
        "purpose": what,
        "reason": reason,
        "until": until,
        "source": source,
        "at": at,
    }
    await upsert(session, Hold, [row], key=["customer_id", "purpose", "reason"])


async def lift(
    session: AsyncSession, customer_id: str, what: Suppression, reason: HoldReason | None = None
) -> int:
    """End a customer's holds for something, of one reason or of all; how many there were."""
    gone = delete(Hold).where(Hold.customer_id == customer_id, Hold.purpose == what)
    if reason is not None:
        gone = gone.where(Hold.reason == reason)
    return len((await session.execute(gone.returning(Hold.reason))).all())


async def holds_of(session: AsyncSession, customer_id: str) -> Sequence[Hold]:
    """A customer's holds, also those whose time is over."""
    return (
        await session.scalars(
            select(Hold).where(Hold.customer_id == customer_id).order_by(Hold.purpose, Hold.reason)
        )
    ).all()
