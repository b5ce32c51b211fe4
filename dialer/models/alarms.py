"""What is kept about alarms: the thresholds, and when they were crossed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store import Base


class Severity(StrEnum):
    """How loud an alarm is."""

    WARNING = "warning"
    CRITICAL = "critical"


class Side(StrEnum):
    """On which side of its threshold a figure is alarming."""

    ABOVE = "above"
    BELOW = "below"


class AlarmRule(Base):
    """A threshold that operations have set. Kept until removed."""

    __tablename__ = "alarm_rules"

    id: Mapped[str] = mapped_column(primary_key=True)
    figure: Mapped[str]
    """A word of `dialer.alarms.FIGURES`, as `campaign.abandonment`."""
    subject: Mapped[str]
    """The campaign, queue or trunk; '' any."""
    side: Mapped[Side]
    threshold: Mapped[float]
    seconds: Mapped[float]
    """For how long it must hold."""
    severity: Mapped[Severity]
    enabled: Mapped[bool]
    by: Mapped[str]
    at: Mapped[datetime]


class Alarm(Base):
    """A threshold was crossed. Kept 12 months."""

    __tablename__ = "alarms"

    id: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str]
    figure: Mapped[str]
    subject: Mapped[str]
    side: Mapped[Side]
    threshold: Mapped[float]
    value: Mapped[float]
    """As it was when the alarm was raised."""
    severity: Mapped[Severity]
    raised: Mapped[datetime]
    cleared: Mapped[datetime | None]
    acknowledged: Mapped[datetime | None]
    by: Mapped[str]
    """Who acknowledged it."""

    __table_args__ = (
        Index("ix_alarms_raised", "raised"),
        Index(
            "ix_alarms_open",
            "rule",
            sqlite_where=text("cleared IS NULL"),
            postgresql_where=text("cleared IS NULL"),
        ),
    )
