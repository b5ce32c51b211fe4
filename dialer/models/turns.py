"""The queue of contacts to be called: narrow rows, so that claiming from ten million of them stays quick."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big

POSTGRESQL_SETTINGS = (
    "ALTER TABLE turns SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000)",
    "ALTER TABLE turns SET (autovacuum_vacuum_cost_delay = 0)",
    "ALTER TABLE contacts SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05)",
)
"""What the migration tells PostgreSQL about these tables: clean early, leave room to change rows in place.

Every claim leaves dead entries at the very head of the queue's index; each claim after it passes over them.
"""


class Lane(Base):
    """The people of one campaign, one list and one set of time zones: they may be called at the same times.

    Kept as long as the campaign; a handful each.
    """

    __tablename__ = "lanes"

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    campaign: Mapped[str]
    list: Mapped[str]
    """'' for contacts that came one by one."""
    zones: Mapped[str]
    """Their contacts' zone key (`dialer.gate.zones_key`)."""

    __table_args__ = (UniqueConstraint("campaign", "list", "zones"),)


class Stage(StrEnum):
    """Where a turn stands."""

    WAITING = "waiting"
    """Until `wake`: its time has not come, or a worker has leased it."""
    READY = "ready"
    PROMISED = "promised"
    """Ready too, and before all others: its customer was promised a call-back."""


class Turn(Base):
    """A contact that is still to be called. Kept until its attempt is committed, or its contact done."""

    __tablename__ = "turns"

    contact_id: Mapped[str] = mapped_column(primary_key=True)
    lane: Mapped[int] = mapped_column(Big)
    stage: Mapped[Stage]
    rank: Mapped[int]
    """The contact's priority with its sign changed: lower goes first."""
    place: Mapped[float]
    """The contact's score with its sign changed: lower goes first within a rank."""
    due: Mapped[datetime]
    """Within a place the longest due goes first."""
    wake: Mapped[datetime]
    """When a waiting one is ready: `due`, or the end of its lease."""
    expires: Mapped[datetime | None]
    promised: Mapped[bool]
    agent: Mapped[str]
    """To whom the call-back was promised; '' for anybody's."""
    owner: Mapped[str]
    """The worker that has leased it; '' for none."""
    fence: Mapped[int]
    """Grows with each lease; the contact's own follows when the attempt is committed."""

    # each index has exactly the order in which it is read, and holds nobody whom that reading would pass over
    __table_args__ = (
        Index(
            "ix_turns_ready",
            "lane",
            "rank",
            "place",
            "due",
            "contact_id",
            sqlite_where=text("stage = 'ready'"),
            postgresql_where=text("stage = 'ready'"),
        ),
        Index(
            "ix_turns_promised",
            "lane",
            "due",
            sqlite_where=text("stage = 'promised'"),
            postgresql_where=text("stage = 'promised'"),
        ),
        Index(
            "ix_turns_waiting",
            "lane",
            "wake",
            "rank",
            "place",
            sqlite_where=text("stage = 'waiting'"),
            postgresql_where=text("stage = 'waiting'"),
        ),
        Index(
            "ix_turns_leased",
            "owner",
            sqlite_where=text("owner <> ''"),
            postgresql_where=text("owner <> ''"),
        ),
        Index(
            "ix_turns_expiring",
            "expires",
            sqlite_where=text("expires IS NOT NULL"),
            postgresql_where=text("expires IS NOT NULL"),
        ),
    )
