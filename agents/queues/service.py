"""Queues kept and listed, and what their callers did. Every function takes the caller's session."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from agents.queues.hours import check_hours
from agents.queues.models import PlaceState, QueueCallBack, QueueEvent, QueueRow, QueueVisit
from agents.queues.queue import Queue, queue_of
from agents.queues.visits import Note, Visit, VisitEnd
from store import insert_missing, upsert
from values import BadInputError

HOUSE = "centralino"
"""Who has set a queue that people have not touched."""


class UnknownQueueError(BadInputError):
    """There is no such queue."""

    error_id = "unknown-queue"


async def queues(session: AsyncSession) -> dict[str, Queue]:
    """All queues by name."""
    rows = await session.scalars(select(QueueRow).order_by(QueueRow.name))
    return {row.name: queue_of(row.name, row.settings) for row in rows}


async def queue(session: AsyncSession, name: str) -> Queue:
    """One queue. Raises `UnknownQueueError`."""
    row = await session.get(QueueRow, name)
    if row is None:
        raise UnknownQueueError(f"there is no queue {name[:40]!r}", field="queue")
    return queue_of(row.name, row.settings)


async def put_queue(
    session: AsyncSession, name: str, settings: Mapping[str, Any], *, by: str, now: datetime
) -> Queue:
    """Make a queue, or change these settings of one. Raises `BadInputError` naming the field."""
    row = await session.get(QueueRow, name)
    made = queue_of(name, settings, like=queue_of(name, row.settings) if row else None)
    check_hours(made)
    if made.overflow == "queue":
        await queue(session, made.overflow_to)
    await _write(session, made, by=by, now=now)
    return made


async def seed_queues(session: AsyncSession, house: Sequence[Queue], *, now: datetime) -> None:
    """Write down the house's own queues where there are none of their names."""
    known = set(await session.scalars(select(QueueRow.name)))
    for each in house:
        if each.name not in known:
            await _write(session, each, by=HOUSE, now=now)


async def _write(session: AsyncSession, made: Queue, *, by: str, now: datetime) -> None:
    row = {
        "name": made.name,
        "title": made.title,
        "active": made.active,
        "settings": made.settings,
        "changed": now,
        "changed_by": by,
    }
    await upsert(session, QueueRow, [row], key=["name"])


async def write_visits(
    session: AsyncSession, visits: Sequence[Mapping[str, Any]], notes: Sequence[Mapping[str, Any]]
) -> None:
    """Write rows of visits and events; what is there already takes the newer values."""
    latest = {row["visit_id"]: row for row in visits}
    await upsert(session, QueueVisit, list(latest.values()), key=["visit_id"])
    await insert_missing(session, QueueEvent, notes)


async def open_visits(session: AsyncSession, node: str) -> list[Visit]:
    """Who was waiting at a node when it was last written down, and whose talk is not over in the books."""
    found = await session.scalars(select(QueueVisit).where(QueueVisit.node == node, QueueVisit.end.is_(None)))
    return [visit_of(row) for row in found]


async def unfinished(session: AsyncSession, call_id: str) -> Visit | None:
    """The latest visit of a call."""
    row = await session.scalar(
        select(QueueVisit).where(QueueVisit.call_id == call_id).order_by(QueueVisit.entered.desc()).limit(1)
    )
    return visit_of(row) if row else None


def visit_of(row: QueueVisit) -> Visit:
    """A row as a value."""
    names = [
        name
        for name in (column.key for column in QueueVisit.__table__.columns)
        if name not in ("quarter", "done_quarter")
    ]
    return Visit(**{name: getattr(row, name) for name in names})


def note_row(note: Note) -> dict[str, Any]:
    """An event's columns."""
    return {
        "visit_id": note.visit_id,
        "step": note.step,
        "at": note.at,
        "kind": note.kind,
        "queue": note.queue,
        "call_id": note.call_id,
        "agent": note.agent,
        "detail": dict(note.detail),
    }


async def keep_place(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Somebody keeps their place and is called back; twice is once."""
    await insert_missing(session, QueueCallBack, [row])


async def places(session: AsyncSession, node: str, states: Collection[PlaceState]) -> list[QueueCallBack]:
    """The call-backs of a node that stand so, the longest waiting first."""
    found = await session.scalars(
        select(QueueCallBack)
        .where(QueueCallBack.node == node, QueueCallBack.state.in_(states))
        .order_by(QueueCallBack.since)
    )
    return list(found)


async def change_place(session: AsyncSession, visit_id: str, **columns: object) -> None:
    """What is known of a call-back now."""
    await session.execute(update(QueueCallBack).where(QueueCallBack.visit_id == visit_id).values(**columns))


__all__ = [
    "HOUSE",
    "UnknownQueueError",
    "VisitEnd",
    "change_place",
    "keep_place",
    "note_row",
    "open_visits",
    "places",
    "put_queue",
    "queue",
    "queues",
    "seed_queues",
    "unfinished",
    "visit_of",
    "write_visits",
]
