"""What is kept about calls: attempts, and what the gate refused."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dialer.gate import Purpose, Reason
from store import Base, Big


class AttemptState(StrEnum):
    """Where an attempt stands. It only ever moves forward."""

    COMMITTED = "committed"
    """Written down; the switch may or may not have been asked."""
    RINGING = "ringing"
    """The switch was asked."""
    ANSWERED = "answered"
    DONE = "done"


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
    customer_id: Mapped[str] = mapped_column(index=True)
    list: Mapped[str]
    caller_id: Mapped[str]
    """What was shown."""
    moved_from: Mapped[str]
    """The attempt whose trunk refused before anything rang; '' for a first one."""
    fence: Mapped[int]
    state: Mapped[AttemptState]
    committed: Mapped[datetime]
    placed: Mapped[datetime | None]
    ringing: Mapped[datetime | None]
    """When the far end began to ring."""
    answered: Mapped[datetime | None]
    detected: Mapped[datetime | None]
    """When it was known whether a person or a machine had answered."""
    joined: Mapped[datetime | None]
    """When customer and agent could hear each other."""
    released: Mapped[datetime | None]
    """When the talk with the agent was over."""
    over: Mapped[datetime | None]
    amd: Mapped[str]
    """What the switch took for the answerer: `HUMAN`, `MACHINE`, `NOTSURE`, …; '' when nobody looked."""
    amd_cause: Mapped[str]
    agent: Mapped[str]
    disposition: Mapped[str]
    """What the agent said of it."""
    recording: Mapped[str]
    """The file, '' when there is none."""
    cost: Mapped[int]
    """What it cost by the tariff, in minor units."""
    cause: Mapped[int]
    sip_cause: Mapped[str]
    outcome: Mapped[str]
    goal: Mapped[bool]

    __table_args__ = (
        Index("ix_attempts_history", "number", "committed"),
        Index("ix_attempts_campaign", "campaign", "committed"),
        Index(
            "ix_attempts_open",
            "node",
            sqlite_where=text("state <> 'done'"),
            postgresql_where=text("state <> 'done'"),
        ),
        Index(
            "ix_attempts_talked",
            "over",
            sqlite_where=text("outcome = 'talked'"),
            postgresql_where=text("outcome = 'talked'"),
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


class Tally(Base):
    """What a campaign's attempts came to in one hour, counted as they end.

    For live figures and the law's window. Kept 36 months.
    """

    __tablename__ = "tallies"

    campaign: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    """When it began, UTC."""
    what: Mapped[str] = mapped_column(primary_key=True)
    """`placed`, `answered`, `connected`, `abandoned`, `machine`, an outcome as `outcome:busy`, …"""
    count: Mapped[int]
    seconds: Mapped[float]
    """The seconds that belong to it: of talk, of wrap-up, of ringing."""
