"""The campaigns of this process, with their retries as policy."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from dialer import CampaignPlan, Purpose
from proactive.policies import read_policy

LINE_NOTICE: Final = "line_notice"
WORKS_NOTICE: Final = "works_notice"
WELCOME: Final = "welcome"
SHIPPED: Final = Path(__file__).with_name("policy.yaml")
OWN: Final = "provisioning.yaml"
"""The operator's own, in the home."""

_TITLES: Final = {
    LINE_NOTICE: ("Connection day", "proactive.line_notice", 40),
    WORKS_NOTICE: ("Works on the line", "proactive.works_notice", 45),
    WELCOME: ("Welcome", "proactive.welcome_call", 20),
}


class Way(BaseModel, frozen=True, extra="forbid"):
    """How one campaign tries, and after what it writes."""

    retry: Mapping[str, Any]
    text_after: frozenset[str]


class Policy(BaseModel, frozen=True, extra="forbid"):
    """The words of `policy.yaml`, each explained there."""

    line_notice: Way
    works_notice: Way
    welcome: Way

    def way(self, campaign: str) -> Way:
        """Of one campaign."""
        found: Way = getattr(self, campaign)
        return found


def load_policy(home: Path | None = None) -> Policy:
    """What ships, or what the house says. Raises `BadInputError` naming the field."""
    return read_policy(Policy, SHIPPED, home / OWN if home else None)


def plans(policy: Policy, *, profile: str, caller_id: str) -> Sequence[CampaignPlan]:
    """The campaigns as they are set up; the jurisdiction and the shown number are the operator's."""
    return [
        CampaignPlan(
            name=name,
            title=title,
            flow=flow,
            purpose=Purpose.SERVICE,
            profile=profile,
            caller_id=caller_id,
            priority=priority,
            retry=policy.way(name).retry,
        )
        for name, (title, flow, priority) in _TITLES.items()
    ]
