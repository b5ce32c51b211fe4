"""What is kept about warnings of unusual traffic."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big


class TrafficAlarm(Base):
    """A line's unbilled traffic went over its threshold: once a billing cycle. Kept 24 months."""

    __tablename__ = "traffic_alarms"

    line_id: Mapped[str] = mapped_column(primary_key=True)
    cycle: Mapped[str] = mapped_column(primary_key=True)
    """The month of the bill, as `2026-11`."""
    customer_id: Mapped[str] = mapped_column(index=True)
    plan: Mapped[str]
    """What runs over the line, which set the threshold."""
    currency: Mapped[str]
    unbilled_minor: Mapped[int] = mapped_column(Big)
    """As first read over the threshold, in minor units."""
    threshold_minor: Mapped[int] = mapped_column(Big)
    raised: Mapped[datetime]
    outcome: Mapped[str]
    """What came of telling it: the last call's, or `control` and such where nobody called; '' not yet."""
    understood: Mapped[bool]
    """Whether the customer has heard it to the end."""
    caring: Mapped[bool]
    """Whether they asked that somebody call them."""
    done_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_traffic_alarms_raised", "raised"),)
