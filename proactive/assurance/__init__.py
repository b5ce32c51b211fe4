"""After a repair: the call that asks whether it is really repaired, and what comes of no answer.

`FaultClosure` is the process; `Asking` opens its questions, also for outages; `Closing` ends what nobody
answered, by a text and by rule. `policy.yaml` says how long, how often, when.
"""

from proactive.assurance.asking import CAMPAIGN, Asking, Repaired, repaired
from proactive.assurance.caring import CARING
from proactive.assurance.closing import BY_RULE, Closing
from proactive.assurance.closure import FaultClosure
from proactive.assurance.mirrors import FaultMirror
from proactive.assurance.models import CheckState, RepairCheck
from proactive.assurance.policy import Policy, load_policy

__all__ = [
    "BY_RULE",
    "CAMPAIGN",
    "CARING",
    "Asking",
    "CheckState",
    "Closing",
    "FaultClosure",
    "FaultMirror",
    "Policy",
    "RepairCheck",
    "Repaired",
    "load_policy",
    "repaired",
]
