"""The moments of an order: the day of the connection, works on the line, and the welcome.

`Provisioning` is the process; `policy.yaml` says how often we try and after what we write, `texts.yaml` what.
"""

from proactive.provisioning.campaigns import LINE_NOTICE, WELCOME, WORKS_NOTICE
from proactive.provisioning.process import Provisioning

__all__ = ["LINE_NOTICE", "WELCOME", "WORKS_NOTICE", "Provisioning"]
