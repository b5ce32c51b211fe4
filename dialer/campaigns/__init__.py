"""Campaigns: making, tuning and holding them, which may call now, and how they share the lines."""

from dialer.campaigns.checks import House, check_plan
from dialer.campaigns.lines import Demand, share
from dialer.campaigns.plan import FIELDS, OPEN, CampaignPlan, is_open, plan_of, told
from dialer.campaigns.service import (
    CampaignExistsError,
    NothingToUndoError,
    archive,
    change,
    clone,
    create,
    pause,
    set_up,
    undo,
)
from dialer.campaigns.settings import SETTINGS
from dialer.campaigns.shown import shown_number
from dialer.campaigns.table import (
    MOST,
    CampaignPage,
    UnknownCampaignError,
    callable_now,
    campaign,
    campaigns,
    page,
)

__all__ = [
    "FIELDS",
    "MOST",
    "OPEN",
    "SETTINGS",
    "CampaignExistsError",
    "CampaignPage",
    "CampaignPlan",
    "Demand",
    "House",
    "NothingToUndoError",
    "UnknownCampaignError",
    "archive",
    "callable_now",
    "campaign",
    "campaigns",
    "change",
    "check_plan",
    "clone",
    "create",
    "is_open",
    "page",
    "pause",
    "plan_of",
    "set_up",
    "share",
    "shown_number",
    "told",
    "undo",
]
