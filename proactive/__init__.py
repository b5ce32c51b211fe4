"""Calling customers before they have to call. Floor 6.

Other systems tell what happens (`proactive.events`), rules as data decide whom to call for it
(`proactive.rules`), and each process knows its own: days, works and the welcome (`provisioning`), visits
(`appointments`), repairs (`assurance`), outages, unusual traffic (`traffic`). `proactive.processes` puts them
together; `proactive.volumes` tells what came of it all.
"""

from proactive.assurance import CAMPAIGN, FaultClosure
from proactive.flowfiles import FLOWS, SCRIPTS

__all__ = ["CAMPAIGN", "FLOWS", "SCRIPTS", "FaultClosure"]
