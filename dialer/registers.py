"""Public opt-out registers: read in beside the edition that holds, which they replace in one moment."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Register, RegisterEntry
from store import insert_missing, upsert
from values import BadInputError, PhoneNumber, new_id


def new_edition() -> str:
    """The name of a new edition; a later one sorts after it."""
    return new_id("e")


async def add_entries(
    session: AsyncSession, register: str, edition: str, numbers: Sequence[PhoneNumber]
) -> None:
    """Write numbers of an edition down; they count for nothing before it is published."""
    rows = [{"register": register, "edition": edition, "number": number} for number in numbers]
    await insert_missing(session, RegisterEntry, rows)


async def publish_edition(
    session: AsyncSession, register: str, edition: str, *, dated: datetime, file: str, at: datetime
) -> int:
    """Let an edition hold from this commit on, instead of the one before; how many numbers it has.

    Raises `BadInputError` when a newer file holds already, when another reading that began later was faster,
    and when `dated` lies ahead.
    """
    if dated > at:
        raise BadInputError("lies ahead; give the day on which the authority made the file", field="dated")
    known = await session.get(Register, register, with_for_update=True)
    if known is not None and known.dated > dated:
        raise BadInputError(f"a file of {known.dated:%Y-%m-%d} holds, which is newer", field="dated")
    if known is not None and known.edition > edition:
        raise BadInputError(
            "another reading that began later was faster; read the file in again", field=register
        )
    count = select(func.count()).where(RegisterEntry.register == register, RegisterEntry.edition == edition)
    numbers = await session.scalar(count) or 0
    row = {
        "name": register,
        "dated": dated,
        "loaded": at,
        "numbers": numbers,
        "file": file,
        "edition": edition,
    }
    await upsert(session, Register, [row], key=["name"])
    return numbers


async def drop_editions(session: AsyncSession, register: str, *, most: int = 20_000) -> int:
    """Delete entries of editions before the one that holds, so many at once. Ask until it gives 0."""
    holds = select(Register.edition).where(Register.name == register).scalar_subquery()
    over = (
        select(RegisterEntry.edition, RegisterEntry.number)
        .where(RegisterEntry.register == register, RegisterEntry.edition < holds)
        .limit(most)
    )
    found = (await session.execute(over)).all()
    by_edition: dict[str, list[str]] = {}
    for edition, number in found:
        by_edition.setdefault(edition, []).append(number)
    for edition, numbers in by_edition.items():
        for first in range(0, len(numbers), _CHUNK):
            part = RegisterEntry.number.in_(numbers[first : first + _CHUNK])
            await session.execute(
                delete(RegisterEntry).where(
                    RegisterEntry.register == register, RegisterEntry.edition == edition, part
                )
            )
    return len(found)


async def registers(session: AsyncSession) -> list[Register]:
    """All that have been read in."""
    return list(await session.scalars(select(Register).order_by(Register.name)))


_CHUNK = 5000
