"""What is kept about queues: their settings, each caller's stay, and who is to be called back."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from agents.queues.visits import VisitEnd
from store import Base, Json


class QueueRow(Base):
    """A named queue. Kept until removed."""

    __tablename__ = "queues"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    active: Mapped[bool]
    settings: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """`agents.queues.Queue`, as far as it differs from the usual."""
    changed: Mapped[datetime]
    changed_by: Mapped[str]


class QueueVisit(Base):
    """One caller's stay in a queue (`agents.queues.Visit`).

    Kept 24 months; call and customer are then blanked.
    """

    __tablename__ = "queue_visits"

    visit_id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(index=True)
    queue: Mapped[str]
    node: Mapped[str]
    entered: Mapped[datetime]
    since: Mapped[datetime]
    quarter: Mapped[int]
    """The quarter of an hour of `entered`, counted since 1970."""
    language: Mapped[str]
    customer_id: Mapped[str]
    tier: Mapped[str]
    points: Mapped[float]
    position: Mapped[int]
    front: Mapped[bool]
    reason: Mapped[str]
    target: Mapped[float]
    short: Mapped[float]
    estimate: Mapped[float | None]
    end: Mapped[VisitEnd | None]
    """None while they wait."""
    ended: Mapped[datetime | None]
    waited: Mapped[float]
    moved_to: Mapped[str]
    agent: Mapped[str]
    ring: Mapped[float]
    talk: Mapped[float | None]
    hold: Mapped[float]
    wrap: Mapped[float | None]
    finished: Mapped[datetime | None]
    done_quarter: Mapped[int | None]
    """The quarter of an hour of `finished`."""
    steps: Mapped[int]

    __table_args__ = (
        Index("ix_queue_visits_quarter", "quarter", "queue"),
        Index("ix_queue_visits_done", "done_quarter", "queue"),
        Index("ix_queue_visits_customer", "customer_id", "entered"),
        Index("ix_queue_visits_open", "node", "end"),
    )


class QueueEvent(Base):
    """Something happened in a visit: ENTER, its one end, and what came of it. Kept 13 months."""

    __tablename__ = "queue_events"

    visit_id: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0, 1, 2… within the visit."""
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str]
    queue: Mapped[str]
    call_id: Mapped[str] = mapped_column(index=True)
    agent: Mapped[str]
    detail: Mapped[Mapping[str, Any]] = mapped_column(Json)


class PlaceState(StrEnum):
    """Where a call-back stands."""

    WAITING = "waiting"
    """It has its place in the line."""
    CALLING = "calling"
    """Its turn came: an agent is held, and the dialler calls."""
    DONE = "done"
    """They talked."""
    LOST = "lost"
    """They were not reached, or may not be called."""


class QueueCallBack(Base):
    """A place in the line of somebody who is to be called back. Kept 6 months after it was settled."""

    __tablename__ = "queue_call_backs"

    visit_id: Mapped[str] = mapped_column(primary_key=True)
    """The visit in which they chose it."""
    call_id: Mapped[str] = mapped_column(index=True)
    queue: Mapped[str]
    node: Mapped[str]
    number: Mapped[str]
    customer_id: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    reason: Mapped[str]
    tier: Mapped[str]
    points: Mapped[float]
    since: Mapped[datetime]
    """Since when they wait: what gives them their place."""
    asked: Mapped[datetime]
    not_before: Mapped[datetime | None]
    state: Mapped[PlaceState]
    tries: Mapped[int]
    contact_id: Mapped[str]
    """The dialler's contact, from the first try on."""
    agent: Mapped[str]
    outcome: Mapped[str]
    """What the last try came to."""
    settled: Mapped[datetime | None]

    __table_args__ = (Index("ix_queue_call_backs_open", "node", "state"),)
