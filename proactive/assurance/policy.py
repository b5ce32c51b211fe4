"""What happens after a repair, as data: whom to ask how long, when to write, when to close."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from proactive.policies import read_policy

SHIPPED = Path(__file__).with_name("policy.yaml")
OWN = "assurance.yaml"
"""The operator's own, in the home."""

Days = Annotated[float, Field(gt=0, le=60)]


class Policy(BaseModel, frozen=True, extra="forbid"):
    """The words of `policy.yaml`, each explained there."""

    retry: Mapping[str, Any]
    text_after: frozenset[str]
    close_days: Days
    caring_days: Days
    outage_without_fault: Literal["ask", "leave"]
    outage_notice_hours: Annotated[float, Field(ge=0, le=48)]
    outage_overdue_hours: Annotated[float, Field(ge=0, le=720)]
    outage_unending_days: Days

    @property
    def notice(self) -> timedelta:
        """By how much customers may notice an outage before the network tells of it."""
        return timedelta(hours=self.outage_notice_hours)

    @property
    def asks_without_fault(self) -> bool:
        """Whether those are asked too whom an outage touched without a fault of their own."""
        return self.outage_without_fault == "ask"

    @property
    def overdue(self) -> timedelta:
        """For how long callers hear of an outage after its expected end."""
        return timedelta(hours=self.outage_overdue_hours)

    @property
    def unending(self) -> timedelta:
        """For how long callers hear of an outage without an expected end."""
        return timedelta(days=self.outage_unending_days)

    @property
    def patience(self) -> timedelta:
        """From the last try, or the text, until the rule closes."""
        return timedelta(days=self.close_days)

    @property
    def caring(self) -> timedelta:
        """For how long an agent tries."""
        return timedelta(days=self.caring_days)


def load_policy(home: Path | None = None) -> Policy:
    """What ships, or what the house says. Raises `BadInputError` naming the field."""
    return read_policy(Policy, SHIPPED, home / OWN if home else None)
