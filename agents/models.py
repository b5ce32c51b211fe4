"""What is kept about agents: who they are, and what they did when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big, Json


class Agent(Base):
    """Somebody who talks to customers. Kept while they work here, and 24 months more."""

    __tablename__ = "agents"

    name: Mapped[str] = mapped_column(primary_key=True)
    """What they sign in as: letters, digits, `-`, `_`, `.`."""
    title: Mapped[str]
    """What people call them."""
    endpoint: Mapped[str]
    """The telephone their leg goes to: a PJSIP endpoint, or `Local/…` for a simulated one."""
    skills: Mapped[Sequence[str]] = mapped_column(Json)
    node: Mapped[str]
    """Where their leg is nailed up; '' anywhere."""
    active: Mapped[bool]
    created: Mapped[datetime]
    team: Mapped[str] = mapped_column(server_default="")
    """With whom they work; '' nobody in particular."""
    site: Mapped[str] = mapped_column(server_default="")
    """Where: a call centre's place; '' nowhere in particular."""
    partner: Mapped[str] = mapped_column(server_default="")
    """The company that employs them, as accounts name it; '' our own."""


class AgentEvent(Base):
    """An agent's state changed: for their day, and for utilisation. Kept 24 months."""

    __tablename__ = "agent_events"

    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    agent: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    """`agents.AgentState`, from now on."""
    before: Mapped[str]
    seconds: Mapped[float]
    """How long the state before had lasted."""
    reason: Mapped[str]
    campaign: Mapped[str]
    call_id: Mapped[str]

    __table_args__ = (
        Index("ix_agent_events_agent", "agent", "at"),
        Index("ix_agent_events_campaign", "campaign", "at"),
        Index("ix_agent_events_at", "at"),
    )


class DeskDraft(Base):
    """What an agent has typed of a talk and not yet said. Kept 2 days, unless it is said before."""

    __tablename__ = "desk_drafts"

    agent: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    typed: Mapped[Mapping[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(index=True)
    customer_id: Mapped[str] = mapped_column(index=True)


class TalkOutcome(Base):
    """What an agent said that a talk with a caller came to. Kept 24 months."""

    __tablename__ = "talk_outcomes"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    agent: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    queue: Mapped[str]
    disposition: Mapped[str]
    customer_id: Mapped[str] = mapped_column(index=True)
    notes: Mapped[str]
    fields: Mapped[Mapping[str, Any]] = mapped_column(Json)
