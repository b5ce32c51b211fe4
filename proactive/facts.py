"""What the processes find out themselves and rules may decide about, besides the events of other systems."""

from collections.abc import Mapping
from typing import Final

REPAIR_DONE: Final = "repair.done"
"""Something of a customer's was repaired, and they are to be asked: once for all that belongs together."""
TRAFFIC_HIGH: Final = "traffic.high"
"""Unbilled traffic of a line has gone over its threshold, for the first time in its cycle."""

NOTICE_UNHEARD: Final = "notice.unheard"
"""Neither calls nor a text have told a customer of the day of an order."""

ENDINGS: Final = frozenset({"order.activated", "order.cancelled"})
"""With these an order is over, whenever they are told: no word of its day stands over them."""

FOUND_OUT: Final[Mapping[str, frozenset[str]]] = {
    REPAIR_DONE: frozenset({"ask", "faults", "opened", "restored", "several", "outage"}),
    TRAFFIC_HIGH: frozenset({"line", "cycle", "plan", "unbilled", "threshold"}),
    NOTICE_UNHEARD: frozenset({"campaign", "planned", "work_from", "work_to", "moved"}),
}
"""The values that rules may name, by type."""
