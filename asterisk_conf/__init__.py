"""A real Asterisk: finding one, writing its configuration, starting and stopping it.

Stands beside the rooms and knows none of them. A `NodePlan` becomes the folder of a voice node, a `CityPlan`
that of the city's Asterisk; both run from folders of ours, never from `/etc/asterisk`, never as root.
"""

from asterisk_conf.folders import Folders
from asterisk_conf.installation import AsteriskMissingError, Installation, find_asterisk
from asterisk_conf.launcher import AsteriskProcess, NotReadyError
from asterisk_conf.plan import (
    AmiAccount,
    Bind,
    BrowserPlan,
    CityPlan,
    NodePlan,
    PhonePlan,
    TrunkPlan,
    VisitorPlan,
)
from asterisk_conf.rendering import UnsafeValueError, render_city, render_node

__all__ = [
    "AmiAccount",
    "AsteriskMissingError",
    "AsteriskProcess",
    "Bind",
    "BrowserPlan",
    "CityPlan",
    "Folders",
    "Installation",
    "NodePlan",
    "NotReadyError",
    "PhonePlan",
    "TrunkPlan",
    "UnsafeValueError",
    "VisitorPlan",
    "find_asterisk",
    "render_city",
    "render_node",
]
