"""Traffic alarm: unbilled traffic over a threshold is told before the bill does it, once a billing cycle.

`TrafficAlarms` is the process; `policy.yaml` has the thresholds by plan and how often we try.
"""

from proactive.traffic.caring import CARING
from proactive.traffic.models import TrafficAlarm
from proactive.traffic.policy import Policy, load_policy
from proactive.traffic.process import CAMPAIGN, TOLD, TrafficAlarms

__all__ = ["CAMPAIGN", "CARING", "TOLD", "Policy", "TrafficAlarm", "TrafficAlarms", "load_policy"]
