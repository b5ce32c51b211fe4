"""What is kept about reports that go out by mail: when which goes to whom, and what came of each."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from reports.asked import Range, ReportName
from reports.steps import Step
from store import Base, Json


class Form(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    BOTH = "both"
    """PDF and XLSX, each a file of its own."""

    @property
    def files(self) -> Sequence["Form"]:
        """The files that are attached."""
        return (Form.PDF, Form.XLSX) if self is Form.BOTH else (self,)


class ReportSchedule(Base):
    """A report that goes out by mail at its times. Kept until removed."""

    __tablename__ = "report_schedules"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    report: Mapped[ReportName]
    range: Mapped[Range] = mapped_column("time_range")
    by: Mapped[Step] = mapped_column("step")
    zone: Mapped[str]
    only: Mapped[Sequence[str]] = mapped_column("only_names", Json)
    """Agents, campaigns, queues or flows; empty: all."""
    form: Mapped[Form]
    language: Mapped[str]
    recipients: Mapped[Sequence[str]] = mapped_column(Json)
    time: Mapped[str] = mapped_column("time_of_day")
    """`07:30`, by the zone's clocks."""
    days: Mapped[Sequence[int]] = mapped_column("on_days", Json)
    """Days of the week, 1 is Monday; empty: `month_day`, or each day where that is 0."""
    month_day: Mapped[int]
    """1 to 28: once a month; 0: by `days`."""
    active: Mapped[bool]
    owner: Mapped[str]
    """Whose rights hold: they must still be allowed to see what is sent. '' for the house's own token."""
    created: Mapped[datetime]
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    """When it goes out next; None while it is not active."""


class SendingState(StrEnum):
    """What came of a report that was due."""

    SENDING = "sending"
    """It is being made, or handed to the mail server."""
    SENT = "sent"
    AGAIN = "again"
    """It is certain that it did not go out; it is tried again at `next_at`."""
    FAILED = "failed"
    """It did not go out, and will not."""
    UNSURE = "unsure"
    """The connection or our process broke off while it was handed over: it may have gone out."""


class ReportSending(Base):
    """One report at one time it was due. Committed before anything is sent. Kept 13 months."""

    __tablename__ = "report_sendings"

    schedule: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime] = mapped_column(primary_key=True)
    state: Mapped[SendingState]
    tries: Mapped[int]
    next_at: Mapped[datetime | None]
    """When it is tried again; while it is being sent, when its process has surely died."""
    handed: Mapped[bool]
    """Whether the mail server was about to be told: from here on it is sent no second time."""
    finished: Mapped[datetime | None]
    month: Mapped[str] = mapped_column(server_default="")
    """Of the monthly report: the month it tells of, when its time had come; '' when it was sent by hand."""
    row_count: Mapped[int]
    size: Mapped[int]
    """Bytes of the files."""
    said: Mapped[str]
    """What went wrong, or whom the server would not take."""

    __table_args__ = (
        Index("ix_report_sendings_open", "state", "next_at"),
        Index("ix_report_sendings_due", "due"),
    )
