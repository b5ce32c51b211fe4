"""What is kept about the people to be called: contacts and the lists they came in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Json


class ContactState(StrEnum):
    """Where a contact stands."""

    READY = "ready"
    """To be called as soon as `not_before` has come: it has a `Turn`, and may be leased meanwhile."""
    CALLING = "calling"
    """An attempt of it is committed and not over."""
    DONE = "done"


class Contact(Base):
    """One customer in one campaign. Kept 24 months; number and fields are then blanked."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    event_id: Mapped[str] = mapped_column(unique=True)
    """The business event it came from: the same event twice is one contact."""
    customer_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]
    """The number whose turn it is."""
    numbers: Mapped[Sequence[str]] = mapped_column(Json)
    """All numbers of theirs, in the order they are tried; empty: only `number`."""
    zone: Mapped[str]
    """The time zone of the address, '' when unknown."""
    zones: Mapped[str]
    """Every zone they may be in by number and address, sorted, with commas; '' when it cannot be told."""
    fields: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """What the flow is started with (`values.to_json`)."""
    list: Mapped[str]
    """The list it came in; '' for those that came one by one."""
    priority: Mapped[int]
    score: Mapped[float]
    """Within a priority the higher goes first."""
    agent: Mapped[str]
    """The agent to whom a call-back was promised; '' for anybody's."""
    promised: Mapped[datetime | None]
    """When the customer was promised a call-back; None when nothing was promised."""
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
    fence: Mapped[int]
    """Grows with each lease; whoever holds an older number may not commit."""

    # nothing that changes during a contact's life is indexed here, so that PostgreSQL changes rows in place
    __table_args__ = (Index("ix_contacts_campaign", "campaign", "list"),)


class ContactList(Base):
    """A list of people for one campaign. Kept as long as the campaign."""

    __tablename__ = "contact_lists"

    name: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    active: Mapped[bool]
    """Whether its contacts are called."""
    created: Mapped[datetime]


class ListImport(Base):
    """One file taken into a list: how far, and what came of its lines. Kept as long as the list."""

    __tablename__ = "list_imports"

    id: Mapped[str] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(index=True)
    file: Mapped[str]
    """Its name, without folders."""
    digest: Mapped[str]
    """SHA-256 of what is in it: the same file is known again."""
    mapping: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """Which column is what (`dialer.lists`)."""
    state: Mapped[str]
    """`running`, `done` or `failed`."""
    lines: Mapped[int]
    """How many lines have been dealt with; an interrupted import goes on behind them."""
    added: Mapped[int]
    known: Mapped[int]
    """Lines whose contact was there already."""
    bad: Mapped[int]
    """Lines that could not be taken; the report says why."""
    report: Mapped[str]
    """The error report's file name; '' when there is nothing to report."""
    by: Mapped[str]
    started: Mapped[datetime]
    finished: Mapped[datetime | None]
    problem: Mapped[str]
    """Why it failed; '' otherwise."""
