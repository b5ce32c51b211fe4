"""Calling customers before they have to call: today, the check after a repaired fault. Floor 6.

A fault that is restored becomes a contact (`FaultClosure.on_restored`), its call asks the customer, the
answer closes or reopens it, and what came of the contact is remembered with the customer.
"""

from proactive.assurance import CAMPAIGN, FaultClosure
from proactive.flowfiles import FLOWS, SCRIPTS

__all__ = ["CAMPAIGN", "FLOWS", "SCRIPTS", "FaultClosure"]
