"""Whom to call, when and how: campaigns, the gate, attempts, the dial loop. Floor 5.

`enqueue` takes contacts in, once each; `DialLoop` calls them through `dialer.ports.Lines`, each attempt
committed before it is placed and allowed by `dialer.gate`. When a contact is done the event `CONTACT_DONE`
says so. `dialer.lifetime` shows and erases one customer's.
"""

from dialer.attempts import placements_of
from dialer.campaigns import (
    CampaignPlan,
    UnknownCampaignError,
    callable_now,
    campaign,
    campaigns,
    pause,
    set_up,
)
from dialer.contacts import (
    CONTACT_DONE,
    NewContact,
    UnknownContactError,
    enqueue,
    promise,
    put_off,
    waiting,
    withdraw,
)
from dialer.disposing import AlreadyDisposedError, UnknownAttemptError, dispose
from dialer.do_not_call import allow_calls, forbid_calls
from dialer.facts import Consents
from dialer.gate import Gate, Purpose, Reason, Suppression, Verdict, load_profiles
from dialer.loop import DialLoop
from dialer.models import Machines, Mode
from dialer.outside import OutsideLegs
from dialer.placement import AttemptResult, Placement
from dialer.ports import DialEnd, Dialled, Lines, Order
from dialer.questions import ContactStory, contact_story, may_call
from dialer.retry import NO_RETRY, RetryRule, RetryRules
from dialer.trunks import Trunk

__all__ = [
    "CONTACT_DONE",
    "NO_RETRY",
    "AlreadyDisposedError",
    "AttemptResult",
    "CampaignPlan",
    "Consents",
    "ContactStory",
    "DialEnd",
    "DialLoop",
    "Dialled",
    "Gate",
    "Lines",
    "Machines",
    "Mode",
    "NewContact",
    "Order",
    "OutsideLegs",
    "Placement",
    "Purpose",
    "Reason",
    "RetryRule",
    "RetryRules",
    "Suppression",
    "Trunk",
    "UnknownAttemptError",
    "UnknownCampaignError",
    "UnknownContactError",
    "Verdict",
    "allow_calls",
    "callable_now",
    "campaign",
    "campaigns",
    "contact_story",
    "dispose",
    "enqueue",
    "forbid_calls",
    "load_profiles",
    "may_call",
    "pause",
    "placements_of",
    "promise",
    "put_off",
    "set_up",
    "waiting",
    "withdraw",
]
