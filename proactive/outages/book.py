"""Outages in the database: opened with all they touch, linked to faults, restored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from customers import NewFault
from proactive.outages.models import Outage, OutageFault, OutageLine
from store import insert_missing, upsert

_CHUNK: Final = 400
_TO_ASK: Final = (Outage.restored.is_not(None), Outage.asked_at.is_(None))


@dataclass(frozen=True, slots=True)
class Touched:
    """What an outage touches of a customer's: a line, or all."""

    customer_id: str
    line_id: str = ""


async def keep(
    session: AsyncSession, outage: Mapping[str, Any], touched: Sequence[Touched], opened: datetime
) -> None:
    """Write an outage down; told again it takes the new words, and what it touches besides."""
    known = await session.get(Outage, outage["id"])
    if known is None:
        await upsert(
            session,
            Outage,
            [{**outage, "opened": opened, "restored": None, "asked_to": "", "asked_at": None}],
            key=["id"],
        )
    else:
        for name, value in outage.items():
            setattr(known, name, value)
        opened = known.opened
        await session.flush()
    rows = [
        {
            "outage_id": outage["id"],
            "customer_id": each.customer_id,
            "line_id": each.line_id,
            "opened": opened,
        }
        for each in touched
    ]
    for first in range(0, len(rows), _CHUNK):
        await insert_missing(session, OutageLine, rows[first : first + _CHUNK])


async def link(session: AsyncSession, faults: Sequence[NewFault], notice: timedelta) -> int:
    """Faults on what a lasting outage touches have its cause, the latest one's; how many those are.

    Only those that were opened when it began, or since; `notice`: by how much customers may have been first.
    """
    linked = 0
    for first in range(0, len(faults), _CHUNK):
        part = faults[first : first + _CHUNK]
        found = await session.execute(
            select(OutageLine.outage_id, OutageLine.customer_id, OutageLine.line_id, OutageLine.opened)
            .join(Outage, Outage.id == OutageLine.outage_id)
            .where(
                Outage.restored.is_(None),
                OutageLine.customer_id.in_({each.customer_id for each in part}),
            )
            .order_by(OutageLine.opened.desc(), OutageLine.outage_id)
        )
        causes: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
        for row in found:
            causes.setdefault((row.customer_id, row.line_id), []).append((row.outage_id, row.opened))
        rows = []
        for fault in part:
            touching = [
                *causes.get((fault.customer_id, fault.line_id), ()),
                *causes.get((fault.customer_id, ""), ()),
            ]
            cause = next((each for each in touching if fault.opened_at >= each[1] - notice), None)
            if cause is not None:
                outage_id, opened = cause
                rows.append(
                    {
                        "outage_id": outage_id,
                        "fault_id": fault.id,
                        "customer_id": fault.customer_id,
                        "opened": opened,
                    }
                )
        await insert_missing(session, OutageFault, rows)
        linked += len(rows)
    return linked


async def over(session: AsyncSession, outage_id: str, at: datetime) -> None:
    """Bring an outage to its end, unless it was before; whom it touched is to be asked from now."""
    ended = update(Outage).where(Outage.id == outage_id, Outage.restored.is_(None))
    await session.execute(ended.values(restored=at))


async def to_ask(session: AsyncSession) -> Sequence[str]:
    """Outages that are over and of which not everybody has been asked, the earliest first."""
    wanted = select(Outage.id).where(*_TO_ASK).order_by(Outage.restored, Outage.id)
    return (await session.scalars(wanted)).all()


async def hold(session: AsyncSession, outage_id: str) -> Outage | None:
    """One of those, with all of them locked: two that touch one customer are not asked about at one time."""
    wanted = select(Outage).where(*_TO_ASK).order_by(Outage.id).with_for_update()
    found = await session.scalars(wanted.execution_options(populate_existing=True))
    return next((each for each in found if each.id == outage_id), None)


async def touched_by(
    session: AsyncSession, outage_id: str, *, after: str, most: int
) -> Mapping[str, Sequence[str]]:
    """The next customers whom an outage touched, in order, each with the faults of theirs that it caused."""
    whom = await session.scalars(
        select(OutageLine.customer_id)
        .where(OutageLine.outage_id == outage_id, OutageLine.customer_id > after)
        .distinct()
        .order_by(OutageLine.customer_id)
        .limit(most)
    )
    found: dict[str, list[str]] = {customer_id: [] for customer_id in whom}
    if not found:
        return {}
    faults = await session.execute(
        select(OutageFault.customer_id, OutageFault.fault_id)
        .where(OutageFault.outage_id == outage_id, OutageFault.customer_id.in_(list(found)))
        .order_by(OutageFault.fault_id)
    )
    for customer_id, fault_id in faults:
        found[customer_id].append(fault_id)
    return found


async def caused(session: AsyncSession, outage_id: str, customer_id: str) -> Sequence[str]:
    """The faults of a customer that an outage caused."""
    theirs = select(OutageFault.fault_id).where(
        OutageFault.outage_id == outage_id, OutageFault.customer_id == customer_id
    )
    return (await session.scalars(theirs.order_by(OutageFault.fault_id))).all()


async def touches(session: AsyncSession, outage_id: str) -> int:
    """How many customers an outage touches."""
    whom = select(OutageLine.customer_id).where(OutageLine.outage_id == outage_id).distinct().subquery()
    return await session.scalar(select(func.count()).select_from(whom)) or 0


async def known(session: AsyncSession, outage_ids: Sequence[str]) -> Mapping[str, Outage]:
    """Outages by their ids."""
    found = await session.scalars(select(Outage).where(Outage.id.in_(outage_ids)))
    return {outage.id: outage for outage in found}
