"""What rules decided, and the facts of our own that they decided about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from proactive.rules.book import Result
from store import Base
from store.columns import Json


class RuleDecision(Base):
    """What a rule decided about a fact: a contact, or none because the customer is in the control group.

    Kept 13 months, for the comparison of those called with those not; an erased customer's goes at once.
    """

    __tablename__ = "rule_decisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    """The contact's `event_id`."""
    rule: Mapped[str]
    event: Mapped[str]
    """The business event's or the fact's id."""
    type: Mapped[str]
    at: Mapped[datetime]
    """When the fact happened."""
    decided: Mapped[datetime]
    campaign: Mapped[str]
    """'' for a withdrawal."""
    customer_id: Mapped[str]
    key: Mapped[str]
    """By what earlier contacts are withdrawn; '' none are."""
    about: Mapped[str] = mapped_column(server_default="")
    """The order or fault that the fact was about; '' where that was not written down yet."""
    result: Mapped[Result]
    share: Mapped[float] = mapped_column(server_default="0")
    """The share of customers that was left alone when this was decided: 0 where nobody could be."""

    __table_args__ = (
        Index("ix_rule_decisions_key", "key"),
        Index("ix_rule_decisions_customer", "customer_id"),
        Index("ix_rule_decisions_campaign", "campaign", "decided"),
    )


class FoundFact(Base):
    """Something that a process found out itself and rules decided about; business events have a table too.

    Kept 13 months, so that rules can be tried on a whole year; an erased customer's goes at once.
    """

    __tablename__ = "found_facts"

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    key: Mapped[str]
    data: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """Its values, as `values.to_json` writes them."""
