"""The campaign that rings about visits, with its retries as policy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from dialer import CampaignPlan, Purpose
from proactive.policies import read_policy

CAMPAIGN: Final = "appointments"
FLOW: Final = "proactive.appointment"
SHIPPED: Final = Path(__file__).with_name("policy.yaml")
OWN: Final = "appointments.yaml"
"""The operator's own, in the home."""


class Policy(BaseModel, frozen=True, extra="forbid"):
    """The words of `policy.yaml`, each explained there."""

    retry: Mapping[str, Any]
    text_after: frozenset[str]


def load_policy(home: Path | None = None) -> Policy:
    """What ships, or what the house says. Raises `BadInputError` naming the field."""
    return read_policy(Policy, SHIPPED, home / OWN if home else None)


def plan(policy: Policy, *, profile: str, caller_id: str) -> CampaignPlan:
    """The campaign; the jurisdiction and the shown number are the operator's."""
    return CampaignPlan(
        name=CAMPAIGN,
        title="Technicians' visits",
        flow=FLOW,
        purpose=Purpose.SERVICE,
        profile=profile,
        caller_id=caller_id,
        priority=45,
        retry=policy.retry,
    )
