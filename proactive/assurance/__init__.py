"""After a repair: the call that asks whether it is really repaired, and what comes of no answer."""

from proactive.assurance.closure import CAMPAIGN, FaultClosure

__all__ = ["CAMPAIGN", "FaultClosure"]
