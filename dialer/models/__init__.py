"""The dialler's tables: campaigns and trunks, contacts and lists, attempts, do-not-call, alarms."""

from dialer.models.alarms import Alarm, AlarmRule, Severity, Side
from dialer.models.attempts import Attempt, AttemptState, Refusal, Tally
from dialer.models.campaigns import Campaign, CampaignChange, Machines, Mode, TrunkRow
from dialer.models.compliance import DoNotCall, Exclusion, Hold, HoldReason, Register, RegisterEntry
from dialer.models.contacts import Contact, ContactList, ContactState, ListImport
from dialer.models.turns import Lane, Stage, Turn

__all__ = [
    "Alarm",
    "AlarmRule",
    "Attempt",
    "AttemptState",
    "Campaign",
    "CampaignChange",
    "Contact",
    "ContactList",
    "ContactState",
    "DoNotCall",
    "Exclusion",
    "Hold",
    "HoldReason",
    "Lane",
    "ListImport",
    "Machines",
    "Mode",
    "Refusal",
    "Register",
    "RegisterEntry",
    "Severity",
    "Side",
    "Stage",
    "Tally",
    "TrunkRow",
    "Turn",
]
