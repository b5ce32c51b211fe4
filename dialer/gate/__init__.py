"""The one gate: no call leaves the house without its yes, and it is the last thing asked."""

from dialer.gate.destination import destination_problem
from dialer.gate.hours import Hours
from dialer.gate.profiles import Cap, Jurisdiction, UnknownJurisdictionError, load_profiles
from dialer.gate.purpose import BLOCKS, Purpose, Suppression
from dialer.gate.rules import Gate, read_hours
from dialer.gate.verdict import Candidate, Facts, PastCall, Reason, Verdict

__all__ = [
    "BLOCKS",
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
    "read_hours",
]
