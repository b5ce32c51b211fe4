"""What is kept about calls. `calls.Journal` alone writes it; nothing here refers to another room's table.

There are no foreign keys on purpose: a trace may reach the database before its call (a spilled journal is
read back out of step with another process), and retention removes traces long before calls.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from calls.records import CallState, Direction, SegmentKind
from store import Base, Json


class Call(Base):
    """One call, from the first channel to the last hang-up.

    Kept 24 months for reports and disputes; caller, dialled number and customer are then blanked.
    """

    __tablename__ = "calls"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[Direction]
    state: Mapped[CallState]
    node: Mapped[str]
    trunk: Mapped[str]
    caller: Mapped[str]
    dialled: Mapped[str]
    flow: Mapped[str]
    flow_version: Mapped[str]
    attempt_id: Mapped[str]
    customer_id: Mapped[str] = mapped_column(index=True)
    began: Mapped[datetime]
    ended: Mapped[datetime | None]
    cause: Mapped[int] = mapped_column(default=0)
    sip_cause: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    goal: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("ix_calls_latest", "began", "call_id"),
        Index(
            "ix_calls_up", "node", sqlite_where=text("state = 'up'"), postgresql_where=text("state = 'up'")
        ),
    )


class Leg(Base):
    """How the voice fared on one leg of a call. Kept 6 months."""

    __tablename__ = "call_legs"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    leg: Mapped[str] = mapped_column(primary_key=True)
    received: Mapped[int]
    sent: Mapped[int]
    lost_in: Mapped[int]
    lost_out: Mapped[int]
    one_way: Mapped[bool]


class Segment(Base):
    """A stretch of a leg: ring, flow, queue, talk, hold, wrap-up. Kept 24 months with its call."""

    __tablename__ = "call_segments"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    leg: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[SegmentKind] = mapped_column(primary_key=True)
    began: Mapped[datetime] = mapped_column(primary_key=True)
    ended: Mapped[datetime | None]
    party: Mapped[str]


class TraceRow(Base):
    """One step of a flow, as the caller left it.

    Private keys are dots, and private values absent, already when they get here. Kept 13 months: a year's
    comparison and a month to look at it.
    """

    __tablename__ = "call_trace"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    flow: Mapped[str]
    version: Mapped[str]
    kind: Mapped[str]
    entered: Mapped[datetime]
    left: Mapped[datetime]
    how: Mapped[str]
    keys: Mapped[str]
    next_path: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (Index("ix_call_trace_recent", "flow", "left"),)


class Recording(Base):
    """Where a recording lies and how long it is kept: until `expires`, longer under `legal_hold`.

    The row goes with the file; its going is written down by whoever removes it.
    """

    __tablename__ = "call_recordings"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[float]
    at: Mapped[datetime]
    purpose: Mapped[str]
    consent: Mapped[bool]
    expires: Mapped[datetime] = mapped_column(index=True)
    legal_hold: Mapped[bool]
