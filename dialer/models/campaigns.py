"""What is kept about campaigns: their settings, every change of them, and the trunks they share."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from dialer.gate import Purpose
from store import Base, Big, Json


class Mode(StrEnum):
    """How a campaign's calls and its agents come together."""

    AGENTLESS = "agentless"
    """Nobody of ours is needed: an answered call goes through its flow."""
    PREVIEW = "preview"
    """An agent sees the contact first and asks for the call."""
    PROGRESSIVE = "progressive"
    """One call for each free agent."""
    RATIO = "ratio"
    """A fixed number of lines for each free agent."""
    PREDICTIVE = "predictive"
    """As many calls as the law's limit on abandoned ones bears."""


class Machines(StrEnum):
    """What is done about answering machines."""

    IGNORE = "ignore"
    """Nobody looks: whatever answers is taken for a person."""
    HANG_UP = "hang_up"
    LEAVE_MESSAGE = "leave_message"
    """The campaign's `message` is said after the beep."""


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
    mode: Mapped[Mode]
    weight: Mapped[float]
    """Its share of agents and lines among campaigns of one priority."""
    skill: Mapped[str]
    """What an agent must know to talk to its people; '' when anybody may."""
    ratio: Mapped[float]
    """Lines for each free agent, in mode `ratio`."""
    max_abandon: Mapped[float | None]
    """The share of live answers that may find no agent; None: what the jurisdiction allows, never more."""
    max_occupancy: Mapped[float | None]
    """The most of their time that agents shall be talking or wrapping up; None: no such limit."""
    machines: Mapped[Machines]
    message: Mapped[str]
    """The flow that is said to an answering machine after its beep."""
    wrap_seconds: Mapped[float]
    """How long after a talk an agent has until the next; an agent may be ready sooner."""
    record: Mapped[bool]
    """Whether talks with agents are recorded."""
    caller_ids: Mapped[Sequence[str]] = mapped_column(Json)
    """The numbers its calls show, in turn; empty: `caller_id` alone."""
    callback_flow: Mapped[str]
    """The flow for whoever rings back one of those numbers; '' the house's own."""
    dispositions: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(Json)
    """How an agent may say that a talk ended (`dialer.dispositions.Disposition`)."""
    spend_limit: Mapped[int | None]
    """What its calls may cost in a day, in minor units of the house's currency; None: no limit."""
    script: Mapped[str] = mapped_column(server_default="")
    """What its agents read while they talk; '' nothing."""
    archived: Mapped[bool]
    """Over and put away: it calls nobody, and its name and figures stay."""


class CampaignChange(Base):
    """Who changed what of a campaign. Kept as long as the campaign."""

    __tablename__ = "campaign_changes"

    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    campaign: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    field: Mapped[str]
    before: Mapped[Any] = mapped_column(Json)
    after: Mapped[Any] = mapped_column(Json)
    why: Mapped[str] = mapped_column(server_default="")
    """In the words of whoever changed it; '' when they gave none."""

    __table_args__ = (Index("ix_campaign_changes_campaign", "campaign", "seq"),)


class TrunkRow(Base):
    """One way to the public network, as operations have set it. Kept until removed.

    Its address is the operator's setting, since the switch has to know it; what it bears is changed here.
    """

    __tablename__ = "trunks"

    name: Mapped[str] = mapped_column(primary_key=True)
    lines: Mapped[int]
    """How many calls at once."""
    calls_per_second: Mapped[float]
    order: Mapped[int] = mapped_column("rank")
    """Lower goes first."""
    enabled: Mapped[bool]
    refusals: Mapped[int]
    """After so many refusals in a row before anything rang it is left alone for a while."""
    rest_seconds: Mapped[float]
    """For how long the first time; each further time twice as long, up to ten minutes."""
