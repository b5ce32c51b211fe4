"""The do-not-call list, and whom single campaigns leave out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Suppression
from dialer.models import DoNotCall, Exclusion, Register, RegisterEntry
from store import insert_missing
from values import PhoneNumber

_CHUNK = 400


async def forbid_calls(
    session: AsyncSession, numbers: Sequence[PhoneNumber], what: Suppression, *, source: str, at: datetime
) -> None:
    """Call these numbers no more for something. It holds from this commit on; the first source is kept.

    No attempt is committed after that, not even for a contact that a worker has leased already: the gate
    looks in the transaction that commits attempts.
    """
    rows = [{"number": number, "purpose": what, "source": source, "at": at} for number in numbers]
    for first in range(0, len(rows), _CHUNK):
        await insert_missing(session, DoNotCall, rows[first : first + _CHUNK])


async def allow_calls(session: AsyncSession, number: PhoneNumber, what: Suppression) -> None:
    """Withdraw an entry; nothing happens when there is none."""
    await session.execute(delete(DoNotCall).where(DoNotCall.number == number, DoNotCall.purpose == what))


async def exclude(
    session: AsyncSession, campaign: str, numbers: Sequence[PhoneNumber], *, source: str, at: datetime
) -> None:
    """Leave numbers out of one campaign, from this commit on."""
    rows = [{"campaign": campaign, "number": number, "source": source, "at": at} for number in numbers]
    for first in range(0, len(rows), _CHUNK):
        await insert_missing(session, Exclusion, rows[first : first + _CHUNK])


async def include(session: AsyncSession, campaign: str, numbers: Sequence[PhoneNumber]) -> None:
    """Leave numbers out no longer."""
    for first in range(0, len(numbers), _CHUNK):
        part = numbers[first : first + _CHUNK]
        await session.execute(
            delete(Exclusion).where(Exclusion.campaign == campaign, Exclusion.number.in_(part))
        )


@dataclass(frozen=True, slots=True)
class NumberEntries:
    """All that keeps a number from being called."""

    entries: Sequence[DoNotCall]
    registers: Sequence[str]
    exclusions: Sequence[Exclusion]


async def entries_of(session: AsyncSession, number: PhoneNumber) -> NumberEntries:
    """All entries about a number."""
    entries = await session.scalars(
        select(DoNotCall).where(DoNotCall.number == number).order_by(DoNotCall.purpose)
    )
    registers = await session.scalars(
        select(Register.name)
        .join(
            RegisterEntry,
            (Register.name == RegisterEntry.register) & (Register.edition == RegisterEntry.edition),
        )
        .where(RegisterEntry.number == number)
        .order_by(Register.name)
    )
    exclusions = await session.scalars(
        select(Exclusion).where(Exclusion.number == number).order_by(Exclusion.campaign)
    )
    return NumberEntries(entries.all(), registers.all(), exclusions.all())
