"""Orders as the order system tells of them: our mirror brought up to date, whole batches at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers.cards import OrderCard
from customers.models import Order, OrderStatus
from customers.queries import padded
from store import upsert
from values import CustomerId

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class OrderWord:
    """How an order stands now."""

    id: str
    customer_id: CustomerId
    kind: str
    status: OrderStatus
    placed: datetime
    planned: date | None


async def orders(session: AsyncSession, ids: Sequence[str]) -> Mapping[str, OrderCard]:
    """Orders by their ids; one nobody knows is left out."""
    found: dict[str, OrderCard] = {}
    for first in range(0, len(ids), _CHUNK):
        wanted = select(
            Order.id, Order.customer_id, Order.kind, Order.status, Order.placed, Order.planned
        ).where(Order.id.in_(padded(ids[first : first + _CHUNK])))
        rows: Sequence[Any] = (await session.execute(wanted)).all()
        found |= {row.id: OrderCard(*row) for row in rows}
    return found


async def keep_orders(session: AsyncSession, words: Sequence[OrderWord]) -> None:
    """Take orders into the mirror as they stand now, new ones and known ones."""
    rows = [
        {
            "id": each.id,
            "customer_id": each.customer_id,
            "kind": each.kind,
            "status": each.status,
            "placed": each.placed,
            "planned": each.planned,
        }
        for each in words
    ]
    for first in range(0, len(rows), _CHUNK):
        await upsert(session, Order, rows[first : first + _CHUNK], key=["id"])
