"""Mass faults: one cause, many customers. Announced in 0611 while they last, asked about once when over."""

from proactive.outages.models import Outage, OutageFault, OutageLine
from proactive.outages.outages import Outages

__all__ = ["Outage", "OutageFault", "OutageLine", "Outages"]
