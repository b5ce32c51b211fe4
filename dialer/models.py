"""What is kept about calling people: campaigns, contacts, attempts, refusals, and who is not to be called."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dialer.gate import Purpose, Reason, Suppression
from store import Base, Big, Json


class ContactState(StrEnum):
    """Where a contact stands."""

    READY = "ready"
    """To be called as soon as `not_before` has come; it may be leased meanwhile."""
    CALLING = "calling"
    """An attempt of it is committed and not over."""
    DONE = "done"


class AttemptState(StrEnum):
    """Where an attempt stands. It only ever moves forward."""

    COMMITTED = "committed"
    """Written down; the switch may or may not have been asked."""
    RINGING = "ringing"
    """The switch was asked."""
    ANSWERED = "answered"
    DONE = "done"


class Campaign(Base):
    """A reason to call many people in one way. Kept as long as anything refers to it."""

    __tablename__ = "campaigns"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    flow: Mapped[str]
    """The flow an answered call goes through; the wiring checks that it exists."""
    purpose: Mapped[Purpose]
    profile: Mapped[str]
    """The jurisdiction whose limits hold."""
    caller_id: Mapped[str]
    trunks: Mapped[Sequence[str]] = mapped_column(Json)
    """In the order they are tried; empty: all."""
    hours: Mapped[Mapping[str, Sequence[str]]] = mapped_column(Json)
    """Its own hours within the jurisdiction's; empty: those alone."""
    lines: Mapped[int]
    """How many calls at once."""
    calls_per_second: Mapped[float]
    priority: Mapped[int]
    """Higher goes first."""
    paused: Mapped[bool]
    retry: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """`dialer.retry.RetryRules`."""
    ring_seconds: Mapped[float]
    starts: Mapped[datetime | None]
    ends: Mapped[datetime | None]


class Contact(Base):
    """One customer in one campaign. Kept 24 months; number and fields are then blanked."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    event_id: Mapped[str] = mapped_column(unique=True)
    """The business event it came from: the same event twice is one contact."""
    customer_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]
    zone: Mapped[str]
    fields: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """What the flow is started with (`values.to_json`)."""
    priority: Mapped[int]
    not_before: Mapped[datetime]
    expires: Mapped[datetime | None]
    state: Mapped[ContactState]
    created: Mapped[datetime]
    finished: Mapped[datetime | None]
    outcome: Mapped[str]
    goal: Mapped[bool]
    attempts: Mapped[int]
    """How many count: that rang, or may have."""
    tally: Mapped[Mapping[str, int]] = mapped_column(Json)
    """Attempts by outcome."""
    lease_owner: Mapped[str]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int]
    """Grows with each lease; whoever holds an older number may not commit."""

    __table_args__ = (
        Index(
            "ix_contacts_ready",
            "campaign",
            "not_before",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
        Index(
            "ix_contacts_turn",  # the order in which they are claimed
            "campaign",
            "priority",
            "not_before",
            "id",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
        Index(
            "ix_contacts_expiring",
            "expires",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
    )


class Attempt(Base):
    """One placed call; its id is the channel's. Committed before the switch is asked, never placed again.

    Kept 24 months (frequency caps look back 30 days); the number is then blanked.
    """

    __tablename__ = "attempts"

    id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(index=True)
    campaign: Mapped[str]
    purpose: Mapped[Purpose]
    node: Mapped[str]
    trunk: Mapped[str]
    number: Mapped[str]
    moved_from: Mapped[str]
    """The attempt whose trunk refused before anything rang; '' for a first one."""
    fence: Mapped[int]
    state: Mapped[AttemptState]
    committed: Mapped[datetime]
    placed: Mapped[datetime | None]
    answered: Mapped[datetime | None]
    over: Mapped[datetime | None]
    cause: Mapped[int]
    sip_cause: Mapped[str]
    outcome: Mapped[str]
    goal: Mapped[bool]

    __table_args__ = (
        Index("ix_attempts_history", "number", "committed"),
        Index(
            "ix_attempts_open",
            "node",
            sqlite_where=text("state <> 'done'"),
            postgresql_where=text("state <> 'done'"),
        ),
    )


class Refusal(Base):
    """The gate said no: why, and when it may be asked again. Kept 24 months, as proof of restraint."""

    __tablename__ = "refusals"

    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    contact_id: Mapped[str] = mapped_column(index=True)
    reason: Mapped[Reason]
    words: Mapped[str]
    until: Mapped[datetime | None]
    at: Mapped[datetime]


class DoNotCall(Base):
    """Somebody is not to be called for something. Kept until withdrawn."""

    __tablename__ = "do_not_call"

    number: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[Suppression] = mapped_column(primary_key=True)
    source: Mapped[str]
    """Who said so: the customer in a flow, an agent, a register."""
    at: Mapped[datetime]
