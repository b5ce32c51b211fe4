"""The one gate: no call leaves the house without its yes, and it is the last thing asked."""

from dialer.gate.destination import destination_problem
from dialer.gate.hours import Hours, read_hours
from dialer.gate.profiles import Cap, Jurisdiction, UnknownJurisdictionError, load_profiles
from dialer.gate.purpose import BLOCKS, Purpose, Suppression
from dialer.gate.rules import Gate
from dialer.gate.verdict import Candidate, Facts, PastCall, Reason, Verdict
from dialer.gate.zones import NEVER, open_now, zones_key

__all__ = [
    "BLOCKS",
    "NEVER",
    "Candidate",
    "Cap",
    "Facts",
    "Gate",
    "Hours",
    "Jurisdiction",
    "PastCall",
    "Purpose",
    "Reason",
    "Suppression",
    "UnknownJurisdictionError",
    "Verdict",
    "destination_problem",
    "load_profiles",
    "open_now",
    "read_hours",
    "zones_key",
]
