"""From which amount on a customer is warned, as data."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

from proactive.policies import read_policy
from values import Money

SHIPPED = Path(__file__).with_name("policy.yaml")
OWN = "traffic.yaml"
"""The operator's own, in the home."""

Amount = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=2)]


class Policy(BaseModel, frozen=True, extra="forbid"):
    """The words of `policy.yaml`, each explained there."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    threshold: Amount
    plans: Mapping[str, Amount] | None = None
    retry: Mapping[str, Any]
    caring_days: Annotated[float, Field(gt=0, le=60)]
    text_after: frozenset[str]

    def threshold_of(self, plan: str) -> Money:
        """From this amount on a customer with the plan is warned."""
        return Money(int((self.plans or {}).get(plan, self.threshold) * 100), self.currency)

    @property
    def caring(self) -> timedelta:
        """For how long an agent tries."""
        return timedelta(days=self.caring_days)


def load_policy(home: Path | None = None) -> Policy:
    """What ships, or what the house says. Raises `BadInputError` naming the field."""
    return read_policy(Policy, SHIPPED, home / OWN if home else None)
