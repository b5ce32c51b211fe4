"""Faults as the network tells of them: taken into the mirror once each, on lines that we know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers.faults import FaultStatus
from customers.models import Fault, Line
from customers.queries import padded
from store import insert_missing
from values import CustomerId

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class NewFault:
    """A fault somebody has found on a line."""

    id: str
    line_id: str
    customer_id: CustomerId
    symptom: str
    opened_at: datetime


async def open_faults(session: AsyncSession, faults: Sequence[NewFault]) -> None:
    """Take faults into the mirror, open; one that is there already stays as it stands."""
    rows = [
        {
            "id": each.id,
            "customer_id": each.customer_id,
            "line_id": each.line_id,
            "symptom": each.symptom,
            "status": FaultStatus.OPEN,
            "opened_at": each.opened_at,
            "restored_at": None,
            "closed_at": None,
            "reopened_at": None,
        }
        for each in faults
    ]
    for first in range(0, len(rows), _CHUNK):
        await insert_missing(session, Fault, rows[first : first + _CHUNK])


@dataclass(frozen=True, slots=True)
class LineHeld:
    """Whose a line is, and what runs over it."""

    customer_id: CustomerId
    service: str


async def whose_lines(session: AsyncSession, line_ids: Sequence[str]) -> Mapping[str, LineHeld]:
    """Whose lines these are; a line nobody knows is left out."""
    found: dict[str, LineHeld] = {}
    for first in range(0, len(line_ids), _CHUNK):
        wanted = select(Line.id, Line.customer_id, Line.service).where(
            Line.id.in_(padded(line_ids[first : first + _CHUNK]))
        )
        for row in await session.execute(wanted):
            found[row.id] = LineHeld(CustomerId(row.customer_id), row.service)
    return found


async def lines_of(session: AsyncSession, customer_ids: Sequence[str]) -> Mapping[CustomerId, Sequence[str]]:
    """The lines of customers; who has none is left out."""
    found: dict[CustomerId, list[str]] = {}
    for first in range(0, len(customer_ids), _CHUNK):
        wanted = select(Line.id, Line.customer_id).where(
            Line.customer_id.in_(padded(customer_ids[first : first + _CHUNK]))
        )
        for row in await session.execute(wanted.order_by(Line.id)):
            found.setdefault(CustomerId(row.customer_id), []).append(row.id)
    return found
