"""The do-not-call list."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Suppression
from dialer.models import DoNotCall
from store import insert_missing
from values import PhoneNumber


async def forbid_calls(
    session: AsyncSession, numbers: Sequence[PhoneNumber], what: Suppression, *, source: str, at: datetime
) -> None:
    """Call these numbers no more for something. It holds from this commit on; the first source is kept."""
    rows = [{"number": number, "purpose": what, "source": source, "at": at} for number in numbers]
    await insert_missing(session, DoNotCall, rows)


async def allow_calls(session: AsyncSession, number: PhoneNumber, what: Suppression) -> None:
    """Withdraw an entry; nothing happens when there is none."""
    await session.execute(delete(DoNotCall).where(DoNotCall.number == number, DoNotCall.purpose == what))
