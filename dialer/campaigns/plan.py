"""A campaign as its owner writes it, and as JSON shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from dialer.gate import Purpose
from dialer.models import Campaign, Machines, Mode
from dialer.readers import plain

OPEN: Final = (Purpose.MARKETING, Purpose.SURVEY)
"""What anybody who makes campaigns may call for: the law is strictest there."""


def is_open(purpose: Purpose, profile: str, house_profile: str) -> bool:
    """Whether a campaign calls by the strictest rules: neither another purpose's nor another country's."""
    return purpose in OPEN and profile == house_profile


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlan:
    """A campaign as its owner writes it; see `dialer.models.Campaign` for the words."""

    name: str
    flow: str
    purpose: Purpose
    profile: str
    caller_id: str
    title: str = ""
    trunks: Sequence[str] = ()
    hours: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lines: int = 50
    calls_per_second: float = 5.0
    priority: int = 0
    retry: Mapping[str, Any] = field(default_factory=dict)
    ring_seconds: float = 30.0
    starts: datetime | None = None
    ends: datetime | None = None
    mode: Mode = Mode.AGENTLESS
    weight: float = 1.0
    skill: str = ""
    ratio: float = 1.5
    max_abandon: float | None = None
    max_occupancy: float | None = None
    machines: Machines = Machines.IGNORE
    message: str = ""
    wrap_seconds: float = 30.0
    record: bool = False
    caller_ids: Sequence[str] = ()
    callback_flow: str = ""
    dispositions: Sequence[Mapping[str, Any]] = ()
    spend_limit: int | None = None
    script: str = ""

    def columns(self) -> dict[str, Any]:
        """Its row, without what is no setting (`paused`, `archived`)."""
        row = {each.name: getattr(self, each.name) for each in fields(self)}
        for name in ("trunks", "caller_ids"):
            row[name] = list(row[name])
        row["hours"] = {day: list(windows) for day, windows in self.hours.items()}
        row["retry"] = dict(self.retry)
        row["dispositions"] = [dict(each) for each in self.dispositions]
        row["title"] = self.title or self.name
        return row


FIELDS = tuple(each.name for each in fields(CampaignPlan) if each.name != "name")
"""What can be set, in the order in which it is shown."""


def plan_of(campaign: Campaign) -> CampaignPlan:
    """A campaign's settings as they stand."""
    return CampaignPlan(name=campaign.name, **{name: getattr(campaign, name) for name in FIELDS})


def told(campaign: Campaign) -> dict[str, Any]:
    """A campaign as JSON has it: name, whether it is paused or archived, and every setting."""
    settings = {name: plain(getattr(campaign, name)) for name in FIELDS}
    return {
        "name": campaign.name,
        "paused": campaign.paused,
        "archived": campaign.archived,
        **settings,
    }
