"""The one gate: no call leaves the house without its yes, and it is the last thing asked.

Jurisdictions and the tariff are data (`load_profiles`, `load_tariff`); `Gate` answers for batches, explains,
and tells what stands against a whole campaign. `zones_key` and `open_now` tell whom to claim now;
`campaign_problem` is asked when a campaign is set up; `dialer.gate.abandonment` has the laws' formulas.
"""

from dialer.gate.abandonment import (
    abandoned_share,
    exhausted,
    hung_up_early,
    of_completed,
    of_live,
    window_start,
    with_detection,
    without_detection,
)
from dialer.gate.counts import AbandonCounts
from dialer.gate.destination import NumberKind, destination_problem
from dialer.gate.hours import Hours, read_hours
from dialer.gate.limits import Abandonment, Begins, Cap, Formula, Gap, Meanwhile, Per, WindowKind
from dialer.gate.profiles import Jurisdiction, UnknownJurisdictionError, load_profiles
from dialer.gate.purpose import BLOCKS, Purpose, Suppression
from dialer.gate.rules import Gate
from dialer.gate.setup import campaign_problem, ring_problem
from dialer.gate.tariff import Tariff, load_tariff
from dialer.gate.verdict import Candidate, Check, Explanation, Facts, Held, PastCall, Reason, Verdict
from dialer.gate.zones import NEVER, open_now, zones_key

__all__ = [
    "BLOCKS",
    "NEVER",
    "AbandonCounts",
    "Abandonment",
    "Begins",
    "Candidate",
    "Cap",
    "Check",
    "Explanation",
    "Facts",
    "Formula",
    "Gap",
    "Gate",
    "Held",
    "Hours",
    "Jurisdiction",
    "Meanwhile",
    "NumberKind",
    "PastCall",
    "Per",
    "Purpose",
    "Reason",
    "Suppression",
    "Tariff",
    "UnknownJurisdictionError",
    "Verdict",
    "WindowKind",
    "abandoned_share",
    "campaign_problem",
    "destination_problem",
    "exhausted",
    "hung_up_early",
    "load_profiles",
    "load_tariff",
    "of_completed",
    "of_live",
    "open_now",
    "read_hours",
    "ring_problem",
    "window_start",
    "with_detection",
    "without_detection",
    "zones_key",
]
